import numpy as np
import pandas as pd

from mfnn.particles import collect
from mfnn.pipeline.command import Law, Particles, Resamples, Scenario, Seed, Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.distances.measured import distances_to_limit, fit_distances, summary_to_limit


@command
def main(
    *,
    scenario: Scenario,
    law: Law,
    particles: Particles,
    clouds: list[int],
    resamples: Resamples,
    root_seed: Seed,
    distances: Table,
    summary: Summary,
) -> None:
    """Measure the distances of trained laws to the limit law, beside their i.i.d. null, and fit their rates in the width.

    :param clouds: replicas to measure, by width
    """
    samples = read_dataset(law)
    trained = zip(collect.clouds(particles).values(), clouds, strict=True)
    table = pd.concat([distances_to_limit(cloud[:count], samples) for cloud, count in trained], ignore_index=True)
    fits = fit_distances(table, resamples, np.random.default_rng([root_seed, 3]))
    write_table(table, distances)
    write_json(summary_to_limit(scenario, table, fits), summary)
