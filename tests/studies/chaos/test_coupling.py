"""The constant of the synchronous coupling, and covariances between times, against simulation with fixed seeds."""

import numpy as np
import pytest

from mfnn import fluctuations, solve_limit, train
from mfnn.studies.chaos.coupling import coupling_constants, squared_distances

WIDTH, REPLICAS = 200, 400


@pytest.fixture(scope="module")
def runs(three_points):
    return train(three_points, WIDTH, range(REPLICAS), [0.0, 1.0, 2.0], ["c^2", "cos(w0)"], follow=40, root_seed=11)


def test_neurons_stay_by_their_characteristics_as_predicted(three_points, runs):
    # 4.5 standard errors of the replicas' mean plus 5 % for the correction of order 1/N.
    limit = solve_limit(three_points, [0.0, 1.0, 2.0], 1e-4)
    predicted = coupling_constants(limit, [1.0, 2.0], (4, 8))
    assert float(predicted["error"].max()) < 1e-2
    squares = squared_distances(runs["path"], limit).reshape(REPLICAS, 40, 3, 2).mean(axis=1)
    assert (squares[:, 0] == 0).all()
    measured, error = WIDTH * squares.mean(axis=0)[1:], WIDTH * squares.std(axis=0)[1:] / np.sqrt(REPLICAS)
    constant = predicted["constant"].values
    assert (np.abs(measured - constant) <= 4.5 * error + 0.05 * constant).all()
    assert (error < 0.1 * constant).all()


def test_the_starts_are_only_followed(vary):
    """More starts at the same places leave the constants as they are: they carry no weight of their own.

    All w start within 1e-6 of 1, so that Gauss rules of one and of six nodes in w say the same.
    """
    problem = vary("three_points", {"initial.w": {"law": "uniform", "low": 1.0, "high": 1.000001}})
    limit = solve_limit(problem, [0.0, 0.5, 1.0], 1e-3)
    few, many = (coupling_constants(limit, [0.5, 1.0], (4, count))["constant"].values for count in (1, 6))
    assert (few > 1e-3).all()
    np.testing.assert_allclose(many, few, rtol=1e-4)


def test_covariance_between_times(three_points, runs):
    limit = solve_limit(three_points, [1.0, 2.0], 1e-4)
    predicted = fluctuations(limit, ["c^2", "cos(w0)"], [1.0, 2.0]).covariance
    for f in ("c^2", "cos(w0)"):
        for g in ("c^2", "cos(w0)"):
            early, late = runs[f].sel(time=1.0).values, runs[g].sel(time=2.0).values
            products = WIDTH * (early - early.mean()) * (late - late.mean())
            constant = float(predicted.sel(observable=f, time=1.0, other=g, other_time=2.0))
            assert abs(products.mean() - constant) <= 4.5 * products.std() / np.sqrt(REPLICAS) + 0.02
