"""The predicted constants against simulation, scalar and vector outputs, with label noise."""

import numpy as np
import pytest

from mfnn import fluctuations, solve_limit, train


@pytest.mark.parametrize(
    ("y", "names"),
    [
        ([0.8, -0.6, 0.9], ["c^2", "cos(w0)", "g(0.5)"]),
        ([[0.8, 0.1], [-0.6, 0.5], [0.9, -0.7]], ["c0^2", "cos(w0)", "g1(0.5)"]),
    ],
)
def test_variance_over_replicas(vary, y, names):
    # Fixed seed. N = 256, R = 1500: the relative standard error of a variance is 3.7 %, its O(1/N) correction is of
    # order 1/256 times a constant; 4.5 standard errors plus 5 % fails by chance with probability below 1e-5 a number.
    # The learning rate makes V_sgd most of the last constant and V_init most of the others.
    problem = vary("three_points", {"data.y": y, "data.noise_std": 0.5, "learning_rate": 4.0})
    width, replicas = 256, 1500
    runs = train(problem, width, range(replicas), [1.0], names, root_seed=7)
    predicted = fluctuations(solve_limit(problem, [1.0], 1e-3), names, 1.0)
    assert float(predicted.sgd.loc[names[-1], names[-1]]) > float(predicted.initial.loc[names[-1], names[-1]])
    for name in names:
        constant = float(predicted.covariance.loc[name, name])
        measured = width * float(runs[name][:, 0].var())
        assert measured == pytest.approx(constant, abs=(4.5 * np.sqrt(2 / replicas) + 0.05) * constant)
