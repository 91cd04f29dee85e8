"""Products of weights between two hidden layers, by the neurons they share, against sums over all pairs."""

import numpy as np
import pytest

from mfnn import train
from mfnn.particles.deep import SHARED, Network

DEEP = {
    "name": "deep",
    "activation": "tanh",
    "learning_rate": 1.0,
    "horizon": 1.0,
    "hidden_layers": 2,
    "data": {"law": "finite", "x": [[-1.0], [0.5]], "y": [0.8, -0.6]},
    "initial": {
        "c": {"law": "normal", "std": 0.5},
        "w": {"law": "normal", "std": 1.0},
        "v": {"law": "uniform", "low": 0.0, "high": 1.0},
    },
}


def test_products_are_means_over_distinct_pairs():
    v = np.random.default_rng(1).standard_normal((3, 4))  # (N_2, N_1)
    places = list(np.ndindex(v.shape))
    pairs = [(a, b) for a in places for b in places if a != b]
    kinds = {
        "shared_w": [v[a] * v[b] for a, b in pairs if a[1] == b[1]],
        "shared_c": [v[a] * v[b] for a, b in pairs if a[0] == b[0]],
        "apart": [v[a] * v[b] for a, b in pairs if a[0] != b[0] and a[1] != b[1]],
    }
    found = Network(np.zeros((1, 4)), v, np.zeros(3)).products()
    assert found == pytest.approx([np.mean(kinds[name]) for name in SHARED])


def test_products_of_one_neuron_are_not_there():
    assert np.isnan(Network(np.zeros((1, 1)), np.ones((1, 1)), np.zeros(1)).products()).all()


def test_training_records_them_beside_what_is_asked_for():
    record = train(DEEP, (3, 4), [0, 1], [0.0, 1.0], ["v"])
    assert set(SHARED) <= set(record)
    assert record["apart"].dims == ("replica", "time")
