"""Saved states: a long training that was killed goes on from its last one, to the same bits.

A state is θ of the replicas that are being trained, the place in their random streams, the steps they have made, and
what was recorded so far. It lies in one file, written under another name and renamed; every part of the archive has its
checksum. The file says what it belongs to: a state of another configuration, other code or another instruction set is
named and not used.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite import binding

from mfnn.learning.data import Streams
from mfnn.particles.record import Record
from mfnn.spec import Floats
from mfnn.storage import STATE_SAVED, UnwritableError, replacing

INTERVAL = 120.0  # seconds between two states: what a kill costs at most
RECORDED = "recorded "  # before a variable's name in the archive
STREAMS = ("inputs", "labels", "steps")  # those that training draws from once it has begun


@dataclass(frozen=True)
class State:
    """Replicas that are being trained, θ (m + d, N) each, from number `row` of a run on, after so many `steps`."""

    row: int
    streams: Sequence[Streams]
    theta: Sequence[Floats] | Floats
    steps: int = 0


@dataclass
class States:
    """The file of a training job's state, for code of this fingerprint, written every so many seconds."""

    path: Path
    code: str
    seconds: float = INTERVAL
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _last: float = field(init=False)
    _had: float = 0.0  # the share of the training that was done when it began

    def __post_init__(self) -> None:
        self._began = self._last = self.clock()

    @property
    def due(self) -> bool:
        """Whether the last state, or the beginning, is as long ago as the interval."""
        return self.clock() - self._last >= self.seconds

    def save(self, state: State, record: Record) -> None:
        """Write a state in place of the last one and say so; a disk that is full is named, and the training goes on."""
        place = {"row": state.row, "steps": state.steps, "streams": [_places(each) for each in state.streams]}
        parts: dict[str, Any] = {"place": json.dumps(place), "belongs": json.dumps(self._belongs(record))}
        parts |= {RECORDED + str(name): variable.values for name, variable in record.data.data_vars.items()}
        try:
            with replacing(self.path) as temporary, temporary.open("wb") as file:
                np.savez(file, theta=np.asarray(state.theta), **parts)
            self._report(state, record)
        except UnwritableError as error:
            _say(f"{error}; the training goes on without")
        self._last = self.clock()

    def resume(self, record: Record) -> State | None:
        """The state to go on from, what it had recorded put into the record; None where there is none to be used."""
        if not self.path.exists():
            return None
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                parts = {name: saved[name] for name in saved.files}
            belongs, place = (json.loads(str(parts.pop(name))) for name in ("belongs", "place"))
        except Exception:  # whatever the libraries below make of a damaged file
            return self._start_anew("not what was written")
        for what, here in self._belongs(record).items():
            if belongs.get(what) != here:
                return self._start_anew(f"of another {what} ({belongs.get(what)}, here {here})")
        theta = parts.pop("theta")
        for name, values in parts.items():
            record.data[name.removeprefix(RECORDED)].values[...] = values
        streams = [record.run.streams(r) for r in record.run.replicas[place["row"] :][: len(theta)]]
        for stream, places in zip(streams, place["streams"], strict=True):
            for name, bits in places.items():
                getattr(stream, name).bit_generator.state = bits
        state = State(place["row"], streams, theta, place["steps"])
        self._had = _share(state, record)
        return state

    def remove(self) -> None:
        """Nothing is left of a training whose result has been written."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _report(self, state: State, record: Record) -> None:
        """How far the training is, and about how long still at the speed it had since it began here."""
        run, share = record.run, _share(state, record)
        left = (1 - share) * (self.clock() - self._began) / (share - self._had)
        steps = f"{state.steps} of {_steps(record)} steps of replica {run.replicas[state.row]}"
        told = f"{share:.0%}, {steps}, about {max(1, round(left / 60))} min left, {STATE_SAVED}"
        print(f"{run.problem.name} N={run.width}: {told}", file=sys.stderr, flush=True)

    def _start_anew(self, reason: str) -> State | None:
        _say(f"{self.path}: a saved state {reason}: not used, the training starts anew")
        return None

    def _belongs(self, record: Record) -> dict[str, str]:
        """What has to be the same for the same bits."""
        code = f"{self.code}, numpy {np.__version__}, numba {numba.__version__}"
        return {"configuration": _configuration(record), "code": code, "instruction set": _instruction_set()}


def _steps(record: Record) -> int:
    return record.run.protocol.steps(record.run.width, record.observed.times[-1])


def _share(state: State, record: Record) -> float:
    """The share of the steps of all replicas that are made."""
    return (state.row + len(state.theta) * state.steps / _steps(record)) / len(record.run.replicas)


def _places(streams: Streams) -> dict[str, Any]:
    return {name: getattr(streams, name).bit_generator.state for name in STREAMS}


def _configuration(record: Record) -> str:
    """Twelve hexadecimal digits of all that is trained and all that is recorded, the data in full."""
    data, problem, points = record.data, record.run.problem, record.observed.points
    digest = hashlib.sha256(problem.model_dump_json(exclude={"data"}).encode())
    digest.update(json.dumps(record.run.origin(), sort_keys=True).encode())
    digest.update(repr([(name, each.sizes) for name, each in data.data_vars.items()]).encode())
    digest.update(repr([(name, each.values.tolist()) for name, each in data.coords.items()]).encode())
    for name, value in [*problem.data, ("points", points)]:
        array = isinstance(value, np.ndarray)
        digest.update(f"{name} {value.shape} {value.dtype}".encode() if array else f"{name} {value!r}".encode())
        digest.update(np.ascontiguousarray(value).data if array else b"")
    return digest.hexdigest()[:12]


def _instruction_set() -> str:
    """The processor that loops are compiled for and matrix products are chosen by, as far as one can ask."""
    name = numba.config.CPU_NAME or binding.get_host_cpu_name()
    features = numba.config.CPU_FEATURES or binding.get_host_cpu_features().flatten()
    told = features, os.environ.get("OPENBLAS_CORETYPE"), os.environ.get("NPY_DISABLE_CPU_FEATURES")
    return f"{name} {hashlib.sha256(repr(told).encode()).hexdigest()[:6]}"


def _say(text: str) -> None:
    print(f"note: {text}", file=sys.stderr, flush=True)
