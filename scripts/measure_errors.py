import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.particles.collect import by_width
from mfnn.pipeline.command import Data, Limit, Particles, Resamples, Seed, Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.convergence import errors as convergence


@command
def main(
    *,
    data: Data,
    limit: Limit,
    particles: Particles,
    resamples: Resamples,
    root_seed: Seed,
    errors: Table,
    sup: Table,
    fits: Table,
    summary: Summary,
) -> None:
    """Hold every replica's observables against the limit: errors, their moments, their power laws in the width."""
    given, solved = read_dataset(data), read_dataset(limit)
    problem = unpack(given)
    observed = convergence.observed_errors(by_width(particles), solved, given, problem.data.noise_deviation)
    fitted = convergence.fit_errors(observed, solved, resamples, np.random.default_rng([root_seed, 2]))
    write_table(convergence.error_table(observed, solved), errors)
    write_table(convergence.sup_table(observed), sup)
    write_table(convergence.fit_table(fitted), fits)
    numbers = convergence.summary(problem.name, observed, fitted)
    write_json({**numbers, **convergence.limit_summary(problem.name, solved)}, summary)
