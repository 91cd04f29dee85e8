"""figures/README.md, the index: every figure of the workflow, its rule, its claims and its inputs, as they are."""

import re
from itertools import chain
from pathlib import Path

import yaml

from mfnn.pipeline.plan import read_plan
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.families import Asked

ROOT = Path(__file__).parents[2]
RULES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("workflow/rules/*.smk")))
BODIES = dict(re.findall(r"^rule (\w+):\n(.*?)(?=^\S)", RULES + "\n.", re.MULTILINE | re.DOTALL))
PLAN = read_plan(yaml.safe_load((ROOT / "config/paper.yaml").read_text(encoding="utf-8")), ROOT / "config/scenarios")
ASKED = {
    name: Asked(observables=scenario.observables, method="random_batch" if name in PLAN.classified else "certified")
    for name, scenario in PLAN.scenarios.items()
}
STUDIES = {path.stem: ASKED for path in ROOT.glob("config/claims/*.yaml")}
CLAIMS = [claim.id for claim in read_claims(ROOT / "config/claims", STUDIES).claims]
TEXT = (ROOT / "figures/README.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in TEXT.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6 and cells[0].startswith("`")
}


def spread(pattern):
    """A name with alternatives in braces, one by one."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if not found:
        return [pattern]
    parts = (pattern[: found.start()] + part + pattern[found.end() :] for part in found[1].split(","))
    return list(chain.from_iterable(map(spread, parts)))


def quoted(cell):
    return list(chain.from_iterable(map(spread, re.findall(r"`([^`]+)`", cell))))


def matches(pattern, name):
    return re.fullmatch(re.escape(pattern).replace(r"\*", r".*"), name)


def test_every_figure_is_listed_once_with_its_rule_and_script():
    drawn = {name for name in BODIES if name.startswith("plot_")}
    assert {cells[2].strip("`") for cells in ROWS.values()} == drawn
    for name, cells in ROWS.items():
        rule = cells[2].strip("`")
        assert rule == f"plot_{Path(name).stem}" or (name == "explore.html" and rule == "plot_explorer")
        assert (ROOT / f"scripts/{rule}.py").exists()
        assert f'shown("{name}")' in BODIES[rule] or f"}}/{name}" in BODIES[rule]


def test_every_claim_that_a_figure_illustrates_is_judged():
    for name, (_, claims, *_) in ROWS.items():
        assert quoted(claims) or claims == "none", name
        for pattern in quoted(claims):
            assert any(matches(pattern, claim) for claim in CLAIMS), f"{name}: {pattern}"


def test_the_inputs_are_those_of_the_rule():
    """Each is named by the rule, by a function that lists its files, or by the rules whose output it takes."""
    helpers = "\n".join(re.findall(r"^def \w+\(.*?(?=^\S)", RULES, re.MULTILINE | re.DOTALL))
    for name, cells in ROWS.items():
        taken = re.search(r"    input:\n(.*?)^    output:", BODIES[cells[2].strip("`")], re.MULTILINE | re.DOTALL)[1]
        made_by = "".join(BODIES[rule] for rule in re.findall(r"rules\.(\w+)\.output", taken))
        named = taken + made_by + helpers * ("_files(" in taken)
        told = quoted(cells[3])
        for path in told:
            assert all(part in named for part in re.split(r"[/*]+", path)), f"{name}: {path}"
        read = set(re.findall(r"\{RESULTS\}/([a-z_]+)/", taken))
        assert told and read <= {path.split("/")[0] for path in told}, name


def test_run_times_are_numbers():
    assert all(0 < int(cells[4]) < 600 for cells in ROWS.values())
