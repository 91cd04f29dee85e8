"""The constants of other ways to train, and controls that fail as predicted, by simulation with a fixed seed."""

import numpy as np
import pytest

from mfnn import Protocol, fluctuations, solve_limit, train

# Fixed seed. R = 1000: the relative standard error of a variance is 4.5 %; 4.42 of them plus 10 % for corrections of
# relative order 1/N (14 % for epochs at N = 64, hence its larger width) fail by chance with probability about 1e-5.
ALLOWED = 4.42 * np.sqrt(2 / 1000) + 0.1


@pytest.mark.parametrize(
    ("protocol", "width", "share"),
    [
        (Protocol(batch=4), 48, 1 / 4),
        (Protocol(sampling="shuffled"), 256, 0.0),
        (Protocol(step_exponent=1.5), 64, 1 / 8),
        (Protocol(step_exponent=0.5), 1024, 32.0),
    ],
    ids=["batches", "epochs", "small steps", "large steps"],
)
def test_the_noise_of_samples_has_the_predicted_share(vary, protocol: Protocol, width: int, share: float) -> None:
    """N·Var = V_init + share · V_sgd; without the change of protocol it would be V_init + V_sgd, 6.6 V_init."""
    problem = vary("three_points")
    constants = fluctuations(solve_limit(problem, [2.0], 1e-4), ["g(0.5)"], 2.0)
    runs = train(problem, width, range(1000), [2.0], ["g(0.5)"], root_seed=3, protocol=protocol)
    predicted = constants.initial.item() + share * constants.sgd.item()
    assert width * runs["g(0.5)"].values.var(ddof=1) == pytest.approx(predicted, rel=ALLOWED)
    theorem = constants.initial.item() + constants.sgd.item()
    assert abs(np.log(predicted / theorem)) > 2 * ALLOWED


@pytest.mark.parametrize(
    "protocol", [Protocol(sampling="markov"), Protocol(step_exponent=0)], ids=["markov", "b = 0"]
)
def test_randomness_that_remains(vary, protocol: Protocol) -> None:
    """The variance at N = 32 and at N = 512 agree, where the theorem's falls sixteenfold."""
    problem = vary("three_points")
    variances = [
        train(problem, width, range(500), [2.0], ["g(0.5)"], root_seed=3, protocol=protocol)["g(0.5)"].values.var()
        for width in (32, 512)
    ]
    assert 1 / 2 < variances[1] / variances[0] < 2
