import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mfnn.errors import MfnnError
from mfnn.pipeline.command import Output, command
from mfnn.storage import replacing

SNAKEMAKE = [
    sys.executable,
    "-I",
    "-X",
    "utf8",
    "-m",
    "snakemake",
    "reported",
    "--cores",
    "1",
    "--nolock",
    "--quiet",
    "all",
]


@command
def main(*, snakefile: Path, configuration: Path, style: Path, output: Output) -> None:
    """Let Snakemake write its report of what the run has made: figures, tables, and how they came about.

    :param snakefile: the workflow
    :param configuration: the run's, as it was started
    :param style: the page's stylesheet
    """
    with tempfile.TemporaryDirectory() as folder, replacing(output) as temporary:
        page = Path(folder, "report.html")
        options = {
            "--snakefile": snakefile,
            "--configfile": configuration,
            "--report": page,
            "--report-stylesheet": style,
        }
        done = subprocess.run(
            [*SNAKEMAKE, *(str(part) for option in options.items() for part in option)], check=False
        )
        if done.returncode:
            raise MfnnError(f"snakemake --report: status {done.returncode}")
        shutil.copyfile(page, temporary)
