"""No home: HOME unset or not writable, a user without a name, as containers have them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mfnn.learning.idx import cache_folder

ROOT = Path(__file__).parents[2]
NAMELESS = ("unshare", "--user", "--map-user=12345", "--map-group=12345")
WORK = """
import getpass
import pytest
from pathlib import Path
with pytest.raises((KeyError, OSError)):
    getpass.getuser()
from mfnn.learning.idx import cache_folder
from mfnn.pipeline.provenance import provenance
from mfnn.show import style
from matplotlib.figure import Figure
from mfnn import Problem, train
uniform = {"law": "uniform", "low": -1, "high": 1}
problem = Problem.model_validate({
    "name": "a", "activation": "tanh", "learning_rate": 1.0, "horizon": 1.0, "initial": {"c": uniform, "w": uniform},
    "data": {"law": "finite", "x": [[-1.0], [0.5]], "y": [0.8, -0.6]},
})
train(problem, 10, [0], [0.0, 1.0], ["c^2"])
Figure().savefig("figure.pdf")
print(cache_folder())
"""
HOMES = {"unset": {}, "not there": {"HOME": "/proc/nowhere"}, "not writable": {"HOME": "/proc"}}


@pytest.fixture
def nameless(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """nameless(command, **variables): a process of a user that has no name and only these variables."""
    if (
        not shutil.which("unshare")
        or subprocess.run([*NAMELESS, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this user cannot become another one: unshare --user is missing or refused")

    def run(*command: object, **variables: str) -> subprocess.CompletedProcess[str]:
        line = [*NAMELESS, "env", "-i", f"PATH={os.environ['PATH']}", *(f"{k}={v}" for k, v in variables.items())]
        return subprocess.run(
            [*line, *map(str, command)], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )

    return run


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_training_and_drawing_need_no_home(nameless, home: dict[str, str]) -> None:
    done = nameless(sys.executable, "-I", "-c", WORK, **home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (f"{home['HOME']}/.cache/mfnn/mnist" if home else "None")


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_make_gives_a_home_and_a_name(nameless, home: dict[str, str]) -> None:
    """Where Snakemake keeps its caches and asks who runs it: it ends with a traceback where it finds neither."""
    shown = nameless("make", "-s", "-C", ROOT, "--eval=shown: ; @echo $$HOME $$USER", "shown", **home)
    assert (shown.returncode, shown.stdout) == (0, f"{ROOT}/.venv/home 12345\n"), shown.stderr


def test_make_keeps_a_home_that_can_be_written(nameless, tmp_path: Path) -> None:
    given = {"HOME": str(tmp_path), "USER": "someone"}
    shown = nameless("make", "-s", "-C", ROOT, "--eval=shown: ; @echo $$HOME $$USER", "shown", **given)
    assert shown.stdout == f"{tmp_path} someone\n"


def test_there_is_no_cache_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert cache_folder() is None
