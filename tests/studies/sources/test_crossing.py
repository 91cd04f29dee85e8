"""The parts of a variance: exact sums of squares, unbiased on data with known parts, and honest standard errors."""

import numpy as np
import pytest

from mfnn import train
from mfnn.studies.sources.crossing import crossed_outputs, sources, split, totals


def crossed(rng, starts: int, orders: int, deviations: tuple[float, float, float], points: int = 4) -> np.ndarray:
    a, b, ab = deviations
    shapes = ((starts, 1), (1, orders), (starts, orders))
    return sum(
        deviation * rng.standard_normal((*shape, points, 1))
        for deviation, shape in zip((a, b, ab), shapes, strict=True)
    )


def test_additive_tables_have_no_interaction():
    outputs = crossed(np.random.default_rng(0), 5, 7, (1.0, 2.0, 0.0)) + 3.0
    start, samples, both = split(outputs)
    assert both == pytest.approx(0, abs=1e-25)
    assert start == pytest.approx(outputs[:, 0].var(axis=0, ddof=1).mean())
    assert samples == pytest.approx(outputs[0].var(axis=0, ddof=1).mean())


def test_parts_are_unbiased_and_their_errors_cover():
    rng = np.random.default_rng(1)
    truth = np.array([1.0, 4.0, 8.0])
    found, inside = [], []
    for _ in range(300):
        parts = sources(10, crossed(rng, 8, 8, tuple(np.sqrt(truth / 10))))
        found.append([part.value for part in parts.values()])
        intervals = np.array([part.interval() for part in parts.values()])
        inside.append((intervals[:, 0] <= truth) & (truth <= intervals[:, 1]))
    spread = np.std(found, axis=0, ddof=1) / np.sqrt(300)
    assert np.all(np.abs(np.mean(found, axis=0) - truth) < 4.5 * spread)
    assert np.all(np.mean(inside, axis=0) > 0.85)  # 95 % is asked of 8 members a factor; a jackknife gives about 90


@pytest.mark.parametrize("directions", [3, 30])
def test_totals_of_independent_networks_have_the_error_they_state(directions):
    """Few directions move forty outputs together; even two networks of a width have the error that all widths share."""
    rng = np.random.default_rng(2)
    mix = rng.standard_normal((directions, 40))
    truth = 5 * (mix**2).sum(axis=0).mean()
    networks = {5: 16, 50: 4, 500: 2}

    def draw(width, count):
        return (rng.standard_normal((count, directions)) @ mix * np.sqrt(5 / width)).reshape(count, 20, 2)

    found = [totals({width: draw(width, count) for width, count in networks.items()}) for _ in range(400)]
    for width in networks:
        values = np.array([estimates[width].value for estimates in found])
        stated = np.median([estimates[width].error / estimates[width].value for estimates in found])
        assert abs(values.mean() - truth) < 4.5 * values.std() / 20
        assert 0.8 < stated * truth / values.std() < 1.25  # the spread itself is known to 4 to 10 %


def test_totals_of_pairs_alone_assume_a_single_direction():
    pairs = np.random.default_rng(3).standard_normal((2, 20, 2))
    estimate = totals({5: pairs})[5]
    assert np.isclose(estimate.error, estimate.value * np.sqrt(2))


def test_networks_share_what_they_should(vary):
    problem = vary("three_points", {"name": "crossed"})
    points = np.array([[0.5], [1.5]])
    outputs = crossed_outputs(problem, 20, 3, points, 7)
    own = train(problem, 20, range(3), [problem.horizon], root_seed=7, evaluate=points)["output"].values[:, 0]
    np.testing.assert_array_equal(outputs.values[range(3), range(3)], own)  # its own start on its own samples
    assert len(np.unique(outputs.values[:, :, 0, 0])) == 9
