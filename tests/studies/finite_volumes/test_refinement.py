"""The limit on three grids: mass, positivity, order and its own estimate, against the characteristics."""

import numpy as np
import pytest

from mfnn import Limit, Problem, solve_limit
from mfnn.studies.finite_volumes.refinement import grid_study, grid_summary, own_error
from mfnn.studies.finite_volumes.table import orders

NAMES = ["c^2", "w0^2", "c*w0", "cos(w0)", "g(0.5)"]
BELL = {"initial.c": {"law": "normal", "std": 0.5}, "initial.w": {"law": "normal", "std": 1.0}}
TIMES = [0.0, 1.0, 2.0]


@pytest.fixture(scope="module")
def bell(vary) -> Limit:
    """The reference problem from a smooth initial law, by characteristics."""
    return solve_limit(vary("sine1d", BELL), TIMES, 1e-5, NAMES)


@pytest.fixture(scope="module")
def smooth_study(bell: Limit):
    return grid_study(bell, NAMES, 40)


@pytest.fixture(scope="module")
def edged_study(sine1d: Problem):
    return grid_study(solve_limit(sine1d, TIMES, 1e-6, NAMES), NAMES, 32)


@pytest.mark.parametrize("study", ["smooth_study", "edged_study"])
def test_mass_is_conserved_and_no_cell_is_negative(request: pytest.FixtureRequest, study: str) -> None:
    table = request.getfixturevalue(study)
    assert (table["mass_defect"] < 1e-12).all()
    assert (table["least_density"] >= 0).all()
    assert (table["mass_outside"].abs() < 1e-6).all()


def test_second_order_on_a_smooth_law(smooth_study) -> None:
    """Differences from the certified values fall like h² between the two finest of the grids."""
    summary = grid_summary("bell", smooth_study)
    for name in ("c_2", "w0_2", "c_w0", "cos_w0", "g_0_5"):
        assert summary[f"bell.fv_order.{name}"] > 1.8


def test_edges_cost_order_but_not_convergence(edged_study) -> None:
    """The cells cut by an edge are O(h) of all and their masses are off by O(1): between first and second order."""
    summary = grid_summary("edged", edged_study)
    assert 0.5 < summary["edged.fv_order_least"] <= summary["edged.fv_order_most"] < 1.8


@pytest.mark.parametrize("study", ["smooth_study", "edged_study"])
def test_agreement_with_characteristics_within_its_own_estimate(request: pytest.FixtureRequest, study: str) -> None:
    summary = grid_summary("x", request.getfixturevalue(study))
    assert 0.1 < summary["x.fv_agreement"] < 1


def test_own_error_of_sequences_with_a_known_order() -> None:
    h = 0.5 ** np.arange(3)
    assert own_error(*(1 + h**2), 2.0) == pytest.approx(1.25 / 16)  # the true error is 1/16
    assert own_error(*(1 + h), 2.0) == pytest.approx(3 / 4)
    assert own_error(*(1 + h), 1.0) == pytest.approx(1.25 / 4)
    assert own_error(*(1 + h**2), 1.0) == pytest.approx(1.25 * 3 / 8)  # no credit for more than the formal order
    assert own_error(*(1 + 0 * h), 2.0) == 0
    assert own_error(0.0, 0.0, 1.0, 2.0) == pytest.approx(3 / (np.sqrt(2) - 1))  # not falling: the least order
    assert own_error(0.0, 1.0, 1.0, 2.0) == pytest.approx(1.25 / 12)  # the last two agree by chance: still an error


def test_the_table_shows_the_finest_grid_at_the_last_time(smooth_study) -> None:
    table = orders({"sine1d_normal": smooth_study})
    assert list(table.data["observable"]) == NAMES
    assert (table.data["cells"] == 160).all() and (table.data["time"] == 2.0).all()
    first = table.tex.splitlines()[5]
    assert first.startswith(r"$c^{2}$ & \ensuremath{1.2804} & \ensuremath{1.2806} & \ensuremath{2.1\times10^{-4}}")
    assert r"\texttt{sine1d\_normal}" in table.tex
