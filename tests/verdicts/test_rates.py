"""Slopes and their intervals, on samples whose power law is known."""

import numpy as np
import pytest

from mfnn.verdicts.rates import (
    Estimate,
    combined,
    entry,
    estimate_of,
    fit_mean,
    fit_rms,
    mean,
    root_mean_square,
    slug,
    variance,
)

WIDTHS = (100, 1000, 10_000)


def errors(exponent, rng, replicas=200):
    return {width: rng.standard_normal(replicas) * width**exponent for width in WIDTHS}


@pytest.mark.parametrize("exponent", [-0.5, -1.0, 0.0])
def test_exact_power_laws_are_recovered(exponent):
    exact = {width: np.full(5, 3.0 * width**exponent) for width in WIDTHS}
    law = fit_rms(exact, 100, np.random.default_rng(0))
    assert law.slope.value == pytest.approx(exponent, abs=1e-12)
    assert law.slope.error == pytest.approx(0, abs=1e-12)
    assert law.intercept == pytest.approx(np.log10(3.0))


def test_the_interval_covers_at_its_level():
    # 400 data sets, nominal 95 %: a binomial count below 360 has probability 2e-5 at true coverage 0.95, and the
    # bootstrap's own shortfall at 200 replicas is below one percent.
    rng, covered = np.random.default_rng(1), 0
    for _ in range(400):
        low, high = fit_rms(errors(-0.5, rng), 200, rng).slope.interval()
        covered += low <= -0.5 <= high
    assert 360 <= covered <= 396


def test_the_truths_own_error_widens_the_interval():
    rng = np.random.default_rng(2)
    sample = errors(-0.5, rng)
    known = fit_rms(sample, 2000, np.random.default_rng(3)).slope.error
    uncertain = fit_rms(sample, 2000, np.random.default_rng(3), truth_error=0.01).slope.error
    assert uncertain > 1.5 * known


def test_more_replicas_weigh_more():
    rng = np.random.default_rng(4)
    sizes = {100: np.full(10_000, 1.0), 1000: np.full(10_000, 0.1), 10_000: np.full(2, 1.0)}
    assert fit_mean(sizes, 50, rng).slope.value == pytest.approx(-1, abs=0.01)


def test_moments_and_their_standard_errors():
    # z-scores of three estimates over one sample of 10^5: beyond 4.5 with probability 2e-5.
    x = 2 + 3 * np.random.default_rng(5).standard_normal(100_000)
    for estimate, truth in ((mean(x), 2), (variance(x), 9), (root_mean_square(x), np.sqrt(13))):
        assert abs(estimate.value - truth) < 4.5 * estimate.error
    assert variance(x).error == pytest.approx(9 * np.sqrt(2 / x.size), rel=0.05)


def test_interval_of_an_estimate():
    assert Estimate(1.0, 0.5).interval(0.95) == pytest.approx((1 - 0.97998, 1 + 0.97998), abs=1e-4)


def test_few_values_have_wider_intervals():
    """Of 3 normal values 95 % of Student's intervals hold the mean; normal quantiles would hold it in 81 %."""
    rng = np.random.default_rng(4)
    inside = [low < 0 < high for low, high in (mean(rng.standard_normal(3)).interval() for _ in range(2000))]
    assert abs(np.mean(inside) - 0.95) < 4.5 * 0.0049
    assert entry(mean(np.arange(3.0)))["freedom"] == 2
    assert "freedom" not in entry(Estimate(1.0, 0.1))


def test_the_spread_of_two_replicas_is_that_of_the_sample():
    """Means of 1 ± x: the variance of each is x², of log10 of it (x / ln 10)², of the slope over a decade the sum."""
    x = 1e-3
    sizes = {width: np.array([1 - x, 1 + x]) for width in (100, 1000)}
    slope = fit_mean(sizes, 20_000, np.random.default_rng(6)).slope
    assert slope.error == pytest.approx(np.sqrt(2) * x / np.log(10), rel=0.02)


def test_an_error_of_the_truth_shifts_all_errors_alike():
    """Errors 1 and 1/2 that are 1 + s and 1/2 + s move the slope over a decade by s / ln 10 to first order."""
    errors_by_width = {100: np.full(200, 1.0), 1000: np.full(200, 0.5)}
    slope = fit_rms(errors_by_width, 5000, np.random.default_rng(7), truth_error=1e-3).slope
    assert slope.error == pytest.approx(1e-3 / np.log(10), rel=0.05)


def test_the_interval_of_a_normal_variance_is_that_of_chi_square():
    """Of 5 degrees of freedom 95 % lie between 0.8312 and 12.8325 (tables)."""
    assert Estimate(1.0, np.sqrt(2 / 5), power=1).interval(0.95) == pytest.approx((5 / 12.8325, 5 / 0.8312), rel=1e-4)
    assert Estimate(1.0, np.sqrt(0.5 / 5), power=2).interval(0.95) == pytest.approx(
        ((5 / 12.8325) ** 0.5, (5 / 0.8312) ** 0.5), rel=1e-4
    )
    low, high = variance(np.array([0.0, 1.0, 2.0])).interval(0.95)  # 2 degrees: -2 ln 0.975 and -2 ln 0.025
    assert (low, high) == pytest.approx((-1 / np.log(0.025), -1 / np.log(0.975)))


@pytest.mark.parametrize("replicas", [6, 24, 1000])
def test_intervals_of_variances_cover(replicas):
    rng = np.random.default_rng(8)
    inside = [
        low < 1 < high for low, high in (variance(rng.standard_normal(replicas)).interval() for _ in range(2000))
    ]
    assert 0.95 - 4.5 * 0.0049 < np.mean(inside) < 0.99


def test_what_is_always_the_same_has_no_error():
    assert root_mean_square(np.full(5, 3.0)).interval() == pytest.approx((3.0, 3.0))
    assert variance(np.full(5, 3.0)).interval() == (0.0, 0.0)


def test_a_sum_of_independent_estimates():
    """Two means of n values of one spread have 2 (n − 1) degrees of freedom together (Student)."""
    pooled = combined(np.array([0.5, 0.5]), [Estimate(1.0, 0.3, 4), Estimate(3.0, 0.3, 4)])
    assert (pooled.value, pooled.error, pooled.freedom) == pytest.approx((2.0, 0.3 / np.sqrt(2), 8))
    assert combined(np.array([2.0]), [Estimate(1.0, 0.0)]) == Estimate(2.0, 0.0)


def test_an_entry_keeps_the_estimate():
    values = np.random.default_rng(9).standard_t(3, 50)
    for estimate in (mean(values), variance(values), root_mean_square(values), Estimate(1.0, 0.0)):
        assert estimate_of(entry(estimate)) == estimate
    assert estimate_of(0.5) == Estimate(0.5, 0.0)


def test_slugs_have_no_punctuation():
    assert [slug(name) for name in ("c^2", "c*w0", "g(0.5, -0.5)")] == ["c_2", "c_w0", "g_0_5_0_5"]
