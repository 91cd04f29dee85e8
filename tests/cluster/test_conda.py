"""The small DAG in the environment of environment.yml: the same bytes as in the environment that runs the tests.

Where there is conda, or a like of it, and its channel answers, that makes the environment. Elsewhere python and pip come
from a channel packed from this machine's own interpreter; the file is still read, solved and installed, its lock by pip.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.full

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
SOLVERS = ("micromamba", "mamba", "conda")
KILLED = {137, -9}
UNREACHABLE = re.compile("connection|timed out|max retries|name resolution|not done within", re.IGNORECASE)


def succeeds(*command, cwd=ROOT, seconds=900):
    """Whether a command succeeds within that time, and the end of what it said."""
    bounded = ("timeout", "--signal=KILL", str(seconds), *command)
    done = subprocess.run(bounded, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    said = (done.stdout + done.stderr)[-2000:]
    return done.returncode == 0, f"{said}\nnot done within {seconds} s" if done.returncode in KILLED else said


def last_line(said):
    return said.strip().splitlines()[-1]


def from_conda(prefix, folder):
    """Let conda, or a like of it, make the environment; False where there is none or its channel cannot be reached."""
    solver = next(filter(shutil.which, SOLVERS), None)
    command = (solver, "env", "create", "--yes", "--prefix", str(prefix), "--file", "environment.yml")
    made = solver is not None and succeeds(*command, cwd=folder)[0]
    if not made:
        shutil.rmtree(prefix, ignore_errors=True)
    return made


def from_this_interpreter(prefix, folder, scratch):
    """Make the environment from a channel packed here, then let pip install the file's pip part as conda would."""
    *specs, pip = yaml.safe_load((folder / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    if "python={}.{}".format(*sys.version_info) not in specs:
        pytest.skip(
            f"no conda here, and this is Python {sys.version_info.major}.{sys.version_info.minor}: not of {specs}"
        )
    tools = scratch / "tools"
    succeeds(sys.executable, "-m", "venv", str(tools))
    made, said = succeeds(str(tools / "bin/pip"), "install", "--quiet", "-r", str(HERE / "requirements.txt"))
    if not made:
        pytest.skip(f"neither conda nor py-rattler can be had here: {last_line(said)}")
    script = str(HERE / "conda_environment.py")
    made, said = succeeds(str(tools / "bin/python"), script, str(prefix), str(scratch / "channel"), *specs)
    assert made, said
    (folder / "pip-part.txt").write_text("\n".join(pip["pip"]) + "\n", encoding="utf-8")
    install = (str(prefix / "bin/python"), "-m", "pip", "install", "--quiet", "--no-compile", "-r", "pip-part.txt")
    made, said = succeeds(*install, cwd=folder)
    if UNREACHABLE.search(said) and not made:
        pytest.skip(f"the index of Python packages does not answer: {last_line(said)}")
    assert made, said


@pytest.fixture(scope="module")
def in_conda(copied, tmp_path_factory):
    """A copy of the project and the interpreter of the environment made from its environment.yml."""
    folder, scratch = copied("conda"), tmp_path_factory.mktemp("environment")
    prefix = scratch / "mfnn"
    if not from_conda(prefix, folder):
        from_this_interpreter(prefix, folder, scratch)
    package = ("install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    made, said = succeeds(str(prefix / "bin/python"), "-m", "pip", *package, cwd=folder)
    assert made, said
    return folder, str(prefix / "bin/python")


def pinned(lines):
    """The packages with their versions of `pip freeze` or a lock, by their normalised names."""
    pairs = (line.split()[0].split("==") for line in lines if re.match(r"[\w.-]+==", line))
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in pairs}


def test_versions_are_those_of_the_lock(in_conda):
    folder, python = in_conda
    listed = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, encoding="utf-8", check=True).stdout
    installed = pinned(listed.splitlines())
    assert {"numpy", "snakemake", "numba"} <= {name for name, _ in installed}
    assert installed <= pinned((folder / "requirements.lock").read_text(encoding="utf-8").splitlines())


def test_results_are_bitwise_those_of_the_tests_own_environment(in_conda, run_small, local, contents):
    folder, python = in_conda
    done = run_small(folder, "--cores", "2", python=python)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    there = contents(folder)
    assert there.keys() == local.keys()
    assert [name for name in local if local[name] != there[name]] == []
