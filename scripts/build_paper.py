"""Build the paper apart from its sources: the PDF's bytes depend on what is staged and on --epoch alone."""

import argparse
import os
import re
import shutil
import subprocess
from pathlib import Path

from mfnn.errors import MfnnError
from mfnn.pipeline.command import run
from mfnn.pipeline.paper import read_shown
from mfnn.storage import replacing, write_text

PACKAGES = "latexmk texlive-latex-recommended texlive-latex-extra texlive-science lmodern"
LATEXMK = "latexmk -norc -gg -pdf -interaction=nonstopmode -halt-on-error -file-line-error main"
ERROR = re.compile(r"^\S+\.\w+:\d+: .+|^! .+", re.MULTILINE)
WARNING = re.compile(r"^.* Warning: .*(?:undefined|multiply.defined).*", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", required=True, type=Path, nargs="+", help="main.tex and what is below it")
    parser.add_argument("--asked", required=True, nargs="+", help="what the run shows: studies, study/scenario")
    parser.add_argument("--figures", required=True, type=Path, nargs="*", help="staged in figures/")
    parser.add_argument("--generated", required=True, type=Path, nargs="*", help="staged in generated/")
    parser.add_argument("--build-folder", required=True, type=Path)
    parser.add_argument("--epoch", required=True, type=int, help="the PDF's date in seconds since 1970")
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    if missing := [tool for tool in ("latexmk", "pdflatex", "bibtex") if not shutil.which(tool)]:
        raise MfnnError(f"{' and '.join(missing)} not found; the paper needs the packages {PACKAGES}")
    root, build = os.path.commonpath([path.parent for path in args.sources]), args.build_folder
    for path, text in read_shown(args.sources, args.asked).items():
        write_text(text, build / path.relative_to(root))
    staged = [(path, Path(folder, path.name)) for folder in ("figures", "generated") for path in vars(args)[folder]]
    for path, place in staged:
        (build / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, build / place)
    fixed = {"SOURCE_DATE_EPOCH": str(args.epoch), "FORCE_SOURCE_DATE": "1", "max_print_line": "10000"}
    stopped = subprocess.run(LATEXMK.split(), cwd=build, env=os.environ | fixed, stderr=subprocess.STDOUT).returncode
    log = (build / "main.log").read_text(errors="replace")
    if (complaint := ERROR.search(log) or WARNING.search(log)) or stopped:
        raise MfnnError(f"{build / 'main.log'}: {complaint.group() if complaint else f'latexmk: status {stopped}'}")
    with replacing(args.output) as temporary:
        shutil.copyfile(build / "main.pdf", temporary)


if __name__ == "__main__":
    run(main)
