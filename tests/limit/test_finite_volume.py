"""Finite volumes: mass, positivity, order, exact cases, and agreement with the characteristics they do not know."""

import numpy as np
import pytest
from scipy import stats

from mfnn import Limit, Problem, SpecError, solve_limit
from mfnn.learning.laws import Normal, Uniform
from mfnn.learning.observables import parse
from mfnn.limit.finite_volume import Grid, enclosing_box, finite_volumes, initial_density, initial_mass
from mfnn.limit.solve import mean_of
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


@pytest.mark.parametrize(
    ("law", "truth"),
    [
        (Uniform(low=-1.0, high=2.5), stats.uniform(-1, 3.5)),
        (Normal(mean=0.7, std=1.3), stats.norm(0.7, 1.3)),
    ],
)
def test_distribution_functions(law, truth) -> None:
    values = np.linspace(-4, 5, 61)
    np.testing.assert_allclose(law.cdf(values), truth.cdf(values), atol=1e-15)


# ---- cells and box ----


def test_initial_cell_masses_are_exact_where_an_edge_cuts_cells(sine1d: Problem) -> None:
    """c ~ U(−1, 1) on cells of length 3/4: the outer two of four hold 1/8 each, the inner ones 3/8."""
    grid = Grid.uniform(((-1.5, 1.5), (-6.0, 6.0)), 4)
    inner = np.outer([1 / 8, 3 / 8, 3 / 8, 1 / 8], [0, 1 / 2, 1 / 2, 0])
    np.testing.assert_allclose(initial_mass(sine1d, grid), inner, atol=1e-15)


def test_a_box_that_cuts_the_initial_law_is_filled_to_mass_one(vary) -> None:
    grid = Grid.uniform(((-0.5, 0.5), (-9.0, 9.0)), 8)
    problem = vary("sine1d", BELL)
    assert initial_mass(problem, grid).sum() == pytest.approx(2 * stats.norm.cdf(1) - 1, abs=1e-12)
    assert initial_density(problem, grid).sum() * np.prod(grid.steps) == pytest.approx(1, abs=1e-14)


def test_the_box_holds_the_flow_and_little_else(sine1d_limit: Limit) -> None:
    theta0 = np.random.default_rng(0).uniform([-1, -3], [1, 3], (2000, 2))
    paths = sine1d_limit.flow(theta0, [0.0, 0.4, 1.1, 2.0])
    (c_low, c_high), (w_low, w_high) = enclosing_box(sine1d_limit)
    inside = (paths > [c_low, w_low]) & (paths < [c_high, w_high])
    assert inside.all()
    reach = np.abs(paths).max(axis=(0, 1))
    assert (np.array([c_high, w_high]) < 1.15 * reach).all()


# ---- what the scheme conserves ----


@pytest.mark.parametrize("study", ["smooth_study", "edged_study"])
def test_mass_is_conserved_and_no_cell_is_negative(request: pytest.FixtureRequest, study: str) -> None:
    table = request.getfixturevalue(study)
    assert (table["mass_defect"] < 1e-12).all()
    assert (table["least_density"] >= 0).all()
    assert (table["mass_outside"].abs() < 1e-6).all()


def test_no_cell_is_negative_in_a_field_that_pulls_a_jump_apart(vary) -> None:
    """A narrow uniform law on a fast field: slopes next to the jump would leave negative ends were they not cut."""
    problem = vary("sine1d", {"learning_rate": 40.0, "initial.w": {"law": "uniform", "low": -0.5, "high": 0.5}})
    solution = finite_volumes(problem, Grid.uniform(((-6.0, 6.0), (-6.0, 6.0)), 24), np.array([0.0, 0.1, 0.4]))
    assert solution.least >= 0
    assert solution.defect < 1e-12
    assert np.abs(solution.density[2] - solution.density[0]).max() > 0.1


def test_mass_does_not_leave_through_the_edge_of_a_box_too_small(sine1d: Problem) -> None:
    solution = finite_volumes(sine1d, Grid.uniform(((-1.0, 1.0), (-3.0, 3.0)), 16), np.array([0.0, 2.0]))
    np.testing.assert_allclose(solution.masses.sum(axis=(1, 2)), 1, atol=1e-12)
    assert solution.least >= 0


# ---- against the truth ----


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


def test_linear_activation_in_closed_form(vary) -> None:
    """A hyperbolic rotation by p/2 with p' = α(E xy − Σ ⟨c w⟩), from p = 0 by the test's own Euler steps."""
    data = {"law": "finite", "x": [-1.0, 0.5, 2.0], "y": [-1.2, 0.1, 1.1], "weights": [0.25, 0.5, 0.25]}
    problem = vary("three_points", {"activation": "linear", "data": data, **BELL})
    half, second = 0.0, 0.25 + 1.0
    for _ in range(20_000):
        half += 0.5 / 20_000 * (0.875 - 1.375 * second / 2 * np.sinh(2 * half))
    truth = {
        "c^2": 0.25 * np.cosh(half) ** 2 + np.sinh(half) ** 2,
        "c*w0": second / 2 * np.sinh(2 * half),
        "w0^2": 0.25 * np.sinh(half) ** 2 + np.cosh(half) ** 2,
    }
    errors = []
    for cells in (48, 96):
        solution = finite_volumes(problem, Grid.uniform(((-5.0, 5.0), (-7.0, 7.0)), cells), np.array([0.5]))
        found = [solution.evaluate(mean_of(parse(name, problem)))[0] for name in truth]
        errors.append(np.abs(np.array(found) - list(truth.values())))
    assert (errors[1] < 4e-3).all()
    assert (np.log2(errors[0] / errors[1]) > 1.7).all()


def test_density_on_a_grid_is_that_of_the_characteristics(bell: Limit) -> None:
    """Cell averages against p at the centres: both are of second order in the cells."""
    grid = Grid.uniform(enclosing_box(bell), 96)
    density = finite_volumes(bell.problem, grid, np.array([1.0])).density[0]
    centres = np.stack(np.meshgrid(*grid.centres, indexing="ij"), axis=-1)
    (rows, columns) = np.nonzero(density > 0.05)
    chosen = slice(None, None, 40)
    exact = bell.density(centres[rows, columns][chosen], 1.0)
    np.testing.assert_allclose(density[rows, columns][chosen], exact, atol=0.05 * density.max())


# ---- its own estimate, refusals ----


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


@pytest.mark.parametrize(
    "changes",
    [
        {"data.x": [[-1.0, 1.0], [0.5, 1.0], [1.5, 1.0]]},
        {"data.y": [[1.0, 0.0], [0.5, 1.0], [1.5, 1.0]]},
    ],
)
def test_more_than_one_input_or_output_is_refused(vary, changes: dict) -> None:
    grid = Grid.uniform(((-1.0, 1.0), (-1.0, 1.0)), 8)
    with pytest.raises(SpecError, match="one input without intercept and one output") as refusal:
        finite_volumes(vary("three_points", changes), grid, np.array([1.0]))
    assert "\n" not in str(refusal.value)
