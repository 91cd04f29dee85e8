"""What the documentation, the image and the Kubernetes job tell Snakemake to do is accepted; nothing is run."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"conda", "python", "podman", "kubectl"}  # commands of docs/cluster.md that need what may not be here


def commands():
    """The lines of the shell blocks of docs/cluster.md."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/cluster.md").read_text(), re.MULTILINE | re.DOTALL)
    return list(dict.fromkeys(line for block in blocks for line in block.splitlines()))


def plan(folder, *arguments):
    """Snakemake's answer to a dry run in a folder."""
    command = [".venv/bin/snakemake", *arguments, "--dry-run", "--quiet", "rules", "host"]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_documentation_names_only_commands_that_are_known_here():
    assert {shlex.split(command)[0] for command in commands()} == {"snakemake", "make"} | ELSEWHERE


@pytest.mark.parametrize("command", [c for c in commands() if c.startswith("snakemake")])
def test_snakemake_plans_what_the_documentation_says(command, copied):
    done = plan(copied("documented"), *shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(r"^train_particles +\d+$", done.stdout + done.stderr, re.MULTILINE)


@pytest.mark.parametrize("command", [c for c in commands() if c.startswith("make")])
def test_make_knows_what_the_documentation_says(command):
    asked = [*shlex.split(command), "--dry-run"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def image_sources():
    """What the Containerfile copies from the project, with where it goes."""
    copies = re.findall(r"^COPY (.*)$", (ROOT / "Containerfile").read_text(), re.MULTILINE)
    return [(source, place) for *sources, place in map(str.split, copies) for source in sources]


@pytest.fixture
def image(tmp_path, installed):
    """The folder that an image of the Containerfile has, with its package installed."""
    left_out = shutil.ignore_patterns("generated", "__pycache__")
    for source, place in image_sources():
        if (ROOT / source).is_dir():
            assert source == place
            shutil.copytree(ROOT / source, tmp_path / place, ignore=left_out)
        else:
            shutil.copy2(ROOT / source, tmp_path / source)
    installed(tmp_path)
    return tmp_path


def test_what_the_image_copies_is_not_ignored():
    first, *lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert first == "*"
    assert {source for source, _ in image_sources()} == {line[1:] for line in lines if line.startswith("!")}


def test_the_image_can_build_the_package(image):
    asked = [".venv/bin/python", "-m", "build", "--no-isolation", "--wheel"]
    done = subprocess.run(asked, cwd=image, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_image_holds_is_enough_for_the_kubernetes_job(image):
    parts = list(yaml.safe_load_all((ROOT / "profiles/kubernetes/job.yaml").read_text()))
    claim, job = (next(part for part in parts if part["kind"] == kind) for kind in ("PersistentVolumeClaim", "Job"))
    pod = job["spec"]["template"]["spec"]
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    done = plan(image, *pod["containers"][0]["args"])
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_image_has_a_python_of_the_conda_environment(image):
    python, *_ = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert f"FROM python:{python.removeprefix('python=')}-" in (ROOT / "Containerfile").read_text()
