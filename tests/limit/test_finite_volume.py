"""Finite volumes: mass, positivity, order, exact cases, and agreement with the characteristics they do not know."""

import numpy as np
import pytest
from scipy import stats

from mfnn import Limit, Problem, SpecError, solve_limit
from mfnn.learning.laws import Normal, Uniform
from mfnn.learning.observables import parse
from mfnn.limit.finite_volume import Grid, enclosing_box, finite_volumes, initial_density, initial_mass
from mfnn.limit.limit import mean_of

NAMES = ["c^2", "w0^2", "c*w0", "cos(w0)", "g(0.5)"]
BELL = {"initial.c": {"law": "normal", "std": 0.5}, "initial.w": {"law": "normal", "std": 1.0}}
TIMES = [0.0, 1.0, 2.0]


@pytest.fixture(scope="module")
def bell(vary) -> Limit:
    """The reference problem from a smooth initial law, by characteristics."""
    return solve_limit(vary("sine1d", BELL), TIMES, 1e-5, NAMES)


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
