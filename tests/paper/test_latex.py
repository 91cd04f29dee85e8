"""LaTeX asked with care: what is missing is named before anything is touched, what is wrong in one line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mfnn.pipeline.paper import lacking

ROOT = Path(__file__).parents[2]
needs_latexmk = pytest.mark.skipif(shutil.which("latexmk") is None, reason="latexmk is not installed")


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the script says of a paper that is main.tex in a folder alone."""
    options = [
        "--sources",
        folder / "main.tex",
        "--generated",
        "--figures",
        "--asked",
        "all",
        "--epoch",
        "1700000000",
    ]
    options += ["--build-folder", folder / "build", "--output", folder / "main.pdf"]
    command = [sys.executable, ROOT / "scripts/build_paper.py", *options]
    return subprocess.run([*map(str, command)], capture_output=True, encoding="utf-8", check=False)


@needs_latexmk
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (r"\ref{nowhere}", "Reference `nowhere'"),
        (r"\cite{nobody}", "Citation `nobody'"),
        (r"\nonsense", "main.tex:1"),
    ],
)
def test_a_broken_source_is_one_line_and_leaves_no_pdf(tmp_path: Path, body: str, complaint: str) -> None:
    (tmp_path / "main.tex").write_text(
        rf"\documentclass{{article}}\begin{{document}}Text {body}.\end{{document}}", encoding="utf-8"
    )
    refused = build(tmp_path)
    assert refused.returncode == 1 and not (tmp_path / "main.pdf").exists()
    assert refused.stderr.count("\n") == 1 and complaint in refused.stderr


def test_missing_latexmk_names_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "main.tex").write_text("never read by TeX", encoding="utf-8")
    refused = build(tmp_path)
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    assert "latexmk" in refused.stderr and "texlive-latex-extra" in refused.stderr


@needs_latexmk
def test_a_package_that_is_missing_is_named_before_anything_is_built(tmp_path: Path) -> None:
    """The PDF of an earlier run stays, and so does its folder."""
    (tmp_path / "build").mkdir()
    (tmp_path / "main.pdf").write_text("%PDF of an earlier run", encoding="utf-8")
    text = r"\documentclass{article}\usepackage[export]{graphicx,no-such-thing}\begin{document}Text.\end{document}"
    (tmp_path / "main.tex").write_text(text.replace(r"\usepackage", "\n" + r"\usepackage"), encoding="utf-8")
    refused = build(tmp_path)
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    assert refused.stderr.startswith("error: no-such-thing.sty not found; install latexmk ")
    assert (tmp_path / "main.pdf").exists() and (tmp_path / "build").is_dir()


@needs_latexmk
def test_a_package_that_a_package_needs_is_named_with_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\n\\RequirePackage{no-such-thing}\n\\begin{document}Text.\\end{document}",
        encoding="utf-8",
    )
    refused = build(tmp_path)
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1
    assert "File `no-such-thing.sty' not found" in refused.stderr and "; install latexmk " in refused.stderr


@needs_latexmk
@pytest.mark.parametrize("answers", ["exit 1", "echo nonsense", "kill -9 $$"])
def test_a_kpsewhich_that_knows_nothing_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: str
) -> None:
    (tmp_path / "kpsewhich").write_text(f"#!/bin/sh\n{answers}\n", encoding="utf-8")
    (tmp_path / "kpsewhich").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert lacking("\\documentclass{article}\n\\usepackage{graphicx}") == []


@needs_latexmk
def test_the_users_folders_of_inputs_are_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/article.cls").write_text(r"\PackageError{mine}{Mine}{}", encoding="utf-8")
    monkeypatch.setenv("TEXINPUTS", f"{tmp_path}/mine:")
    (tmp_path / "main.tex").write_text(
        r"\documentclass{article}\begin{document}Text.\end{document}", encoding="utf-8"
    )
    assert build(tmp_path).returncode == 0
