"""What a user looks for in the package: its names, its version, the reason why an import failed."""

import importlib.metadata
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import mfnn
from mfnn import Problem, Protocol, fluctuations, solve_limit, train
from mfnn.learning.observables import parse
from mfnn.storage import read_dataset, write_dataset

ROOT = Path(__file__).parents[2]


def test_public_names_are_listed_and_there() -> None:
    assert set(mfnn.__all__) | {"__version__"} <= set(dir(mfnn))
    for name in mfnn.__all__:
        assert getattr(mfnn, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'tran'"):
        _ = mfnn.tran


def test_the_version_is_the_installed_one() -> None:
    assert mfnn.__version__ == importlib.metadata.version("mfnn")


@pytest.mark.parametrize("broken", ["particles/train.py", "learning/observables.py"])
def test_an_attribute_error_below_reaches_the_user_as_itself(copied, broken: str) -> None:
    folder = copied(broken.replace("/", "_").removesuffix(".py"))
    file = folder / "src/mfnn" / broken
    file.write_text(file.read_text() + "\nimport numpy\nnumpy.no_such_thing\n")
    script = f"import sys; sys.path.insert(0, {str(folder / 'src')!r}); from mfnn import train"
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    ).stderr
    assert "no_such_thing" in shown.splitlines()[-1]
    assert str(file) in shown
    assert "cannot import name" not in shown


def test_a_record_says_what_made_it(three_points: Problem, tmp_path: Path) -> None:
    protocol = Protocol(batch=3, step_exponent=1.25)
    runs = train(three_points, 10, [0], [0.5], ["c"], root_seed=7, samples_of=2, protocol=protocol)
    write_dataset(runs, tmp_path / "runs.nc")
    made = read_dataset(tmp_path / "runs.nc").attrs
    assert made["problem"] == "three_points"
    assert (made["width"], made["root_seed"], made["samples_of"]) == (10, 7, 2)
    assert made["learning_rate"] == three_points.learning_rate
    assert Protocol.model_validate(json.loads(made["protocol"])) == protocol
    assert made["mfnn_version"] == mfnn.__version__


def test_a_seed_of_any_size_can_be_written(three_points: Problem, tmp_path: Path) -> None:
    write_dataset(train(three_points, 10, [0], [0.5], root_seed=2**100), tmp_path / "runs.nc")
    assert int(read_dataset(tmp_path / "runs.nc").attrs["root_seed"]) == 2**100


def test_results_travel_and_are_compared(three_points: Problem) -> None:
    limit = solve_limit(three_points, [0.0, 1.0], 1e-3)
    found, other = (fluctuations(limit, names, 1.0) for names in (["c^2", "c"], ["c^2", "w0"]))
    arrived = pickle.loads(pickle.dumps(found))
    xr.testing.assert_identical(arrived.covariance, found.covariance)
    assert arrived == found
    assert found != other
    assert "covariance" in repr(found)
    assert limit.certificate == pickle.loads(pickle.dumps(limit.certificate))
    assert parse("g(0.5)", three_points) == pickle.loads(pickle.dumps(parse("g(0.5)", three_points)))
    assert np.isfinite(arrived.error).all()
