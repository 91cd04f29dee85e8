"""A packaging list tested with the tool's own filter: the image of Containerfile and .dockerignore, built by buildah.

Where its base can be pulled the whole image is built and a run is planned in it. Elsewhere what it copies is built from
scratch, without the commands that need a base, and the run is planned there by the environment of the tests.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
PLAN = ("--dry-run", "--quiet", "rules", "--cores", "1", "--configfile=config/smoke.yaml")
FILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
BASE = re.search(r"^FROM (\S+)", FILE, re.MULTILINE)[1]
Buildah = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    """buildah(*arguments): a process of it, with images and containers of its own; it is stopped after `seconds`."""
    if not shutil.which("buildah"):
        pytest.skip("no buildah here: apt-get install buildah")
    store = tmp_path_factory.mktemp("images")
    own = ["buildah", "--storage-driver", "vfs", "--root", store / "root", "--runroot", store / "run"]

    def run(*arguments: object, seconds: int = 300) -> subprocess.CompletedProcess[str]:
        bounded = ["timeout", "--signal=KILL", str(seconds), *own, *arguments]
        return subprocess.run(list(map(str, bounded)), capture_output=True, encoding="utf-8", check=False)

    yield run
    run("rm", "--all")
    run("rmi", "--all", "--force")


@pytest.fixture(scope="module")
def project(copied: Callable[[str], Path]) -> Path:
    """The project as users have it: with an environment, results and a paper that are none of the image's."""
    folder = copied("image")
    for name in (
        "results/tour.html",
        "paper/generated/numbers.tex",
        ".snakemake/log/a.log",
        "src/mfnn/__pycache__/a.pyc",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("not for the image", encoding="utf-8")
    return folder


def without_commands(text: str) -> str:
    """A Containerfile from scratch, with what it copies and without what it runs."""
    lines = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return "\n".join(["FROM scratch", *(line for line in lines if not re.match(r"FROM|RUN", line))]) + "\n"


@pytest.fixture(scope="module")
def built(buildah: Buildah, project: Path) -> tuple[str, bool]:
    """The image, and whether it is the whole one."""
    whole = buildah("pull", "--quiet", BASE, seconds=120).returncode == 0
    if not whole:
        (project / "Containerfile").write_text(without_commands(FILE), encoding="utf-8")
    options = ("--isolation", "chroot", "--quiet", "--tag", "mfnn", "--file", project / "Containerfile")
    done = buildah("build", *options, project, seconds=3600)
    assert done.returncode == 0, done.stderr[-3000:]
    return "mfnn", whole


@pytest.fixture(scope="module")
def container(buildah: Buildah, built: tuple[str, bool]) -> tuple[str, Path]:
    """A container of the image, and the folder of its files."""
    name = buildah("from", built[0]).stdout.strip()
    mounted = buildah("mount", name)
    if mounted.returncode:
        pytest.skip(f"this user cannot mount a container: {mounted.stderr.strip()[-200:]}")
    return name, Path(mounted.stdout.strip())


def test_it_holds_what_it_copies_and_nothing_that_was_made(container: tuple[str, Path]) -> None:
    there = container[1] / "mfnn"
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", FILE, re.MULTILINE):
        for name in source.split():
            assert (there / name).exists(), name
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    kept = {str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()}
    assert kept - set(listed.stdout.splitlines()) == set()


def test_a_run_is_planned_in_it(container: tuple[str, Path], buildah: Buildah, built: tuple[str, bool]) -> None:
    name, files = container
    if built[1]:
        done = buildah("run", "--isolation", "chroot", name, "--", "snakemake", *PLAN)
    else:
        planned = [sys.executable, "-I", "-m", "snakemake", *PLAN]
        done = subprocess.run(planned, cwd=files / "mfnn", capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.search(r"^train_particles +\d+$", done.stdout + done.stderr, re.MULTILINE)
