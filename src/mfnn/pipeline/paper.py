"""The paper as a PDF whose bytes depend on its sources and a date alone, and its sources as arXiv takes them."""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mfnn.errors import MfnnError
from mfnn.storage import replacing, write_text

REMEDY = "install latexmk texlive-latex-recommended texlive-latex-extra texlive-science lmodern"
PROGRAMS = ("latexmk", "pdflatex", "bibtex")
LATEXMK = "latexmk -norc -gg -pdf -interaction=nonstopmode -halt-on-error -file-line-error main"
ERROR = re.compile(r"^\S+\.\w+:\d+: .+|^! .+", re.MULTILINE)
WARNING = re.compile(r"^.* Warning: .*(?:undefined|multiply.defined).*", re.MULTILINE)
NOT_FOUND = re.compile(r"File `.+' not found")
CLASS = re.compile(r"^\s*\\documentclass(?:\[[^]]*\])?\{([^}]+)\}", re.MULTILINE)
PACKAGE = re.compile(r"^\s*\\usepackage(?:\[[^]]*\])?\{([^}]+)\}", re.MULTILINE)
IN_EVERY_LATEX = "article.cls"
OF_THE_USER = {
    "TEXINPUTS",
    "BIBINPUTS",
    "BSTINPUTS",
    "TEXMFOUTPUT",
    "LATEXMKRCSYS",
}  # would find other files than are staged
PACKED = {".tex", ".bbl", ".pdf"}


def build(
    sources: Mapping[Path, str], staged: Mapping[str, Sequence[Path]], folder: Path, epoch: int, output: Path
) -> None:
    """Build main.tex in `folder`, emptied before: the texts of `sources`, and `staged` in folders of those names.

    `epoch` dates the PDF.

    Raises `MfnnError` where a program is missing, with the first error, or with a reference that is not defined.
    """
    if missing := [name for text in sources.values() for name in lacking(text)]:
        raise MfnnError(f"{' and '.join(dict.fromkeys(missing))} not found; {REMEDY}")
    shutil.rmtree(folder, ignore_errors=True)  # sections of an earlier run would be packed for arXiv
    root = os.path.commonpath([path.parent for path in sources])
    for path, text in sources.items():
        write_text(text, folder / path.relative_to(root))
    for path, place in [(path, folder / name / path.name) for name, paths in staged.items() for path in paths]:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    own = {name: value for name, value in os.environ.items() if name not in OF_THE_USER}
    fixed = {"SOURCE_DATE_EPOCH": str(epoch), "FORCE_SOURCE_DATE": "1", "max_print_line": "10000"}
    stopped = subprocess.run(LATEXMK.split(), cwd=folder, env=own | fixed, stderr=subprocess.STDOUT).returncode
    _check_log(folder / "main.log", stopped)
    with replacing(output) as temporary:
        shutil.copyfile(folder / "main.pdf", temporary)


def lacking(source: str) -> list[str]:
    """The programs, and the class and packages that a source of LaTeX names, which are not installed here.

    A kpsewhich that does not even know what every LaTeX has is not believed: the build itself will tell.
    """
    missing = [tool for tool in PROGRAMS if not shutil.which(tool)]
    wanted = [f"{name}.cls" for name in CLASS.findall(source)]
    wanted += [f"{name.strip()}.sty" for names in PACKAGE.findall(source) for name in names.split(",")]
    if not wanted or not shutil.which("kpsewhich"):
        return missing
    asked = subprocess.run(["kpsewhich", IN_EVERY_LATEX, *wanted], capture_output=True, check=False)
    found = {Path(line).name for line in asked.stdout.decode(errors="replace").splitlines()}
    return [*missing, *(name for name in wanted if name not in found)] if IN_EVERY_LATEX in found else missing


def _check_log(log: Path, status: int) -> None:
    """Raise `MfnnError` with the first error of a build, or the first reference that is not defined."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    complaint = ERROR.search(text) or WARNING.search(text)
    if complaint or status:
        said = complaint.group() if complaint else f"latexmk: status {status}"
        raise MfnnError(f"{log}: {said}{f'; {REMEDY}' if NOT_FOUND.search(said) else ''}")


def pack(folder: Path, epoch: int, output: Path) -> None:
    """Pack what `build` left in `folder`, all but the PDF: .tex, .bbl and figures, dated `epoch`."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in PACKED)
    files.remove(folder / "main.pdf")
    with (
        replacing(output) as temporary,
        temporary.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=epoch) as packed,
        tarfile.open(None, "w", packed) as archive,
    ):
        for path in files:
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size, entry.mtime = path.stat().st_size, epoch
            archive.addfile(entry, io.BytesIO(path.read_bytes()))
