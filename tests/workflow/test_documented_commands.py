"""Every command in README.md, figures/README.md and docs/ is here, with how it is executed; a new one fails."""

import re
import shlex
from pathlib import Path

import pytest
from sklearn.datasets import load_diabetes

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "figures/README.md", *sorted(ROOT.glob("docs/*.md"))]
PROGRAMS = ("make", "snakemake", "conda", "podman", "kubectl", "pip", "python", "pytest")
SMOKE, FULL = "config/smoke.yaml", "config/full.yaml"
PAPER_WIDTHS = "config/paper_widths.yaml"
SLURM = "snakemake --profile profiles/slurm"

# Really run below, where a finished run is the default one; N is 2.
RUN = {
    "make arxiv": "test_the_archive_holds_the_paper",
    "make docs": "pipeline/test_site.py: test_every_page_opens",
    "make costs": "test_costs_are_predicted",
    f"make costs CONFIG={FULL}": "test_costs_are_predicted",
    "make record-manifest": "test_a_recorded_manifest_is_verified",
    "make verify-published": "test_a_recorded_manifest_is_verified",
    "make help": "test_help_lists_what_the_readme_names",
    "make clean": "test_clean_removes_what_was_built_and_nothing_else",
    "make smoke": "test_dag.py: test_the_report_opens_with_every_figure_and_table",
    "snakemake paper --cores N": "test_targets_of_a_finished_run_have_nothing_to_do",
    f"snakemake verify --cores 2 --configfile={SMOKE}": "test_targets_of_a_finished_run_have_nothing_to_do",
    "snakemake figures --cores N": "test_targets_of_a_finished_run_have_nothing_to_do",
    "snakemake figures/rates.pdf --cores N": "test_targets_of_a_finished_run_have_nothing_to_do",
    f"snakemake --cores N --configfile={SMOKE}": "conftest.py: def smoke",
    f"snakemake --cores 2 --configfile={SMOKE}": "conftest.py: def smoke",
    "snakemake toy verify --cores 2 --configfile=config/toy.yaml": (
        "workflow/test_a_study_from_nothing.py: test_it_runs_to_its_figure_and_its_verdict"
    ),
    "python -m pip install .[table]": "workflow/test_documented_commands.py: of_a_table",
    "python -m pip install .": "pipeline/test_installed.py: test_the_wheel_is_imported_from_another_folder",
    ".venv/bin/mfnn study rows.csv --target y --output out": (
        "studies/own_table/test_own_table.py: test_the_command_leads_to_a_page_that_a_phone_shows"
    ),
    "python: README.md": "test_the_package_alone",
}
# Planned to the last job, or printed to the last line of its recipe, but not run: these take from minutes to a night.
PLANNED = {
    "snakemake --cores N": "test_long_runs_can_be_planned",
    f"snakemake --cores N --configfile={FULL}": "test_long_runs_can_be_planned",
    f"snakemake --cores N --configfile={PAPER_WIDTHS}": "test_long_runs_can_be_planned",
    **{
        f"make{target}": "test_long_recipes_are_known"
        for target in ("", " publish", " bench", " bench INSTRUCTIONS=avx2", " coverage", " test", " test-full")
    },
    **{f"make {target}": "test_long_recipes_are_known" for target in ("test-cluster", "lint")},
}
# Executed by tests with the marker `full`; on a cluster, or planned where there is none.
IN_TESTS_OF_THEIR_OWN = {
    "snakemake results/smoke/summary/errors_three_points.json --cores 2 --configfile=config/smoke.yaml": (
        "workflow/test_documented_commands.py: test_the_scenario_of_the_text_is_run"
    ),
    SLURM: "cluster/conftest.py: profiles/slurm",
    f"{SLURM} --configfile={FULL}": "cluster/test_plans.py: test_snakemake_plans_what",
    f"{SLURM} --configfile={FULL} --default-resources slurm_partition=long slurm_account=me": (
        "cluster/test_plans.py: test_snakemake_plans_what"
    ),
    f"{SLURM} --configfile={FULL} --slurm-no-account --slurm-status-command squeue": (
        "cluster/test_plans.py: test_snakemake_plans_what"
    ),
    "conda env create -f environment.yml": "cluster/test_conda.py: environment.yml",
    "conda env remove -n mfnn": "cluster/test_conda.py: environment.yml",
    "conda activate mfnn": "cluster/test_conda.py: environment.yml",
    "python -m pip install --no-deps --no-build-isolation -e .": "cluster/test_conda.py: --no-build-isolation",
}
# Not executed anywhere, which the text beside them says.
UNTRIED = {
    "podman build -t mfnn .",
    'podman run --rm -v "$PWD/out:/mfnn/results" mfnn --cores 4 --configfile=config/smoke.yaml',
    "kubectl apply -f profiles/kubernetes/job.yaml",
    "kubectl logs -f job/mfnn",
}


