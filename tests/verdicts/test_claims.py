"""Verdicts: each rule can hold, be violated and stay open; all claims of a run share one error rate."""

import pytest

from mfnn.errors import SpecError
from mfnn.verdicts.claims import FAMILY_ERROR, Claims, counts, judge, screen

EQUALS = {"kind": "equals", "predicted": -0.5, "half_width": 0.05}
BELOW, ABOVE = {"kind": "below", "bound": 1.0}, {"kind": "above", "bound": 1.0}


def claims(*rules):
    common = {"statement": "s", "scenario": "x", "key": "x", "violated": "the theory is wrong"}
    return Claims.model_validate(
        {"claims": [{"id": f"c{k}", **common, "rule": rule} for k, rule in enumerate(rules)]}
    )


@pytest.mark.parametrize(
    ("rule", "value", "error", "verdict"),
    [
        (EQUALS, -0.51, 0.01, "holds"),
        (EQUALS, -0.60, 0.01, "violated"),
        (EQUALS, -0.55, 0.10, "inconclusive"),
        (BELOW, 0.5, 0.1, "holds"),
        (BELOW, 1.5, 0.1, "violated"),
        (BELOW, 1.1, 0.1, "inconclusive"),
        (ABOVE, 1.5, 0.1, "holds"),
        (ABOVE, 0.5, 0.1, "violated"),
        (ABOVE, 0.9, 0.1, "inconclusive"),
    ],
)
def test_verdicts(rule, value, error, verdict):
    table = judge(claims(rule), {"x": {"value": value, "error": error}})
    assert list(table["verdict"]) == [verdict]
    assert counts(table)[f"claims.{verdict}"] == 1
    assert f"1 {verdict}" in screen(table)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (EQUALS, "the interval leaves out -0.5"),
        (BELOW, "the whole interval lies above 1"),
        (ABOVE, "the whole interval lies below 1"),
    ],
)
def test_a_claim_says_what_it_would_take_to_be_violated(rule, said):
    assert list(judge(claims(rule), {"x": 0})["violated_if"]) == [f"{said}: the theory is wrong"]


def test_many_claims_share_one_error_rate():
    one, many = claims(EQUALS), claims(*[EQUALS] * 50)
    assert (one.level, many.level) == pytest.approx((1 - FAMILY_ERROR, 1 - FAMILY_ERROR / 50))
    borderline = {"x": {"value": -0.5 + 2.5 * 0.01, "error": 0.01}}
    assert judge(one, borderline)["verdict"][0] == "violated"
    assert set(judge(many, borderline)["verdict"]) == {"holds"}


def test_few_degrees_of_freedom_need_a_wider_interval():
    near = {"value": 0.7, "error": 0.1}
    assert judge(claims(BELOW), {"x": near})["verdict"][0] == "holds"
    assert judge(claims(BELOW), {"x": {**near, "freedom": 2}})["verdict"][0] == "inconclusive"


@pytest.mark.parametrize(("part", "verdict"), [(0.99, "holds"), (1.01, "inconclusive")])
def test_an_interval_wider_than_the_claim_says_decides_nothing(part, verdict):
    """A normal interval of 95 % has the half-width 1.95996 errors."""
    error = part * EQUALS["half_width"] / 1.95996
    assert judge(claims(EQUALS), {"x": {"value": -0.5, "error": error}})["verdict"][0] == verdict


def test_an_exact_number_needs_no_error():
    assert judge(claims(BELOW), {"x": 0.3})["verdict"][0] == "holds"


def test_a_run_without_claims_has_a_table_without_rows():
    table = judge(claims(), {})
    assert "verdict" in table and counts(table)["claims.total"] == 0
    assert screen(table).endswith("of 0 claims\n")


def test_a_claim_about_no_number_is_refused():
    with pytest.raises(SpecError, match="c0"):
        judge(claims(EQUALS), {})
