"""Captions name the code that drew a figure; its address is the repository's on the web, never a folder or a password."""

import subprocess
from pathlib import Path

import pytest

from mfnn.pipeline.git import Repository
from mfnn.pipeline.links import Code, code_at, drawn_by, macros, web_address

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(ROOT.glob("scripts/plot_*.py"))
WHO = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


@pytest.mark.parametrize(
    "remote",
    [
        "https://example.org/group/mfnn.git",
        "https://example.org/group/mfnn/",
        "https://someone:secret@example.org/group/mfnn",
        "git@example.org:group/mfnn.git",
        "ssh://git@example.org:2222/group/mfnn.git",
    ],
)
def test_a_forge_has_one_address(remote):
    assert web_address(remote) == "https://example.org/group/mfnn"


@pytest.mark.parametrize(
    "remote",
    [
        *(None, "", "/srv/git/mfnn.git", "../mfnn", "file:///srv/mfnn.git", "C:/git/mfnn", "work:group/mfnn"),
        *(
            "git@host:a/b",
            "https://example.org/a/b%20c",
            r"https://example.org/a/b}\input{c",
            "https://example.org/mfnn",
        ),
    ],
)
def test_everything_else_has_none(remote):
    assert web_address(remote) is None


def test_every_plot_script_names_its_module():
    for script in SCRIPTS:
        assert (ROOT / drawn_by(script)).exists()
    assert drawn_by(ROOT / "scripts/plot_pulls.py") == "src/mfnn/studies/constants/figure.py"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with one figure, and a function that runs git in it."""
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("scripts/plot_a_b.py", "from mfnn.studies.a.b_figure import draw"),
        ("src/mfnn/studies/a/b_figure.py", "A = 1"),
    ):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text(text, encoding="utf-8")

    def git(*arguments):
        done = subprocess.run(["git", *WHO, *arguments], check=True, capture_output=True, encoding="utf-8")
        return done.stdout.strip()

    return git


def test_captions_with_and_without_git_and_a_remote(repository):
    scripts = [Path("scripts/plot_a_b.py")]
    name = r"\texttt{src/\allowbreak mfnn/\allowbreak studies/\allowbreak a/\allowbreak b\_figure.py}"
    define = r"\expandafter\def\csname code@plot_a_b\endcsname"
    assert macros(scripts, Repository(Path())) == f"{define}{{{name}}}\n"
    repository("init", "--quiet")
    assert macros(scripts, Repository(Path())) == f"{define}{{{name}}}\n"
    repository("add", ".")
    repository("commit", "--quiet", "-m", "one")
    commit = repository("rev-parse", "HEAD")
    plain = rf"{name} at \texttt{{{commit[:7]}}}"
    assert macros(scripts, Repository(Path())) == f"{define}{{{plain}}}\n"
    repository("remote", "add", "origin", "/srv/git/mfnn.git")
    assert macros(scripts, Repository(Path())) == f"{define}{{{plain}}}\n"
    repository("remote", "set-url", "origin", "git@example.org:group/mfnn.git")
    address = f"https://example.org/group/mfnn/blob/{commit}/src/mfnn/studies/a/b_figure.py"
    assert macros(scripts, Repository(Path())) == rf"{define}{{\href{{{address}}}{{{plain}}}}}" + "\n"


def test_a_commit_elsewhere_does_not_count_and_an_edit_does(repository):
    path, here = "src/mfnn/studies/a/b_figure.py", Repository(Path())
    repository("init", "--quiet")
    repository("add", ".")
    repository("commit", "--quiet", "-m", "one")
    first = repository("rev-parse", "HEAD")
    repository("commit", "--quiet", "--allow-empty", "-m", "two")
    assert code_at(here, path) == Code(path, first, False)
    Path(path).write_text("A = 2", encoding="utf-8")
    assert code_at(here, path) == Code(path, first, True)
    assert ", edited at" in code_at(here, path).tex(None)
