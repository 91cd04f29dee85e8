"""Slopes and their intervals, on samples whose power law is known."""

import numpy as np
import pytest

from mfnn.verdicts.rates import Estimate, entry, fit_mean, fit_rms, mean, root_mean_square, slug, variance

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


def test_slugs_have_no_punctuation():
    assert [slug(name) for name in ("c^2", "c*w0", "g(0.5, -0.5)")] == ["c_2", "c_w0", "g_0_5_0_5"]
