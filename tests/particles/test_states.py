"""Saved states: a training that was killed goes on from its last one, to the same bits; no other state is used."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from mfnn import Problem, Protocol, train
from mfnn.errors import SpecError
from mfnn.particles import clouds
from mfnn.particles import train as training
from mfnn.particles.states import States
from mfnn.storage import is_temporary

SEED = 18050105


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few steps and groups of two replicas, so that there is a state to be saved at many places."""
    monkeypatch.setattr(training, "CHUNK", 1)
    monkeypatch.setattr(training, "LEAST_CHUNK", 7)
    monkeypatch.setattr(clouds, "GROUP", 160)


def problem(kind: str, vary) -> tuple[Problem, Protocol]:
    rng = np.random.default_rng(2)
    tall = {"data.x": rng.normal(size=(8, 40)) / 6, "data.y": rng.normal(size=(8, 2))}
    changes = {
        "fused": {"data.weights": [0.2, 0.5, 0.3]},
        "noisy": {"temperature": 0.1, "decay": 0.2},
        "blocked": tall,
        "single": tall,
    }[kind]
    protocol = Protocol(precision="single" if kind == "single" else "double")
    return vary("three_points", {"data.noise_std": 0.3, **changes}), protocol


def run(given: tuple[Problem, Protocol], states: States | None = None, width: int = 70) -> xr.Dataset:
    points = np.linspace(-1, 1, 2 * given[0].dim).reshape(2, -1)
    first = "c^2" if given[0].outputs == 1 else "c1^2"
    asked = {"keep": 30, "keep_times": [1.0, 2.0], "follow": 2, "evaluate": points, "protocol": given[1]}
    return train(given[0], width, range(5), [0.0, 0.4, 1.0, 2.0], [first, "cos(w0)"], states=states, **asked)


class Killed(Exception):
    """In place of a signal."""


class Ticks:
    """A clock that a state is saved at every tick of, and that kills at one of them."""

    def __init__(self, until: float = np.inf) -> None:
        self.ticks, self.until = itertools.count(), until

    def __call__(self) -> int:
        now = next(self.ticks)
        if now >= self.until:
            raise Killed
        return now


def killed(given: tuple[Problem, Protocol], path: Path, tick: int) -> bool:
    """Train until a tick; whether that was before the end."""
    try:
        run(given, States(path, "code", 1, Ticks(tick)))
    except Killed:
        return True
    return False


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("kind", ["fused", "noisy", "blocked", "single"])
def test_a_killed_training_goes_on_to_the_same_bits(kind: str, vary, tmp_path: Path) -> None:
    """Killed at a random place, and again after that, and again."""
    given, path = problem(kind, vary), tmp_path / "states/state.npz"
    undisturbed = run(given)
    for tick in np.random.default_rng(SEED).integers(3, 120, 6):
        kills = 0
        while kills < 3 and killed(given, path, tick):
            kills += 1
        assert kills
        states = States(path, "code", 1, Ticks())
        xr.testing.assert_identical(run(given, states), undisturbed)
        states.remove()
        assert not list(path.parent.iterdir())


@pytest.mark.usefixtures("cut")
def test_what_was_made_is_not_made_again(vary, tmp_path: Path) -> None:
    """From the last state on the clock ticks less often than from the start."""
    given, path, ticks = problem("fused", vary), tmp_path / "state.npz", Ticks()
    run(given, States(path, "code", 1, ticks))
    whole = next(ticks.ticks)
    path.unlink()
    assert killed(given, path, whole - 9)
    again = Ticks()
    run(given, States(path, "code", 1, again))
    assert next(again.ticks) < whole / 2


@pytest.mark.usefixtures("cut")
def test_it_says_how_far_it_is(vary, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """Of five replicas of 140 steps in groups of two, and when it will be done."""
    run(problem("fused", vary), States(tmp_path / "state.npz", "code", 1, Ticks()))
    told = capsys.readouterr().err.splitlines()
    form = r"three_points N=70: (\d+)%, (\d+) of 140 steps of replica ([024]), about \d+ min left, state saved"
    found = [re.fullmatch(form, line) for line in told]
    assert all(found)
    shares, steps, replicas = np.array([each.groups() for each in found if each], dtype=int).T
    expected = 20 * (replicas + np.where(replicas == 4, 1, 2) * steps / 140)
    np.testing.assert_allclose(shares, expected, atol=0.51)
    assert (np.diff(shares) >= 0).all() and shares[-1] == 100


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4  # in theta, the largest part and the first one
    path.write_bytes(content)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("damage", [flipped, truncated, emptied])
def test_a_damaged_state_is_named_and_not_used(damage, vary, tmp_path: Path, capsys) -> None:
    given, path = problem("blocked", vary), tmp_path / "state.npz"
    assert killed(given, path, 40)
    damage(path)
    capsys.readouterr()
    xr.testing.assert_identical(run(given, States(path, "code")), run(given))
    told = f"note: {path}: a saved state not what was written: not used, the training starts anew\n"
    assert capsys.readouterr().err == told


@pytest.mark.usefixtures("cut")
def test_a_state_of_something_else_is_named_and_not_used(vary, tmp_path: Path, capsys, monkeypatch) -> None:
    """Of another problem, data, width or code, or of another processor."""
    given, path = problem("fused", vary), tmp_path / "state.npz"
    (usual, protocol) = given
    faster = usual.model_copy(update={"learning_rate": 2.0}), protocol
    labels = vary("three_points", {"data.y": [0.8, -0.6, 0.8], "data.noise_std": 0.3}), protocol
    others = {"configuration": [(faster, 70, "code"), (labels, 70, "code"), (given, 71, "code")]}
    others["code"] = [(given, 70, "other")]
    for what, runs in others.items():
        for other, width, code in runs:
            assert killed(given, path, 40)
            capsys.readouterr()
            xr.testing.assert_identical(run(other, States(path, code), width), run(other, width=width))
            told = capsys.readouterr().err
            assert told.startswith(f"note: {path}: a saved state of another {what} ("), told
            assert told.count("\n") == 1
            path.unlink()
    assert killed(given, path, 40)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "another")
    xr.testing.assert_identical(run(given, States(path, "code")), run(given))
    assert "of another instruction set (" in capsys.readouterr().err


@pytest.mark.usefixtures("cut")
def test_a_state_that_cannot_be_written_stops_no_training(vary, tmp_path: Path, capsys) -> None:
    given = problem("fused", vary)
    (tmp_path / "file").write_bytes(b"")
    xr.testing.assert_identical(run(given, States(tmp_path / "file/state.npz", "code", 1, Ticks())), run(given))
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("cut")
def test_there_is_one_file_and_none_of_a_short_training(vary, tmp_path: Path) -> None:
    given = problem("fused", vary)
    assert killed(given, tmp_path / "state.npz", 40)
    assert [path.name for path in tmp_path.iterdir() if not is_temporary(path.name)] == ["state.npz"]
    run(given, States(tmp_path / "short/state.npz", "code"))
    assert not (tmp_path / "short").exists()


def test_samples_that_remember_are_refused(vary, tmp_path: Path) -> None:
    given = problem("fused", vary)[0], Protocol(sampling="shuffled")
    with pytest.raises(SpecError, match="iid where states are saved"):
        run(given, States(tmp_path / "state.npz", "code"))
