from pathlib import Path
from typing import Literal

from mfnn.learning.protocol import Protocol
from mfnn.learning.scenario import unpack
from mfnn.particles.states import INTERVAL, States
from mfnn.particles.train import train
from mfnn.pipeline.command import Data, Observables, Output, Seed, Times, Width, command
from mfnn.storage import read_dataset, write_dataset


@command
def main(
    *,
    data: Data,
    width: Width,
    replicas: tuple[int, int],
    times: Times,
    observables: Observables,
    keep: int,
    keep_times: Times,
    keep_coordinates: list[str],
    follow: int,
    precision: Literal["double", "single"],
    threads: int,
    root_seed: Seed,
    state: Path | None = None,
    state_seconds: float = INTERVAL,
    code: str = "",
    output: Output,
) -> None:
    """Train a batch of replicas of one width and write their observables.

    :param replicas: the first one and the one after the last
    :param keep: particles kept a replica
    :param keep_coordinates: of the particles that are kept
    :param follow: particles a replica kept at every time
    :param precision: of the parameters and of all steps
    :param threads: of the training
    :param state: where its state is saved, to go on from after it was killed
    :param state_seconds: between two states
    :param code: the fingerprint of the code that a state belongs to
    """
    given, states = read_dataset(data), States(state, code, state_seconds) if state else None
    runs = train(
        *(unpack(given), width, range(*replicas), times, observables, keep, root_seed),
        keep_times=keep_times,
        keep_coordinates=keep_coordinates,
        follow=follow,
        evaluate=given["evaluation_x"].values,
        protocol=Protocol(precision=precision),
        threads=threads,
        states=states,
        log=True,
    )
    write_dataset(runs, output)
    if states:
        states.remove()
