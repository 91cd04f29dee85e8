"""`mfnn`, the command: a table of one's own, the whole run, what a run costs, a new scenario.

It starts the workflow in the folder where its files are, which is that of the project that the package is installed from.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

from cyclopts import App, CycloptsError, Parameter

import mfnn
from mfnn.errors import MfnnError, SpecError, told
from mfnn.pipeline.new_table import lay_out
from mfnn.pipeline.streams import encode_streams
from mfnn.storage import write_text

HOME = Path(mfnn.__file__).resolve().parents[2]
Cores = Annotated[str, Parameter(help="processor cores, a number or all")]
Profile = Annotated[str | None, Parameter(help="a profile of Snakemake instead, as for a cluster")]

app = App(name="mfnn", version=mfnn.__version__, help_format="plaintext", help_formatter="plain")
app.command(new := App(name="new", help="Begin something of your own."))


@app.command
def study(
    table: Path,
    *,
    target: str,
    output: Path,
    features: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    activation: str = "tanh",
    learning_rate: float = 2.0,
    horizon: float = 3.0,
    error: float = 0.1,
    seed: int = 0,
    drop_missing: Annotated[bool, Parameter(negative=())] = False,
    cores: Cores = "all",
    profile: Profile = None,
) -> None:
    """What an infinitely wide network predicts of a table, how far one of given width is from it, how wide it must be.

    A page, output/results/own_table/page.html, and all of it as CSV and PNG beside. A fifth of the rows are held out. The
    same command goes on where it was stopped.

    :param table: CSV, TSV or Parquet, with a head
    :param target: the column that is learned
    :param output: the folder that is written
    :param features: columns that it is learned from; all others, if left out
    :param activation: of the neurons
    :param learning_rate: the size of N steps
    :param horizon: units of N steps; the page shows what a shorter one would do
    :param error: what outputs are to be within of the limit's, in standard deviations of the target
    :param seed: of held-out rows, starts and samples
    :param drop_missing: leave out rows with missing values
    """
    _need_workflow()
    settings = {
        "activation": activation,
        "learning_rate": learning_rate,
        "horizon": horizon,
        "error": error,
        "seed": seed,
    }
    lay_out(table, target, features or [], drop_missing, output, settings)
    where = ["--profile", profile] if profile else ["--cores", cores]
    _snakemake(["own_table", *where, "--directory", str(output), "--configfile", str(output / "run.yaml")])
    print(f"  page        {output / 'results/own_table/page.html'}")


@app.command
def run(config: Path = Path("config/paper.yaml"), *, cores: Cores = "all", profile: Profile = None) -> None:
    """The whole run of a configuration: figures, tables, verdicts, report and paper.

    :param config: the run's configuration; relative to the project's folder where it is not here
    """
    _need_workflow()
    where = ["--profile", profile] if profile else ["--cores", cores]
    _snakemake([*where, "--configfile", str(_found(config))], folder=HOME)


@app.command
def costs(config: Path = Path("config/full.yaml")) -> None:
    """What a run would take, from a finished default run, and which of its claims need more replicas.

    :param config: the run to come
    """
    _need_workflow()
    _end(subprocess.run(["make", "costs", f"CONFIG={_found(config)}"], cwd=HOME, check=False).returncode)


@new.command
def scenario(name: str, *, base: str) -> None:
    """A scenario of one's own in config/scenarios, to be edited: a copy of one that is there.

    :param name: of the new one
    :param base: the one that is copied
    """
    _need_workflow()
    folder = HOME / "config/scenarios"
    known = ", ".join(sorted(path.stem for path in folder.glob("*.yaml")))
    source, path = folder / f"{base}.yaml", folder / f"{name}.yaml"
    if not name.isidentifier():
        raise SpecError("name", name, "letters, digits and _, a letter first")
    if not source.is_file():
        raise SpecError("base", base, f"one of {known}")
    if path.exists():
        raise SpecError("name", name, f"one that is not there; there are {known}")
    write_text(source.read_text(encoding="utf-8"), path)
    print(f"{path}: edit it, then name it in a run's configuration (docs/extending.md)")


def main() -> None:
    """The command line; an error that the user can mend is one line and status 1, a mistake in the line itself status 2."""
    encode_streams()
    try:
        function, arguments, _ = app.parse_args(exit_on_error=False, print_error=False)
        function(*arguments.args, **arguments.kwargs)
    except CycloptsError as error:
        error.verbose = False
        _end(2, " ".join(str(error).split()))
    except (MfnnError, OSError) as error:
        _end(1, told(error))
    except KeyboardInterrupt:
        _end(130, "interrupted")


def _need_workflow() -> None:
    """Raise `SpecError` where the package was installed without the workflow's files."""
    if not (HOME / "Snakefile").is_file():
        raise SpecError(
            "workflow", str(HOME), "the project's folder: clone it, and there run make or python -m pip install -e ."
        )


def _found(config: Path) -> Path:
    """The file as named, or in the project's folder; raises `SpecError` where it is in neither."""
    for path in (config, HOME / config):
        if path.is_file():
            return path.resolve()
    raise SpecError("config", str(config), "the file of a run's configuration, such as config/smoke.yaml")


def _snakemake(arguments: list[str], folder: Path | None = None) -> None:
    """Run the workflow; ends with its status where that is not 0."""
    called = [sys.executable, "-m", "snakemake", "--snakefile", str(HOME / "Snakefile"), "--quiet", "reason", "host"]
    # values of an option that takes several end where the next option begins
    status = subprocess.run([*called, "--rerun-incomplete", *arguments], cwd=folder, check=False).returncode
    if status:
        _end(status)


def _end(status: int, complaint: str = "") -> NoReturn:
    sys.stdout.flush()
    if complaint:
        print(f"error: {complaint}", file=sys.stderr, flush=True)
    os._exit(status)
