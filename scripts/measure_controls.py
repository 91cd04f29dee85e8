import numpy as np

from mfnn.learning.variants import variants_of_run
from mfnn.pipeline.command import Configuration, Resamples, ScenarioFiles, Seed, Summary, Table, command
from mfnn.storage import read_table, write_json, write_table
from mfnn.studies.controls import measures


@command
def main(
    *,
    configuration: Configuration,
    scenarios: ScenarioFiles,
    runs: Table,
    resamples: Resamples,
    root_seed: Seed,
    variances: Table,
    sizes: Table,
    fits: Table,
    summary: Summary,
) -> None:
    """Hold the variants against what is predicted of them: variances, and power laws of sizes.

    :param runs: what was trained of them, CSV
    """
    jobs, trained = variants_of_run(configuration, scenarios), read_table(runs)
    ratios = measures.variances(jobs, trained)
    measured, fitted = measures.sizes(jobs, trained, resamples, np.random.default_rng([root_seed, 5]))
    write_table(ratios, variances)
    write_table(measured, sizes)
    write_table(fitted, fits)
    write_json(measures.summary(ratios, fitted), summary)
