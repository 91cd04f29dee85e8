"""Whatever a run asks for, its paper has no hole: no reference, figure, table or number of what it does not make."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from mfnn.pipeline.plan import read_plan
from mfnn.pipeline.sections import PaperError, read_shown, shown

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "paper"
STUDIES = sorted(path.parent.name for path in ROOT.glob("src/mfnn/studies/*/__init__.py"))
SOURCES = sorted(PAPER.rglob("*.tex"))
GUARDS = [
    line
    for path in SOURCES
    for line in re.findall(r"^\s*% only (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
]
EVERYTHING = frozenset(token for guard in GUARDS for token in guard.split()) | set(STUDIES)
OF_CASES = ("bias", "horizon", "noise", "normalisation", "sparsity", "depth")  # whose keys begin with their names
CASES = {token.partition("/")[2] for token in EVERYTHING if token.partition("/")[0] in OF_CASES}
SHIPPED = sorted(path.stem for path in ROOT.glob("config/scenarios/*.yaml"))
FIGURES = {  # what draws them: a study, or a part of one that a run may leave out
    **dict.fromkeys(("rates", "risk"), "convergence"),
    **dict.fromkeys(("constants", "pulls"), "constants"),
    **dict.fromkeys(("settling", "weights"), "settling"),
    **{study: study for study in ("distances", "chaos", "controls", "sources")},
    **{study: study for study in OF_CASES},
    **{"proof_terms": "proof", "density": "finite_volumes", "paths": "convergence.paths"},
    **{"groups": "chaos.groups", "histograms": "distances.histograms"},
}
PARTS = {name for name in FIGURES.values() if "." in name}
TABLES = {"limit": "convergence", "slopes": "convergence", "orders": "finite_volumes", "controls": "controls"}
TABLES |= {"settling": "settling"}
TABLES |= {study: study for study in OF_CASES if study not in ("bias", "horizon")}
TABLES |= dict.fromkeys(("scenarios", "claims", "runtimes"))  # of every run
NUMBERS = {  # the second words of the keys of a study on a scenario
    "convergence": "limit slope slope_sup slope_risk bias replicas width_min width_max",
    "distances": "slope_distance ratio_null",
    "constants": "predicted_variance predicted_pair ratio_variance ratio_pair pulls pulls_variance pulls_pair gaussian",
    "chaos": "coupling dependence joint",
    "chaos.groups": "groups",
    "proof": "slope_martingale slope_remainder slope_last slope_moment martingale_square increment"
    " constant_martingale constant_remainder constant_last",
    "finite_volumes": "fv_cells fv_order_least fv_order_most fv_agreement fv_mass fv_least fv_outside",
    "settling": "settling settling_width moved to_limit accuracy accuracy_limit",
    "sources": "share ratio_source variance slope_variance",
    "precision": "precision",
}
OF_A_RUN = {"claims", "run"}
OF_THE_CONTROLS = {"consequences", "controls"}


def of(studies, scenario):
    """A run that asks for studies, with all their parts, on one scenario."""
    names = [name for study in studies for name in (study, *(part for part in PARTS if part.startswith(f"{study}.")))]
    return {*names, *(f"{name}/{scenario}" for name in names), f"scenarios/{scenario}"}


def without(study):
    """Everything but a study and all that is said about it."""
    return {token for token in EVERYTHING if re.split(r"[./]", token)[0] != study}


RUNS = {
    "everything": set(EVERYTHING),
    **{f"without {study}": without(study) for study in STUDIES},
    **{f"without {name}": {token for token in EVERYTHING if name not in token} for name in ("sine1d", "mnist")},
    **{f"only {study}": {token for token in EVERYTHING if token.startswith(study)} for study in STUDIES},
    **{f"only {name}": {token for token in EVERYTHING if token.endswith(("/" + name, *STUDIES))} for name in SHIPPED},
    **{f"{study} of a reader's own scenario": of([study], "mine") for study in STUDIES},
    "convergence and constants of a reader's own scenario": of(["convergence", "constants"], "mine"),
    "bare convergence": {"convergence", "convergence/mine", "scenarios/mine"},
    "bare chaos and settling": {"chaos", "chaos/mine", "settling", "settling/mine"},
}


def paper(asked):
    """The main file with the sections it reads in their places, without comments."""
    read = {path.stem: re.sub(r"(?<!\\)%.*", "", text) for path, text in read_shown(SOURCES, asked).items()}
    return re.sub(r"\\input\{sections/(\w+)\}", lambda found: read[found[1]], read["main"])


def producer(key):
    """The token of the study that gives a key its number; None for those of every run."""
    scenario, kind = key.split(".")[:2]
    if scenario in OF_A_RUN:
        return None
    if scenario in OF_THE_CONTROLS:
        return "controls"
    if scenario in OF_CASES:
        return f"{scenario}/{kind}" if kind in CASES else scenario
    return next(f"{study}/{scenario}" for study, kinds in NUMBERS.items() if kind in kinds.split())


@pytest.fixture(params=RUNS.values(), ids=RUNS)
def run(request):
    """What a run asks for, and the text of its paper."""
    return request.param, paper(request.param)


def test_every_reference_has_its_label_and_every_float_a_reference(run):
    _, text = run
    labels = Counter(re.findall(r"\\label\{([^}]+)\}", text))
    cited = {name for names in re.findall(r"\\(?:[cC]|eq)?ref\{([^}]+)\}", text) for name in names.split(",")}
    assert max(labels.values()) == 1
    assert cited <= set(labels)
    assert {label for label in labels if label.startswith(("fig:", "tab:"))} <= cited


def test_figures_and_tables_are_those_that_the_run_makes(run):
    asked, text = run
    made = {name for name, token in {**FIGURES, **TABLES}.items() if token is None or token in asked}
    assert set(re.findall(r"\\includegraphics\[[^]]*\]\{figures/(\w+)\}", text)) <= made & set(FIGURES)
    assert set(re.findall(r"\\(?:generated|pagebreaking)table\{table_(\w+)\}", text)) <= made & set(TABLES)


def test_numbers_are_those_of_the_studies_asked_for(run):
    asked, text = run
    needed = {producer(key) for key in re.findall(r"\\result\{([^}#]+)\}", text)}
    assert needed - {None} <= asked


def test_no_scenario_is_named_that_the_run_has_not(run):
    asked, text = run
    named = {name.replace("\\_", "_") for name in re.findall(r"\\scenario\{([^}#]+)\}", text)}
    varied = {"sine1d"} if "controls" in asked else set()  # its problem, whether or not the run has the scenario
    assert named <= varied | {token.partition("/")[2] for token in asked}


def test_no_list_is_empty_and_no_heading_bare(run):
    _, text = run
    assert not re.search(r"\\begin\{(itemize|enumerate)\}\s*\\end", text)
    heading = r"\\(?:sub)*section\*?\{[^}]*\}\s*(?:\\label\{[^}]*\}\s*)?"
    assert not re.search(heading + r"(?:\\section\b|\\end\{document\})", text)
    assert not re.search(
        r"\\caption\{\s*\}|\s[,.;:](?=\s)",
        re.sub(r"\$[^$]*\$|\\\[.*?\\\]|\\begin\{(\w+\*?)\}\{?.*?\\end\{\1\}", "", text, flags=re.DOTALL),
    )


def test_all_figures_tables_and_studies_with_claims_are_in_the_whole_paper():
    text = paper(EVERYTHING)
    assert set(re.findall(r"\\includegraphics\[[^]]*\]\{figures/(\w+)\}", text)) == set(FIGURES)
    assert set(re.findall(r"\\(?:generated|pagebreaking)table\{table_(\w+)\}", text)) == set(TABLES)
    sections = re.findall(r"\\input\{sections/(\w+)\}", (PAPER / "main.tex").read_text(encoding="utf-8"))
    assert sorted(sections) == sorted(path.stem for path in PAPER.glob("sections/*.tex"))
    assert set(STUDIES) - set(sections) == {"film", "explorer", "own_table"}


def test_the_default_run_asks_for_all_that_the_paper_has():
    plan = read_plan(
        yaml.safe_load((ROOT / "config/paper.yaml").read_text(encoding="utf-8")), ROOT / "config/scenarios"
    )
    assert set(plan.asked) >= EVERYTHING - {"own_table"}  # which is of a reader's own run


@pytest.mark.parametrize("study", [study for study in STUDIES if (PAPER / f"sections/{study}.tex").exists()])
def test_a_section_is_shown_where_its_study_is_asked_for(study):
    heading = re.search(r"\\section\{[^}]*\}", (PAPER / f"sections/{study}.tex").read_text(encoding="utf-8"))[0]
    assert heading in paper({study}) and heading not in paper(without(study))


def test_guards_name_studies_and_scenarios_that_there_are():
    scenarios = {*SHIPPED, "sine1d_normal", *CASES}
    for token in EVERYTHING:
        name, _, scenario = token.partition("/")
        assert name.split(".")[0] in {*STUDIES, "scenarios"} and (not scenario or scenario in scenarios), token


def test_what_is_asked_for_stands_and_the_rest_is_blank_on_its_own_lines():
    text = "one\n% only a\ntwo\n  % only b/c d\nthree\n\n% end\nfour\n% end\nfive % only a remark\n"
    assert shown(text, ["a", "d", "b/c"]) == text
    assert shown(text, {"a", "d"}) == "one\n% only a\ntwo\n%\n%\n%\n%\nfour\n% end\nfive % only a remark\n"
    assert shown(text, {"d", "b/c"}) == "one\n" + 8 * "%\n" + "five % only a remark\n"


def test_a_section_that_is_not_read_in_is_no_source():
    names = {path.stem for path in read_shown(SOURCES, {"chaos"})}
    assert {"main", "theorem", "chaos"} <= names and not {"constants", "proof"} & names


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("% only a\n% only b\n% end\n", 1, "is not closed"),
        ("% only a\n% end\n% end\n", 3, "closes nothing"),
        ("text\n% end\n", 2, "closes nothing"),
        ("% only\n% end\n", 1, "names neither study nor scenario"),
        ("% only a\n% end a\n", 2, "stands alone"),
    ],
)
@pytest.mark.parametrize("asked", [{"a", "b"}, {"c"}])
def test_guards_that_do_not_pair_are_refused_with_file_and_line(tmp_path, text, line, complaint, asked):
    source = tmp_path / "section.tex"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(PaperError) as refused:
        read_shown([source], asked)
    message = str(refused.value)
    assert message.startswith(f"{source}, line {line}: ") and complaint in message and "\n" not in message
