"""The stationary law: a fixed point held against long times, an exact Gaussian case, the free energy, refusals."""

import numpy as np
import pytest

from mfnn import SpecError, solve_limit
from mfnn.limit.stationary import free_energy, stationary

WARM = {
    "learning_rate": 2.0,
    "horizon": 40.0,
    "decay": {"c": 0.5, "w": 0.4},
    "temperature": 0.2,
    "initial.c": {"law": "normal", "std": 0.7},
    "initial.w": {"law": "normal", "mean": 0.5, "std": 0.7},
}


def test_the_flow_leads_there_and_its_free_energy_falls(vary) -> None:
    problem = vary("three_points", WARM)
    law, limit = stationary(problem), solve_limit(problem, [0.0, 0.2, 1.0, 8.0], 1e-2, ["g(0.5)"])
    for name in ("c^2", "w0^2", "c*w0", "g(0.5)"):
        assert limit.mean(name)[-1] == pytest.approx(law.mean(name), abs=3e-3), name
    assert law.output([0.5])[0] == pytest.approx(law.mean("g(0.5)"), abs=1e-10)
    energies = free_energy(limit)
    assert (np.diff(energies) < 0).all()
    assert energies[-1] == pytest.approx(law.energy, abs=1e-4)


def test_without_samples_it_is_gaussian(vary) -> None:
    """x = 0 and σ(0) = 0: variances τ/λ, and the free energy −τ log Z."""
    problem = vary("three_points", {**WARM, "data.x": [[0.0]], "data.y": [0.0]})
    law = stationary(problem)
    assert law.mean("c^2") == pytest.approx(0.2 / 0.5, abs=1e-12)
    assert law.mean("w0^2") == pytest.approx(0.2 / 0.4, abs=1e-12)
    assert law.energy == pytest.approx(-0.2 * np.log(2 * np.pi * 0.2 / np.sqrt(0.5 * 0.4)), abs=1e-12)


@pytest.mark.parametrize(
    "changes",
    [{"temperature": 0.0}, {"decay": {"w": 0.1}}, {"activation": "relu"}, {"data.x": [[1.0, 0], [0.5, 1], [1, 1]]}],
)
def test_what_does_not_settle_is_refused_in_one_line(vary, changes) -> None:
    with pytest.raises(SpecError, match=r"^[^\n]+$"):
        stationary(vary("three_points", {**WARM, **changes}))


def test_a_limit_without_noise_has_no_free_energy(three_points_limit) -> None:
    with pytest.raises(SpecError, match="the free energy"):
        free_energy(three_points_limit)
