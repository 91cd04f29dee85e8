"""The paper: every number has a key, every reference a target, every figure its rule; equal builds, equal bytes."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from mfnn.limit import refinement
from mfnn.pipeline.links import Code
from mfnn.verdicts.numbers import render, typeset, used_keys

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "paper"
SOURCES = [PAPER / "main.tex", *sorted((PAPER / "sections").glob("*.tex")), PAPER / "refs.bib"]
GUARDS = [
    line
    for path in SOURCES
    for line in re.findall(r"^\s*% only (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
]
ASKED = sorted({token for guard in GUARDS for token in guard.split()})  # everything
TEXT = "\n".join(
    re.sub(r"(?<!\\)%.*", "", path.read_text(encoding="utf-8")) for path in SOURCES if path.suffix == ".tex"
)
FIGURES = {"histograms", "rates", "paths", "risk", "distances", "settling"}
FIGURES |= {"bias", "horizon", "noise", "normalisation", "sparsity", "depth"}
FIGURES |= {"constants", "pulls", "chaos", "groups", "density", "proof_terms", "controls", "sources", "weights"}
TABLES = {"table_scenarios", "table_limit", "table_slopes", "table_claims", "table_runtimes"}
TABLES |= {"table_orders", "table_controls", "table_settling"}
TABLES |= {"table_noise", "table_normalisation", "table_sparsity", "table_depth"}
TABLE = r"\begin{tabular}{lr} \toprule $f$ & value \\ \midrule $c^2$ & $-0.5$ \\ \bottomrule \end{tabular}"

needs_latexmk = pytest.mark.skipif(shutil.which("latexmk") is None, reason="latexmk is not installed")


INTERVAL = {"value": -0.5012, "error": 0.004, "low": -0.509, "high": -0.493}
OBSERVABLES = {
    "sine1d": ["c_2", "w0_2", "c_w0", "cos_w0", "g_0_5"],
    "teacher2d": ["c_2", "w0_2", "c_w1", "cos_w2", "g_0_5_0_5_1"],
    "mnist": ["c0_2", "c5_2", "w300_2", "c0_w784"],
}


def promised_numbers() -> dict[str, object]:
    """An entry for every key that the analyses of the default scenarios write, whatever the configuration."""
    numbers = of_the_run() | of_images() | of_neurons() | of_the_proof() | of_cases()
    for scenario, names in OBSERVABLES.items():
        numbers |= of_scenario(scenario, names)
    for scenario in ("sine1d", "teacher2d"):
        numbers |= of_laws_and_constants(scenario, OBSERVABLES[scenario])
    return numbers


def of_the_run() -> dict[str, object]:
    probes = ("theorem_end", "cauchy_start", "student_start", "student_end", "shift_end", "noise_end", "markov_end")
    probes += ("constant_step_end", "output_limit", "output_start")
    numbers: dict[str, object] = {"run.name": "paper", "run.replicas": 5272, "run.particle_steps": 10**12}
    numbers |= {f"claims.{name}": 6 for name in ("total", "holds", "violated", "inconclusive")}
    numbers |= {f"consequences.ratio.{name}": INTERVAL for name in ("batch_16", "shuffled")}
    return numbers | {f"controls.slope.{probe}": INTERVAL for probe in probes}


def of_cases() -> dict[str, object]:
    """Of networks that studies train for themselves."""
    found = {
        "bias.sine": "reduction constant.w0_2 share.w0_2 extrapolated.w0_2",
        "horizon.growing": "exponent.c_2 exponent_predicted.c_2 exponent.g_0_5 needed.c_2",
        "horizon.decaying": "exponent.c_2 needed.c_2",
        "noise.noisy": "ratio.c_2 change.c_2 change_predicted.c_2 energy.left pair_late.c_2 "
        "order_2_early order_2_late order_4_late",
        "normalisation.half": "variance.g_0_5",
        "normalisation.three_quarters": "variance.g_0_5",
        "sparsity": "growth.w0_2 growth_predicted.w0_2 equal_cost.w0_2",
        "depth.equal": "slope.c_2 apart shared_w",
        "depth.frozen": "moved_slope",
    }
    return {f"{place}.{key}": INTERVAL for place, keys in found.items() for key in keys.split()}


def of_images() -> dict[str, object]:
    sources = ("mnist.share.start", "mnist.share.both", "mnist.slope_variance.output", "mnist.variance.output")
    sources += ("digits.ratio_source.start", "digits.ratio_source.samples", "digits.share.both")
    numbers: dict[str, object] = {"mnist.accuracy_limit": 0.9112, "mnist.settling_width": 10_000}
    numbers |= {f"mnist.{name}": INTERVAL for name in ("accuracy", "settling", "moved", "to_limit")}
    numbers |= dict.fromkeys(sources, INTERVAL) | {f"mnist.precision.{at}": 0.013 for at in ("narrow", "wide")}
    return numbers | {"mnist.precision.narrow_width": 1000, "mnist.precision.wide_width": 3162}


def of_scenario(scenario: str, names: list[str]) -> dict[str, object]:
    kinds = ("slope", "slope_sup", "bias")
    numbers: dict[str, object] = {f"{scenario}.{kind}.{name}": INTERVAL for kind in kinds for name in names}
    numbers |= {f"{scenario}.slope_risk.risk": INTERVAL, f"{scenario}.limit.error": 2.3e-9}
    numbers |= {f"{scenario}.limit.nodes": "16 x 32 parameter nodes, 32 data nodes, rtol 1e-11"}
    return numbers | {
        f"{scenario}.{key}": of for key, of in (("replicas", 5272), ("width_min", 100), ("width_max", 10**5))
    }


def of_laws_and_constants(scenario: str, names: list[str]) -> dict[str, object]:
    distances = ("w1_c", "w1_w0", "sliced_w2", "energy", "mmd")
    kinds = [f"{kind}.{distance}" for kind in ("slope_distance", "ratio_null") for distance in distances]
    kinds += [f"{kind}_variance.{name}" for kind in ("predicted", "ratio") for name in names]
    kinds += [f"pulls_{kind}.standing" for kind in ("variance", "pair")]
    numbers: dict[str, object] = {"limit.tolerance": 1e-8} | dict.fromkeys(kinds, INTERVAL)
    numbers |= {"pulls.cells": 220, "pulls.as_predicted": 0.97}
    numbers |= {"pulls.as_predicted_null": 0.96, "pulls.as_predicted_p": 0.96}
    numbers |= {"gaussian.p": 0.4, "gaussian.width": 10_000, "gaussian.rows": 20}
    return {f"{scenario}.{key}": of for key, of in numbers.items()}


def of_neurons() -> dict[str, object]:
    keys = [f"{kind}_pair.{name}" for kind in ("predicted", "ratio") for name in ("c_w0_w0_2", "c_w0_c_w0")]
    keys += [f"groups.{kind}_{k}" for kind in ("product", "order") for k in (3, 4)]
    keys += [f"groups.{kind}" for kind in ("quarter", "all", "order_root", "ratio_root", "ratio_quarter")]
    keys += [f"joint.{kind}_{at}" for kind in ("up_to_sign", "whole") for at in ("narrow", "remaining")]
    keys += ["coupling.slope", "coupling.slope_sup", "coupling.ratio", "dependence.narrow", "dependence.remaining"]
    numbers: dict[str, object] = {f"sine1d.{key}": INTERVAL for key in keys}
    return numbers | {"sine1d.coupling.predicted": 0.88, "sine1d.dependence.narrow_width": 10}


def of_the_proof() -> dict[str, object]:
    quantities = ("order_least", "order_most", "agreement", "mass", "least", "outside")
    solved = ("sine1d", "sine1d_normal")
    numbers: dict[str, object] = {f"{name}.fv_{quantity}": 1.97 for name in solved for quantity in quantities}
    numbers |= {f"{name}.fv_cells": 256 for name in solved}
    kinds = [f"{kind}_{term}" for kind in ("slope", "constant") for term in ("martingale", "remainder", "last")]
    kinds += ["martingale_square", "increment"]
    numbers |= {f"sine1d.{kind}.{name}": INTERVAL for kind in kinds for name in ("c_2", "c_w0", "cos_w0")}
    return numbers | {"sine1d.slope_moment.fourth": INTERVAL}


def script(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / f"{name}.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8")


def write_numbers(summary: Path, asked: list[str], output: Path) -> subprocess.CompletedProcess[str]:
    options = ["--summaries", summary, "--sources", *SOURCES, "--asked", *asked, "--output", output]
    return script("write_numbers", *options)


def build(
    folder: Path, sources: list[Path], generated: list[Path], figures: list[Path], asked: list[str] = ASKED
) -> subprocess.CompletedProcess[str]:
    options = ["--sources", *sources, "--generated", *generated, "--figures", *figures, "--epoch", 1_700_000_000]
    options += ["--asked", *asked, "--build-folder", folder / "build", "--output", folder / "main.pdf"]
    return script("build_paper", *options)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Path]]:
    """Stand-ins of everything that is generated: numbers and tables, and figures."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "summary.json").write_text(json.dumps(promised_numbers()), encoding="utf-8")
    written = write_numbers(folder / "summary.json", ASKED, folder / "numbers.tex")
    assert written.returncode == 0, written.stderr
    scripts = [ROOT / f"scripts/plot_{name}.py" for name in sorted(FIGURES)]
    linked = script("link_figures", "--scripts", *scripts, "--output", folder / "figure_links.tex")
    assert linked.returncode == 0, linked.stderr
    in_a_forge = Code("src/mfnn/studies/proof/figure.py", "0123456789abcdef", True).tex(
        "https://example.org/group/mfnn"
    )
    with (folder / "figure_links.tex").open("a", encoding="utf-8") as links:
        links.write(rf"\expandafter\def\csname code@plot_proof_terms\endcsname{{{in_a_forge}}}")
    for name in TABLES:
        (folder / f"{name}.tex").write_text(TABLE + "\n", encoding="utf-8")
    figure, _ = plt.subplots(figsize=(5, 3))
    for name in FIGURES:
        figure.savefig(folder / f"{name}.pdf", metadata={"CreationDate": None})
    plt.close(figure)
    return sorted(folder.glob("*.tex")), sorted(folder.glob("*.pdf"))


