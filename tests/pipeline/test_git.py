"""A helper's output taken as fact: git is believed about the project's own repository alone, whatever its user set."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mfnn.pipeline.git import NO_GIT, NO_REPOSITORY, SOMEONE_ELSES, Repository
from mfnn.pipeline.provenance import provenance
from mfnn.pipeline.workflow import EPOCH_WITHOUT_GIT, Home

WHO = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
SECONDS = 1_700_000_000
WHEN = {f"GIT_{role}_DATE": f"{SECONDS} +0900" for role in ("AUTHOR", "COMMITTER")}


def run(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, **WHO, **WHEN}, capture_output=True, check=True)
    return done.stdout.decode().strip()


def committed(folder: Path) -> str:
    """A repository made of all that lies in a folder; its commit."""
    run(folder, "init", "--quiet")
    run(folder, "add", ".")
    run(folder, "commit", "--quiet", "-m", "one")
    return run(folder, "rev-parse", "HEAD")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, not yet a repository, and a user's home without a configuration of git."""
    folder = tmp_path / "outer" / "mfnn"
    folder.mkdir(parents=True)
    (folder / "requirements.lock").write_text("numpy==1", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return folder


def test_the_projects_own_repository_is_recorded(project: Path) -> None:
    commit = committed(project)
    repository = Repository(project)
    assert (repository.missing, repository.doubt) == (None, None)
    assert (repository.head, repository.state) == ((commit, SECONDS), commit)
    assert repository.last_change("requirements.lock") == commit and not repository.edited("requirements.lock")
    (project / "requirements.lock").write_text("numpy==2", encoding="utf-8")
    assert Repository(project).state == f"{commit}-dirty" and repository.edited("requirements.lock")


def test_a_release_without_git_is_not_there_and_nothing_to_speak_of(project: Path) -> None:
    repository = Repository(project)
    assert (repository.missing, repository.doubt, repository.head) == (NO_REPOSITORY, None, None)
    assert Home(str(project)).last_commit_time == EPOCH_WITHOUT_GIT


@pytest.mark.parametrize("kept", [True, False])
def test_another_projects_repository_is_not_ours(project: Path, kept: bool) -> None:
    """Vendored as a subfolder of it, or unpacked inside it with the remains of a folder .git."""
    if kept:
        (project / ".git").mkdir()
    committed(project.parent)
    run(project.parent, "remote", "add", "origin", "https://example.org/theirs/outer.git")
    repository, home = Repository(project), Home(str(project))
    assert repository.missing == SOMEONE_ELSES and repository.doubt and SOMEONE_ELSES in repository.doubt
    assert (home.last_commit_time, home.web_address) == (EPOCH_WITHOUT_GIT, None)
    record = provenance(project / "requirements.lock", "run", 1)
    assert (record["commit"], record["commit_missing"]) == (None, SOMEONE_ELSES)


def test_a_signed_commit_that_is_shown_with_its_signature(project: Path) -> None:
    """`log.showSignature` in the user's and in the repository's configuration; the check of it fails, and says so."""
    commit = committed(project)
    raw = run(project, "cat-file", "commit", commit)
    head, _, message = raw.partition("\n\n")
    signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n none\n -----END PGP SIGNATURE-----\n\n{message}\n"
    written = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=project,
        input=signed.encode(),
        capture_output=True,
    )
    run(project, "reset", "--quiet", written.stdout.decode().strip())
    for scope in ("--global", "--local"):
        run(project, "config", scope, "log.showSignature", "true")
    home = Home(str(project))
    assert home.last_commit_time == SECONDS
    assert home.repository.last_change("requirements.lock") == written.stdout.decode().strip()


@pytest.mark.parametrize(
    "set_by_the_user",
    [
        ("log.showRoot", "false"),
        ("alias.rev-list", "!false"),
        ("status.showUntrackedFiles", "all"),
        ("color.ui", "always"),
    ],
)
def test_the_users_configuration_changes_no_answer(project: Path, set_by_the_user: tuple[str, str]) -> None:
    commit = committed(project)
    run(project, "config", "--global", *set_by_the_user)
    (project / "untracked").write_text("", encoding="utf-8")
    assert Repository(project).state == commit


def test_the_address_is_the_one_written_down(project: Path) -> None:
    committed(project)
    run(project, "remote", "add", "origin", "https://example.org/group/mfnn.git")
    run(project, "config", "--global", "url.git@mirror:.insteadOf", "https://example.org/")
    assert Home(str(project)).web_address == "https://example.org/group/mfnn"


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_variables_that_point_to_another_repository_are_not_followed(
    project: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, other = committed(project), project.parent.parent / "other"
    other.mkdir()
    (other / "file").write_text("", encoding="utf-8")
    committed(other)
    monkeypatch.setenv(name, str(other / ".git" / ("index" if name == "GIT_INDEX_FILE" else "")))
    assert Repository(project).state == commit


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_another_user_is_refused_until_it_is_declared_safe(project: Path) -> None:
    commit = committed(project)
    for path in (project, *project.rglob("*")):
        os.chown(path, 12345, 12345)
    refused = Repository(project)
    assert refused.missing and refused.missing.startswith("git refuses: ") and "ownership" in refused.missing
    assert (refused.state, refused.remote) == (None, None)
    run(project, "config", "--global", "safe.directory", str(project))
    assert Repository(project).state == commit


def test_without_git_a_checkout_is_told_from_a_release(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(project)
    monkeypatch.setenv("PATH", "")
    repository = Repository(project)
    assert repository.missing == NO_GIT and repository.doubt and repository.state is None
    shutil.rmtree(project / ".git")
    assert Repository(project).missing == NO_REPOSITORY


def test_a_shallow_clone_knows_its_commit_but_not_who_changed_what(project: Path) -> None:
    committed(project)
    (project / "new").write_text("", encoding="utf-8")
    run(project, "add", ".")
    run(project, "commit", "--quiet", "-m", "two")
    shallow = project.parent / "shallow"
    run(project, "clone", "--quiet", "--depth", "1", f"file://{project}", str(shallow))
    repository = Repository(shallow)
    assert repository.state == run(project, "rev-parse", "HEAD")
    assert repository.last_change("requirements.lock") is None and repository.doubt and "shallow" in repository.doubt


def test_names_and_answers_that_are_not_utf8(project: Path) -> None:
    odd = os.fsdecode(os.fsencode(str(project)) + b"-\xfc\xe4")
    project.rename(odd)
    commit = committed(Path(odd))
    run(Path(odd), "config", "--local", "remote.origin.url", os.fsdecode(b"https://example.org/gr\xfcn/mfnn"))
    assert Repository(Path(odd)).state == commit
    assert Home(odd).web_address is None


def test_a_repository_without_a_commit_has_none(project: Path) -> None:
    run(project, "init", "--quiet")
    repository = Repository(project)
    assert (repository.missing, repository.head, repository.state) == (None, None, None)
