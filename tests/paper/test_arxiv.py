"""The archive for arXiv: built by pdflatex alone in an empty folder, equal bytes for equal sources."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_archive_builds_in_an_empty_folder(tmp_path):
    staged = tmp_path / "staged"
    (staged / "sections").mkdir(parents=True)
    text = r"\documentclass{amsart}\begin{document}\input{sections/one}\input{main.bbl}\end{document}"
    (staged / "main.tex").write_text(text, encoding="utf-8")
    (staged / "sections/one.tex").write_text(r"One \cite{a}.", encoding="utf-8")
    bibliography = r"\begin{thebibliography}{1}\bibitem{a} A.\end{thebibliography}"
    (staged / "main.bbl").write_text(bibliography, encoding="utf-8")
    for left_out in ("main.pdf", "main.aux", "main.log"):
        (staged / left_out).write_text("not packed", encoding="utf-8")
    for name in ("one.tar.gz", "two.tar.gz"):
        command = [sys.executable, "scripts/pack_arxiv.py", "--build-folder", staged, "--epoch", "1525305600"]
        subprocess.run([*command, "--output", tmp_path / name], cwd=ROOT, check=True)
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()
    empty = tmp_path / "empty"
    with tarfile.open(tmp_path / "one.tar.gz") as archive:
        # Python 3.11 has the filter from 3.11.4 on.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        archive.extractall(empty)
    assert sorted(path.name for path in empty.iterdir()) == ["main.bbl", "main.tex", "sections"]
    for _ in range(2):
        latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main"]
        subprocess.run(latex, cwd=empty, check=True, capture_output=True)
    assert "undefined" not in (empty / "main.log").read_text(errors="replace", encoding="utf-8")
