"""Intervals cover, and verdicts say so where networks are wrong, on data of which the truth is known."""

from pathlib import Path

import numpy as np
import pytest

from mfnn.pipeline import coverage, power, scrambles
from mfnn.storage import read_json, read_yaml

ROOT = Path(__file__).parents[2]
QUICK = [case for case in coverage.cases() if case.estimator in {"mean", "variance", "root mean square"}]
CLAIMS = ROOT / "config" / "claims"
SCENARIO = "sine1d"


def widened(low: float, high: float, repetitions: int) -> tuple[float, float]:
    """Bounds of a coverage, moved out by 4.5 standard errors of a share near 95 %: one of 10^5 leaves them by chance."""
    slack = 4.5 * np.sqrt(0.05 * 0.95 / repetitions)
    return low - slack, high + slack


def test_sizes_are_those_of_the_default_run():
    scenarios = read_yaml(ROOT / "config" / "paper.yaml")["scenarios"]
    for name, assumed in (("sine1d", coverage.MANY), ("teacher2d", coverage.FEWER), ("mnist", coverage.FEW)):
        least = scenarios[name].get("rates_from", 1)
        assert assumed == {of["width"]: of["replicas"] for of in scenarios[name]["widths"] if of["width"] >= least}


def test_the_verdicts_level_is_that_of_the_recorded_run():
    assert len(read_json(ROOT / "published.json")["verdicts"]) == coverage.CLAIMS


def test_intervals_of_moments_cover():
    """The smallest samples of a normal law cover more than 95 %: their kurtosis is found too large as often as not."""
    found = coverage.coverage(QUICK, 400, 1)
    low, _ = widened(coverage.LEAST, coverage.MOST, 400)
    assert (found["covers"] > low).all()
    many = found[found["size"] == "1000"]
    assert (many["covers"] < widened(coverage.LEAST, coverage.MOST, 400)[1]).all()


def test_right_networks_are_found_right_and_wrong_ones_wrong(monkeypatch):
    """Of claims that share 5 % none is violated in two runs; a shift of every network is in all families at once."""
    wrongs = (power.Wrong(), power.Wrong("rate", rate=-0.45), power.Wrong("dependent", shared=0.03))
    monkeypatch.setattr(power, "WRONGS", wrongs)
    violated = power.power(CLAIMS, SCENARIO, 2, 1).pivot(index="wrong", columns="family", values="violated")
    assert (violated.loc["nothing"] == 0).all()
    assert violated.loc["rate", "slope"] == 1 and violated.loc["rate", "ratio_variance"] == 1
    assert (violated.loc["dependent", ["slope", "ratio_pair", "pulls_pair"]] == 1).all()


def test_intervals_of_replicated_limits_cover():
    """Six times three, at 99 %: that four or more miss has a chance of 10^-5 if they are independent."""
    problems = scrambles.problems()
    assert len(problems) == 12
    found = scrambles.coverage(problems[:1], 6, 1)
    assert found["99"].item() > 14 / 18
    assert scrambles.page(found).count(problems[0].name) == 1


@pytest.mark.full
def test_no_interval_covers_less_than_the_page_says():
    """At 95 %, normal data: every estimator at every size."""
    found = coverage.coverage(coverage.cases(), 1000, 2)
    low, _ = widened(0.925, coverage.MOST, 1000)
    normal = found[found["law"] == "normal"]
    assert (normal["covers"] > low).all(), normal[normal["covers"] <= low]


@pytest.mark.full
def test_true_claims_are_violated_as_rarely_as_promised(monkeypatch):
    """40 runs of the claims made here, each violated in 0.05 / 279 of them: more than two in all have probability 2 %."""
    monkeypatch.setattr(power, "WRONGS", (power.Wrong(),))
    found = power.power(CLAIMS, SCENARIO, 40, 3)
    counts = {
        name: sum(claim.id.split(".")[1] == name for claim in power.claims(CLAIMS, SCENARIO))
        for name in power.FAMILIES
    }
    assert sum(row.violated * row.repetitions * counts[row.family] for row in found.itertuples()) <= 2
