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

PACKAGES = "latexmk texlive-latex-recommended texlive-latex-extra texlive-science lmodern"
LATEXMK = "latexmk -norc -gg -pdf -interaction=nonstopmode -halt-on-error -file-line-error main"
ERROR = re.compile(r"^\S+\.\w+:\d+: .+|^! .+", re.MULTILINE)
WARNING = re.compile(r"^.* Warning: .*(?:undefined|multiply.defined).*", re.MULTILINE)
PACKED = {".tex", ".bbl", ".pdf"}


def build(
    sources: Mapping[Path, str], staged: Mapping[str, Sequence[Path]], folder: Path, epoch: int, output: Path
) -> None:
    """Build main.tex in `folder`, emptied before: the texts of `sources`, and `staged` in folders of those names.

    `epoch` dates the PDF.

    Raises `MfnnError` where a program is missing, with the first error, or with a reference that is not defined.
    """
    if missing := [tool for tool in ("latexmk", "pdflatex", "bibtex") if not shutil.which(tool)]:
        raise MfnnError(f"{' and '.join(missing)} not found; the paper needs the packages {PACKAGES}")
    shutil.rmtree(folder, ignore_errors=True)  # sections of an earlier run would be packed for arXiv
    root = os.path.commonpath([path.parent for path in sources])
    for path, text in sources.items():
        write_text(text, folder / path.relative_to(root))
    for path, place in [(path, folder / name / path.name) for name, paths in staged.items() for path in paths]:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    fixed = {"SOURCE_DATE_EPOCH": str(epoch), "FORCE_SOURCE_DATE": "1", "max_print_line": "10000"}
    stopped = subprocess.run(LATEXMK.split(), cwd=folder, env=os.environ | fixed, stderr=subprocess.STDOUT).returncode
    log = (folder / "main.log").read_text(encoding="utf-8", errors="replace")
    if (complaint := ERROR.search(log) or WARNING.search(log)) or stopped:
        raise MfnnError(f"{folder / 'main.log'}: {complaint.group() if complaint else f'latexmk: status {stopped}'}")
    with replacing(output) as temporary:
        shutil.copyfile(folder / "main.pdf", temporary)


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
