import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.limit.record import law_sample, limit_record, marginal_densities
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import Data, Law, Observables, Output, Seed, Times, Tolerance, command
from mfnn.storage import read_dataset, write_dataset

DENSITY_POINTS = 241


@command
def main(
    *,
    data: Data,
    times: Times,
    snapshots: Times,
    observables: Observables,
    tolerance: Tolerance,
    draws: int,
    root_seed: Seed,
    limit: Output,
    law: Law,
) -> None:
    """Solve a scenario's limit equation to a certified tolerance; write its functionals and samples of its law.

    :param snapshots: when the law is sampled
    :param draws: independent draws from the law
    """
    given = read_dataset(data)
    problem = unpack(given)
    solved = solve_limit(problem, times, tolerance, observables)
    record = limit_record(problem, solved.times, solved.certificate, observables, given)
    samples = law_sample(solved, snapshots, draws, np.random.default_rng([root_seed, 1]))
    dense = problem.connectivity is None
    if dense and len(problem.coordinate_names) == 2 and problem.sigma.derivatives >= 2:
        samples = samples.merge(marginal_densities(solved, snapshots, samples, DENSITY_POINTS))
    write_dataset(record.assign_attrs(tolerance=tolerance, method="certified"), limit)
    write_dataset(samples, law)
