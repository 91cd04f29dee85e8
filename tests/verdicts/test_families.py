"""Families of claims: what an entry stands for in a run, and what is refused of a file, in one line."""

from pathlib import Path

import pytest
import yaml

from mfnn.errors import SpecError
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.families import Asked, asked_json, asked_of

CLAIMS = Path(__file__).parents[2] / "config/claims"
LINE = Asked(observables=("c^2", "c*w0", "g(0.5)"), method="certified")
PLANE = Asked(observables=("c^2", "g(0.5, -1)"), method="certified")
IMAGES = Asked(observables=("c0^2",), method="random_batch")
ASKED = {"line": LINE, "plane": PLANE, "images": IMAGES}
RULE = {"kind": "equals", "predicted": -0.5, "half_width": 0.03}
ENTRY = {
    "for": {"scenario": "certified", "observable": "all"},
    "id": "{scenario}.slope.{observable}",
    "statement": "The error of {observable} in {scenario} falls",
    "rule": RULE,
    "violated": "{observable} has no limit",
}
ALONE = {"id": "a.b", "scenario": "alone", "statement": "s", "rule": RULE, "violated": "v"}


@pytest.fixture
def claims_of(tmp_path):
    """claims_of(*entries): the claims they stand for, by id."""

    def read(*entries, asked=ASKED):
        (tmp_path / "convergence.yaml").write_text(yaml.safe_dump(list(entries), sort_keys=False), encoding="utf-8")
        return {claim.id: claim for claim in read_claims(tmp_path, {"convergence": asked}).claims}

    return read


def test_an_entry_stands_for_every_observable_of_every_scenario(claims_of):
    claims = claims_of(ENTRY)
    assert list(claims) == [
        *("line.slope.c_2", "line.slope.c_w0", "line.slope.g_0_5"),
        *("plane.slope.c_2", "plane.slope.g_0_5_1"),
    ]
    claim = claims["plane.slope.g_0_5_1"]
    assert (claim.scenario, claim.key) == ("plane", "plane.slope.g_0_5_1")
    assert claim.statement == "The error of g(0.5, -1) in plane falls"
    assert claim.violated_if == "the interval leaves out -0.5: g(0.5, -1) has no limit"


@pytest.mark.parametrize(
    ("chosen", "scenarios"),
    [
        ("all", ["line", "plane", "images"]),
        ("certified", ["line", "plane"]),
        ("random_batch", ["images"]),
        (["images", "line"], ["line", "images"]),
        (["elsewhere"], []),
    ],
)
def test_scenarios_are_chosen_by_a_word_or_by_name(claims_of, chosen, scenarios):
    entry = {**ALONE, "for": {"scenario": chosen}, "id": "{scenario}.limit", "scenario": None}
    assert [claim.scenario for claim in claims_of(entry).values()] == scenarios


def test_observables_are_those_of_a_list_that_a_scenario_has(claims_of):
    entry = {**ENTRY, "for": {"scenario": "all", "observable": ["g(0.5)", "c^2", "sin(c)"]}}
    assert list(claims_of(entry)) == ["line.slope.c_2", "line.slope.g_0_5", "plane.slope.c_2"]


def test_other_placeholders_are_names_in_ids_and_words_in_sentences(claims_of):
    group = {"root": "sqrt(N)", "quarter": "N/4"}
    entry = {**ALONE, "for": {"group": group, "k": ["3", "4"]}, "id": "g.{group}_{k}", "statement": "{group}, {k}"}
    claims = claims_of({**entry, "key": "{k}.{group}"})
    assert {(claim.id, claim.key, claim.statement) for claim in claims.values()} == {
        (f"g.{name}_{k}", f"{k}.{name}", f"{words}, {k}") for name, words in group.items() for k in "34"
    }
    assert {claim.scenario for claim in claims.values()} == {"alone"}


def test_numbers_of_a_rule_differ_by_value(claims_of):
    widths = {"line": 0.02, "default": 0.03}
    claims = claims_of({**ENTRY, "rule": {**RULE, "half_width": widths}})
    assert claims["line.slope.c_2"].rule.half_width == 0.02
    assert claims["plane.slope.c_2"].rule.half_width == 0.03
    assert {claim.rule.predicted for claim in claims.values()} == {-0.5}


def test_what_is_asked_survives_the_way_to_the_script():
    assert asked_of(asked_json({"convergence": ASKED, "controls": {}})) == {"convergence": ASKED, "controls": {}}


def test_a_study_that_is_not_asked_for_claims_nothing():
    assert read_claims(CLAIMS, {}).claims == ()
    controls = {claim.scenario for claim in read_claims(CLAIMS, {"controls": {}}).claims}
    assert controls == {"consequences", "controls"}


def test_a_scenario_of_a_readers_own_gets_the_general_claims():
    own = {"own": Asked(observables=("c^2", "tanh(c)*w0"), method="certified")}
    studies = ("convergence", "distances", "constants", "chaos", "proof", "finite_volumes", "sources")
    ids = {claim.id.removeprefix("own.") for claim in read_claims(CLAIMS, dict.fromkeys(studies, own)).claims}
    assert ids >= {
        *("slope.c_2", "slope.tanh_c_w0", "slope_sup.tanh_c_w0", "slope_risk.risk"),
        *(
            "slope_distance.w1_c",
            "slope_distance.sliced_w2",
            "ratio_variance.tanh_c_w0",
            "pulls_variance",
            "gaussian",
        ),
        *("coupling.ratio", "slope_martingale.tanh_c_w0", "fv_mass", "own_normal.fv_order.c_2", "share.both"),
    }
    assert "limit" not in ids  # its bound is the tolerance of the default run, not of this one
    assert not any(id.startswith(("sine1d", "ratio_pair", "groups", "dependence")) for id in ids)


