"""What it takes to decide a claim, against the verdicts of simulated runs of that size."""

import numpy as np
import pytest

from mfnn.errors import SpecError
from mfnn.verdicts.claims import Claims
from mfnn.verdicts.power import POWER, power, shown
from mfnn.verdicts.rates import Estimate
from mfnn.verdicts.rules import HOLDS, INCONCLUSIVE, VIOLATED, Claim

RULES = {
    "wide": {"kind": "equals", "predicted": 1.0, "half_width": 0.1},
    "near": {"kind": "above", "bound": 0.0},
    "far": {"kind": "below", "bound": 5.0},
    "exact": {"kind": "above", "bound": 0.001},
}
NUMBERS = {
    "wide": {"value": 1.0, "error": 0.1},
    "near": {"value": 0.3, "error": 0.1},
    "far": {"value": 0.3, "error": 0.1},
    "exact": 0.5,
}
CLAIMS = Claims(
    claims=tuple(
        Claim.model_validate(
            {"id": name, "key": name, "statement": "s", "scenario": "x", "violated": "v", "rule": rule}
        )
        for name, rule in RULES.items()
    )
)


@pytest.fixture(scope="module")
def table():
    return power(CLAIMS, NUMBERS).set_index("id")


def verdicts(name, truth, error, runs=4000):
    rng, (claim,) = np.random.default_rng(1), [claim for claim in CLAIMS.claims if claim.id == name]
    return [claim.rule.verdict(Estimate(value, error), CLAIMS.level) for value in rng.normal(truth, error, runs)]


def test_a_bound_is_decided_in_the_stated_part_of_runs(table):
    error = 0.1 / np.sqrt(table.loc["near", "times"])
    assert np.mean([each == HOLDS for each in verdicts("near", 0.3, error)]) == pytest.approx(POWER, abs=0.015)
    assert table.loc["near", "times"] > 1 > table.loc["far", "times"]


def test_a_half_width_is_reached_at_the_stated_size(table):
    enough, too_few = (0.1 / np.sqrt(table.loc["wide", "times"] * factor) for factor in (1.001, 0.999))
    assert INCONCLUSIVE not in verdicts("wide", 1.0, enough)
    assert HOLDS not in verdicts("wide", 1.0, too_few)
    assert table.loc["wide", "times"] == pytest.approx(1.96**2, rel=1e-3)


def test_what_is_seen_is_called_violated_in_the_stated_part_of_runs(table):
    off = 1.0 + table.loc["wide", "seen"]
    assert np.mean([each == VIOLATED for each in verdicts("wide", off, 0.1)]) == pytest.approx(POWER, abs=0.015)


def test_numbers_without_error_need_nothing(table):
    assert table.loc["exact", "times"] == 0


def test_the_reader_sees_the_worst_first(table):
    text = shown(table.reset_index()).splitlines()
    assert "wide" in text[1] and "near" in text[2]
    assert text[-1] == "2 of 4 claims have as many replicas as they need"


def test_a_number_that_is_not_there_is_named():
    with pytest.raises(SpecError, match="near"):
        power(CLAIMS, {name: number for name, number in NUMBERS.items() if name != "near"})