def commands(text):
    """The lines of indented and `sh` blocks, and the code in running text that begins with a program's name."""
    fenced = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [*"".join(fenced).splitlines(), *re.findall(r"^ {4}(\S.*)$", prose, re.MULTILINE)]
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]
    found = [*lines, *(span for span in spans if span.split()[0] in PROGRAMS)]
    return {re.sub(r"\s+# .*", "", line).strip() for line in found}


def documented():
    found = set().union(*(commands(path.read_text(encoding="utf-8")) for path in DOCUMENTS))
    python = {
        f"python: {path.name}"
        for path in DOCUMENTS
        if "```python" in path.read_text(encoding="utf-8") and path.parent == ROOT
    }
    return found | python


def test_every_documented_command_is_in_a_table_above():
    known = [*RUN, *PLANNED, *IN_TESTS_OF_THEIR_OWN, *UNTRIED]
    assert len(known) == len(set(known))
    assert documented() == set(known)


def test_a_target_may_follow_every_command():
    """After a space Snakemake takes it for one more configuration."""
    assert [command for command in documented() if "--configfile " in command] == []


def test_no_command_hides_in_a_block_that_is_not_read():
    kinds = {
        kind
        for path in DOCUMENTS
        for kind in re.findall(r"^```(\w*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    } - {""}
    assert kinds <= {"sh", "python", "yaml"}  # those of docs/extending.md: tests/pipeline/test_extending.py
    assert "make lint" in commands("Then `make\nlint`") and "make all" in commands(
        "Or:\n\n    make all  # everything\n"
    )


def test_every_table_names_a_test_that_is_there():
    here = Path(__file__)
    for place in [*RUN.values(), *PLANNED.values(), *IN_TESTS_OF_THEIR_OWN.values()]:
        file, _, name = place.rpartition(": ")
        path = ROOT / "tests" / file if "/" in file else here.parent / (file or here.name)
        assert name in path.read_text(encoding="utf-8"), place


def test_every_row_of_where_it_runs_names_a_test_that_is_there():
    text = (ROOT / "docs/where-it-runs.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    cells = [row.rsplit("|", 2)[1].strip().strip("`") for row in rows]
    assert cells.count("all") == 1 and len(cells) > 20
    for place in filter(lambda cell: cell != "all", cells):
        file, _, name = place.partition(": ")
        assert name in (ROOT / "tests" / file).read_text(encoding="utf-8"), place


def test_what_nobody_tried_is_called_so():
    text = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    assert "Not checked: that the image builds and that a cluster accepts the job" in text


def test_the_package_alone(capsys):
    snippet, of_a_table = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    names = {}
    exec(snippet, names)
    runs, limit = names["runs"], names["limit"]
    exec(of_a_table, names)
    assert names["spread"].shape == (5,) and (names["spread"] > 0).all() and names["limit"].score(*_table()) > 0.4
    assert (abs(runs["c^2"].mean("replica") - limit.mean("c^2")) < 0.05).all()
    assert (limit.error("c^2") <= 1e-8).all()
    assert capsys.readouterr().out.startswith("[")


def _table():
    return load_diabetes(return_X_y=True, as_frame=True)


@pytest.mark.parametrize(
    ("configuration", "jobs"), [([], 21), (["--configfile", FULL], 21), (["--configfile", PAPER_WIDTHS], 13)]
)
def test_long_runs_can_be_planned(configuration, jobs, smoke, snakemake):
    done = snakemake(smoke, "--cores", "2", *configuration, "--dry-run", "--quiet", "rules", "host")
    assert done.returncode == 0, done.stderr[-2000:]
    counted = re.search(r"^train_particles +(\d+)$", done.stdout + done.stderr, re.MULTILINE)
    assert int(counted[1]) >= jobs


@pytest.mark.parametrize("command", [name for name in PLANNED if name.startswith("make")])
def test_long_recipes_are_known(command, smoke, make):
    done = make(smoke, *shlex.split(command)[1:], "--dry-run")
    assert done.returncode == 0, done.stderr
    assert {"make test": "pytest -q", "make lint": "mypy", "make publish": "docs/pictures"}.get(
        command, ""
    ) in done.stdout
    assert "snakemake" in done.stdout or command not in ("make", "make publish")


def test_targets_of_a_finished_run_have_nothing_to_do(finished, smoke, snakemake):
    default = snakemake(finished, "paper", "figures", "figures/rates.pdf", "--cores", "2")
    small = snakemake(smoke, "--cores", "2", f"--configfile={SMOKE}", "verify")
    for done in (default, small):
        assert done.returncode == 0, done.stderr[-2000:]
        assert "Nothing to be done" in done.stdout + done.stderr


def test_the_archive_holds_the_paper(finished, make):
    done = make(finished, "arxiv", "CORES=2")
    assert done.returncode == 0, done.stderr[-2000:]
    assert (finished / "results/arxiv.tar.gz").stat().st_size > 10_000


@pytest.mark.parametrize("arguments", [[], [f"CONFIG={FULL}"]])
def test_costs_are_predicted(arguments, finished, make):
    done = make(finished, "costs", *arguments)
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(r"^total: \d+ jobs", done.stdout, re.MULTILINE)


def test_a_recorded_manifest_is_verified(finished, make):
    for target in ("record-manifest", "verify-published"):
        done = make(finished, target)
        assert done.returncode == 0, done.stderr[-2000:]
    assert (finished / "published.json").exists()


def test_help_lists_what_the_readme_names(finished, make):
    listed = set(re.findall(r"^make ([a-z-]+)", make(finished, "help").stdout, re.MULTILINE))
    named = {command.split()[1] for command in documented() if re.match(r"make [a-z]", command)}
    assert named <= listed


def test_clean_removes_what_was_built_and_nothing_else(finished, make):
    assert make(finished, "clean").returncode == 0
    environment = {"published.json", ".snakemake", ".venv"}
    kept = {path.name for path in finished.iterdir()} - environment
    assert kept == {path.name for path in ROOT.iterdir() if (finished / path.name).exists()} - environment
    assert not (finished / "results").exists() and not (finished / "paper/main.pdf").exists()
    assert [path.name for path in (finished / "figures").iterdir()] == ["README.md"]


@pytest.mark.full
def test_the_scenario_of_the_text_is_run(copied, snakemake):
    folder, text = copied("extended"), (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    entry, study = (
        re.search(rf"^```yaml\n(  {name}:\n.*?)^```", text, re.MULTILINE | re.DOTALL)[1]
        for name in ("three_points", "convergence")
    )
    config = (folder / SMOKE).read_text(encoding="utf-8").replace("scenarios:\n", f"scenarios:\n{entry}", 1)
    without = re.sub(r"^  convergence:\n(    .*\n)*", "", config, flags=re.MULTILINE)
    (folder / SMOKE).write_text(without.replace("studies:\n", f"studies:\n{study}", 1), encoding="utf-8")
    command = next(command for command in commands(text) if "errors_three_points" in command)
    done = snakemake(folder, *shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr[-2000:]
    assert (folder / "results/smoke/summary/errors_three_points.json").exists()