def test_every_entry_of_the_files_says_what_a_violation_means():
    asked = {path.stem: {"sine1d": LINE, "mnist": IMAGES} for path in CLAIMS.glob("*.yaml")}
    for claim in read_claims(CLAIMS, asked).claims:
        assert len(claim.violated) > 20, claim.id
        assert not set("{}") & set(claim.id + claim.key + claim.statement + claim.violated)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rule": {**RULE, "kind": "near"}}, ["slope.{observable}: rule", "'near'", "'equals', 'below', 'above'"]),
        ({"rule": {**RULE, "half_width": -1}}, ["rule.equals.half_width", "-1", "greater than 0"]),
        ({"rule": {**RULE, "half_width": {"line": -1, "default": 1}}}, ["rule.equals.half_width", "-1"]),
        ({"rule": {**RULE, "half_width": {"line": 1}}}, ["rule.half_width", "default"]),
        ({"rule": {**RULE, "half_width": {}}}, ["rule.half_width", "default"]),
        ({"rule": {"kind": "below", "limit": 1}}, ["rule.below.limit", "no such key"]),
        ({"for": {"scenario": ["line"], "observable": ["c"]}, "rule": {**RULE, "half_width": {"lime": 1, "default": 1}}},
         ["rule.half_width", "'lime'", "c, line"]),
        ({"for": {"scenario": "certifed", "observable": "all"}}, ["for.scenario", "'certifed'", "certified", "a list"]),
        ({"for": {"scenario": "all", "observable": "c^2"}}, ["for.observable", "'c^2'", "all, a list of names"]),
        ({"for": {"scenario": [], "observable": "all"}}, ["for.scenario", "[]", "one name or more"]),
        ({"for": {"scenario": ["a", "a"], "observable": "all"}}, ["for.scenario", "each once"]),
        ({"for": {"scenario": ["a b"], "observable": "all"}}, ["for.scenario", "'a b'", "letters"]),
        ({"for": {"observable": "all"}, "id": "{observable}", "scenario": "x"}, ["for.observable", "scenario"]),
        ({"for": {**ENTRY["for"], "k": 3}}, ["for.k", "3", "names with words"]),
        ({"for": {**ENTRY["for"], "k": {"a": 1}}}, ["for.k", "words"]),
        ({"for": {**ENTRY["for"], "k": ["3"]}}, [": id", "{k}", "repeat"]),
        ({"for": {**ENTRY["for"], "K": ["3"]}}, ["for.K", "letters a-z"]),
        ({"for": {**ENTRY["for"], **{k: list("abcdef") for k in "pqrst"}}}, ["for", "1000 combinations"]),
        ({"statement": "About {observabel}"}, ["statement", "'{observabel}'", "{scenario}, {observable}"]),
        ({"violated": "if {observable"}, ["violated", "'{'"]),
        ({"key": "{scenario}.{width}"}, ["key", "'{width}'"]),
        ({"id": "{scenario} {observable}"}, ["id"]),
        ({"scenario": "line"}, ["scenario", "'line'", "none if it has"]),
        ({"violated": None}, ["violated"]),
        ({"staement": "s"}, ["staement", "no such key"]),
    ],
)  # fmt: skip
def test_a_bad_entry_is_one_line(claims_of, changes, said):
    with pytest.raises(SpecError) as refusal:
        claims_of(ALONE, {**ENTRY, **changes})
    assert "\n" not in str(refusal.value)
    for part in ["convergence.yaml", *said]:
        assert part in str(refusal.value)


def test_an_entry_without_what_it_needs_is_named_by_its_number(claims_of):
    with pytest.raises(SpecError, match=r"convergence\.yaml: entry 2: id: .*required"):
        claims_of(ALONE, {name: value for name, value in ENTRY.items() if name != "id"})
    with pytest.raises(SpecError, match=r"a\.b: scenario: got None"):
        claims_of({name: value for name, value in ALONE.items() if name != "scenario"})


def test_repeated_ids_are_refused(claims_of):
    with pytest.raises(SpecError, match=r"a\.b: id: .*no other entry"):
        claims_of(ALONE, ALONE)
    with pytest.raises(SpecError, match=r"convergence\.yaml: id: got 'line\.slope\.c_2'; allowed: distinct"):
        claims_of(ENTRY, {**ENTRY, "for": {"scenario": "all", "observable": "all"}})


@pytest.mark.parametrize("content", ["", "a: b", "[]", "- [", "- 3", "- {id: a}", "\t"])
def test_a_file_that_is_no_list_of_entries_is_refused(tmp_path, content):
    (tmp_path / "proof.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SpecError, match=r"proof\.yaml") as refusal:
        read_claims(tmp_path, {})  # though the study is not asked for
    assert "\n" not in str(refusal.value)


def test_files_are_named_like_studies(tmp_path):
    with pytest.raises(SpecError, match="claims: .*STUDY.yaml"):
        read_claims(tmp_path, {})
    (tmp_path / "prof.yaml").write_text(yaml.safe_dump([ALONE]), encoding="utf-8")
    with pytest.raises(SpecError, match=r"prof\.yaml: got 'prof'; allowed: .*proof"):
        read_claims(tmp_path, {})
