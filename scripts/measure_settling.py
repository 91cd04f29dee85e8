from pathlib import Path

import numpy as np
import pandas as pd

from mfnn.particles.collect import by_width, clouds
from mfnn.pipeline.command import (
    AnyNumber,
    Data,
    Law,
    Limit,
    Particles,
    Resamples,
    Scenario,
    Seed,
    Summary,
    Table,
    command,
)
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.settling import replica, settling


@command
def main(
    *,
    scenario: Scenario,
    data: Data,
    limit: Limit,
    law: Law,
    particles: Particles,
    recorded: AnyNumber[Path],
    resamples: Resamples,
    root_seed: Seed,
    distances: Table,
    accuracy: Table,
    summary: Summary,
) -> None:
    """Measure how the trained laws of independent runs settle with the width, and the accuracy on held-out images.

    :param recorded: summaries of networks that were trained before, NetCDF
    """
    rng = np.random.default_rng([root_seed, 4])
    labels, nodes = read_dataset(data)["evaluation_y"].values, read_dataset(law)["reference"]
    before = replica.read_recorded(recorded)
    trained = [*clouds(particles).items(), *replica.clouds(before).items()]
    between = pd.concat([settling.distances_between_runs(width, cloud, nodes, rng) for width, cloud in trained])
    fresh = settling.accuracy_table(by_width(particles), read_dataset(limit), labels)
    recognised = pd.concat([fresh.assign(recorded=""), replica.accuracies(before)], ignore_index=True)
    write_table(between, distances)
    write_table(recognised, accuracy)
    numbers = settling.summary_between_runs(scenario, between, resamples, rng)
    write_json({**numbers, **settling.accuracy_summary(scenario, recognised)}, summary)