@pytest.fixture(scope="module")
def built(inputs: tuple[list[Path], list[Path]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the paper built on the stand-ins."""
    folder = tmp_path_factory.mktemp("first")
    done = build(folder, SOURCES, *inputs)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_number_of_the_paper_is_promised() -> None:
    used = used_keys({path.name: path.read_text(encoding="utf-8") for path in SOURCES})
    defined = render(typeset(promised_numbers()), used)
    assert len(defined.splitlines()) == len(used) > 50


def test_every_reference_has_one_label_and_every_label_a_reference() -> None:
    labels = re.findall(r"\\label\{([^}]+)\}", TEXT)
    references = {name for names in re.findall(r"\\[cC]?ref\{([^}]+)\}", TEXT) for name in names.split(",")}
    assert len(labels) == len(set(labels))
    assert references <= set(labels)
    floats = {label for label in labels if label.startswith(("fig:", "tab:"))}
    assert floats <= references


def test_citations_and_bibliography_agree() -> None:
    entries = re.findall(r"^@\w+\{(\w+),", (PAPER / "refs.bib").read_text(encoding="utf-8"), re.MULTILINE)
    cited = {key for keys in re.findall(r"\\cite\w*\{([^}]+)\}", TEXT) for key in keys.split(",")}
    cited |= set(re.findall(r"\\citealp\{(\w+)\}", TEXT))
    assert len(entries) == len(set(entries))
    assert cited == set(entries)


def test_figures_and_tables_are_those_that_the_workflow_makes() -> None:
    assert set(re.findall(r"\\includegraphics\[[^]]*\]\{figures/(\w+)\}", TEXT)) == FIGURES
    assert set(re.findall(r"\\(?:generated|pagebreaking)table\{(\w+)\}", TEXT)) == TABLES
    assert set(re.findall(r"\\input\{sections/(\w+)\}", TEXT)) == {path.stem for path in PAPER.glob("sections/*.tex")}


def test_every_figure_names_the_rule_that_makes_it() -> None:
    figures = re.findall(
        r"\\includegraphics\[[^]]*\]\{figures/(\w+)\}.*?\\madeby\{(\w+)\}.*?\\end\{figure\}", TEXT, re.DOTALL
    )
    assert {name: f"plot_{name}" for name in FIGURES} == dict(figures)
    rules = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "workflow" / "rules").glob("*.smk"))
    for _, rule in figures:
        assert re.search(rf"^\s*rule {rule}:", rules, re.MULTILINE), f"no rule {rule} in workflow/rules"


def test_the_certificate_is_described_as_it_is_computed() -> None:
    assert "two thirds of the nodes" in TEXT and pytest.approx(2 / 3) == refinement.COARSER
    assert re.search(r"tolerance a hundred times\s+as large", TEXT) and refinement.RTOL_STEP == 100
    assert "three times the largest change" in TEXT and refinement.SAFETY == 3
    assert "below a twentieth of the error" in TEXT and refinement.FLOOR == 1 / 20


def test_sources_do_not_depend_on_the_engine() -> None:
    assert all(path.read_bytes().isascii() for path in SOURCES)


@needs_latexmk
def test_the_paper_builds_without_question_marks_or_overflow(built: Path) -> None:
    assert (built / "main.pdf").read_bytes().startswith(b"%PDF")
    log = (built / "build" / "main.log").read_text(errors="replace", encoding="utf-8")
    assert "undefined" not in log.lower()
    too_wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", log)]
    assert max(too_wide, default=0) < 3
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", built / "main.pdf", "-"], capture_output=True, encoding="utf-8", check=True
        ).stdout
        assert "??" not in text and "[?]" not in text


@needs_latexmk
def test_a_run_of_a_scenario_of_ones_own_has_a_paper_of_what_it_asks_for(
    inputs: tuple[list[Path], list[Path]], tmp_path: Path
) -> None:
    """Convergence and constants of one scenario that no source names, from the files that such a run has."""
    asked = ["convergence", "convergence/mine", "constants", "constants/mine", "scenarios/mine"]
    run = {key: value for key, value in promised_numbers().items() if key.startswith(("claims.", "run."))}
    (tmp_path / "summary.json").write_text(json.dumps(run), encoding="utf-8")
    written = write_numbers(tmp_path / "summary.json", asked, tmp_path / "numbers.tex")
    assert written.returncode == 0, written.stderr
    kept = {"rates", "risk", "constants", "pulls", "figure_links"}
    kept |= {f"table_{name}" for name in ("scenarios", "limit", "slopes", "claims", "runtimes")}
    generated, figures = ([path for path in paths if path.stem in kept] for paths in inputs)
    done = build(tmp_path, SOURCES, [*generated, tmp_path / "numbers.tex"], figures, asked)
    assert done.returncode == 0, done.stderr
    assert "undefined" not in (tmp_path / "build" / "main.log").read_text(errors="replace", encoding="utf-8").lower()
    if shutil.which("pdftotext"):
        command = ["pdftotext", tmp_path / "main.pdf", "-"]
        text = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
        assert "Figure 4" in text and "Figure 5" not in text and "??" not in text and "sine1d" not in text


@needs_latexmk
def test_a_second_build_gives_the_same_bytes(
    built: Path, inputs: tuple[list[Path], list[Path]], tmp_path: Path
) -> None:
    assert build(tmp_path, SOURCES, *inputs).returncode == 0
    assert (tmp_path / "main.pdf").read_bytes() == (built / "main.pdf").read_bytes()


@needs_latexmk
def test_a_number_without_definition_stops_the_build(inputs: tuple[list[Path], list[Path]], tmp_path: Path) -> None:
    generated, figures = inputs
    numbers = next(path for path in generated if path.name == "numbers.tex")
    (tmp_path / "numbers.tex").write_text(
        numbers.read_text(encoding="utf-8").replace("claims.total", "claims.sum"), encoding="utf-8"
    )
    others = [path for path in generated if path != numbers]
    refused = build(tmp_path, SOURCES, [*others, tmp_path / "numbers.tex"], figures)
    assert refused.returncode == 1 and not (tmp_path / "main.pdf").exists()
    assert refused.stderr.count("\n") == 1 and "No result has the key 'claims.total'" in refused.stderr
