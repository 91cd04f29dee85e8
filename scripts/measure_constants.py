import numpy as np
import pandas as pd

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import AnyNumber, Limit, Particles, Predicted, Scenario, Seed, Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.constants import cells as constants
from mfnn.studies.constants import largest as largest_errors


@command
def main(
    *,
    scenario: Scenario,
    limit: Limit,
    predicted: Predicted,
    particles: Particles,
    pairs: AnyNumber[str],
    from_width: int,
    root_seed: Seed,
    cells: Table,
    null: Table,
    largest: Table,
    summary: Summary,
) -> None:
    """Hold N times the variances and covariances over replicas against their predictions, cell by cell.

    :param pairs: f and g, f and g, ...
    :param from_width: the least width whose cells are judged
    :param null: pulls as they would be if the prediction held, CSV
    :param largest: the largest errors over time beside their constants, CSV; nothing where none are predicted
    """
    runs, solved, constant = by_width(particles), read_dataset(limit), read_dataset(predicted)
    paired = list(zip(pairs[::2], pairs[1::2], strict=True))
    table = constants.cells(runs, solved, constant, paired)
    replicas = {width: found.sizes["replica"] for width, found in runs.items() if width >= from_width}
    rng = np.random.default_rng([root_seed, 5])
    pulls = constants.null_pulls(constant, replicas, paired, rng)
    width = max(width for width, count in replicas.items() if count >= constants.ENOUGH or width == min(replicas))
    normal = constants.gaussianity(runs[width], solved, constant, width, rng)
    write_table(table, cells)
    write_table(pulls, null)
    found = constants.summary(scenario, table[table["width"] >= from_width], pulls, normal)
    sup = largest_errors.table(runs, solved, constant) if "largest" in constant else pd.DataFrame()
    if len(sup):
        found |= largest_errors.numbers(scenario, sup[sup["width"] >= from_width])
    write_table(sup, largest)
    write_json(found, summary)
