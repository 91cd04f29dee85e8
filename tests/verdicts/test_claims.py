"""Verdicts: each rule can hold, be violated and stay open, and a file of claims is checked before it is used."""

import pytest
import yaml

from mfnn.errors import SpecError
from mfnn.verdicts.claims import counts, judge, read_claims, screen

EQUALS = {"kind": "equals", "predicted": -0.5, "half_width": 0.05}
BELOW, ABOVE = {"kind": "below", "bound": 1.0}, {"kind": "above", "bound": 1.0}


def write(tmp_path, rules, **more):
    claims = [
        {"id": f"c{k}", "statement": "s", "scenario": "x", "key": "x", "rule": rule} for k, rule in enumerate(rules)
    ]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump({"family_error": 0.05, "claims": claims, **more}))
    return path


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
def test_verdicts(tmp_path, rule, value, error, verdict):
    table = judge(read_claims(write(tmp_path, [rule])), {"x": {"value": value, "error": error}})
    assert list(table["verdict"]) == [verdict]
    assert counts(table)[f"claims.{verdict}"] == 1
    assert f"1 {verdict}" in screen(table)


def test_many_claims_share_one_error_rate(tmp_path):
    one, many = (read_claims(write(tmp_path, [EQUALS] * n)) for n in (1, 50))
    assert (one.level, many.level) == pytest.approx((0.95, 0.999))
    borderline = {"x": {"value": -0.5 + 2.5 * 0.01, "error": 0.01}}
    assert judge(one, borderline)["verdict"][0] == "violated"
    assert set(judge(many, borderline)["verdict"]) == {"holds"}


def test_few_degrees_of_freedom_need_a_wider_interval(tmp_path):
    claims = read_claims(write(tmp_path, [BELOW]))
    near = {"value": 0.7, "error": 0.1}
    assert judge(claims, {"x": near})["verdict"][0] == "holds"
    assert judge(claims, {"x": {**near, "freedom": 2}})["verdict"][0] == "inconclusive"


def test_an_exact_number_needs_no_error(tmp_path):
    assert judge(read_claims(write(tmp_path, [BELOW])), {"x": 0.3})["verdict"][0] == "holds"


@pytest.mark.parametrize(
    ("rule", "more", "said"),
    [
        ({"kind": "near", "value": 1}, {}, r"claims\.c0\.rule"),
        ({**EQUALS, "half_width": -1}, {}, "half_width"),
        (EQUALS, {"family_error": 0}, "family_error"),
        (EQUALS, {"threshold": 3}, "threshold"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path, rule, more, said):
    with pytest.raises(SpecError, match=said) as refusal:
        read_claims(write(tmp_path, [rule], **more))
    assert "\n" not in str(refusal.value)


def test_a_claim_about_no_number_is_refused(tmp_path):
    with pytest.raises(SpecError, match="c0"):
        judge(read_claims(write(tmp_path, [EQUALS])), {})


def test_repeated_ids_are_refused(tmp_path):
    path = write(tmp_path, [EQUALS, EQUALS])
    path.write_text(path.read_text().replace("id: c1", "id: c0"))
    with pytest.raises(SpecError, match="distinct"):
        read_claims(path)
