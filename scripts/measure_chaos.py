import numpy as np

from mfnn.learning.observables import parse
from mfnn.learning.scenario import unpack
from mfnn.limit.solve import solve_limit
from mfnn.particles.collect import by_width
from mfnn.pipeline.command import Data, Particles, Predicted, Resamples, Seed, Summary, Table, Tolerance, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.chaos import measured


@command
def main(
    *,
    data: Data,
    predicted: Predicted,
    particles: Particles,
    tolerance: Tolerance,
    pair: tuple[str, str],
    rates_from: int,
    judged_from: int,
    resamples: Resamples,
    root_seed: Seed,
    coupling: Table,
    independence: Table,
    summary: Summary,
) -> None:
    """Measure how the neurons of one network become independent: the synchronous coupling, the joint law of two.

    :param pair: f of one neuron, g of another
    :param rates_from: the least width of the fits
    :param judged_from: the least width held against the constant
    """
    problem, runs = unpack(read_dataset(data)), by_width(particles)
    rng = np.random.default_rng([root_seed, 6])
    times = next(iter(runs.values()))["time"].values
    distances, sups = measured.coupled_distances(runs, solve_limit(problem, times.tolist(), tolerance))
    coupled = measured.coupling_table(distances, sups, times, read_dataset(predicted))
    f, g = (parse(name, problem) for name in pair)
    independent = measured.independence_table(runs, f, g, times[-1], rng)
    write_table(coupled, coupling)
    write_table(independent, independence)
    least = rates_from, judged_from
    numbers = measured.summary(problem.name, distances, sups, coupled, independent, *least, resamples, rng)
    write_json(numbers, summary)
