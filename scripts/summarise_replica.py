import numpy as np

from mfnn.pipeline.command import Data, Law, Output, Record, Seed, command
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.settling.replica import summarise


@command
def main(*, data: Data, law: Law, record: Record, recorded: str, root_seed: Seed, output: Output) -> None:
    """Summarise one trained replica in a few hundred kilobytes; a command for people, not a rule.

    :param recorded: when it was trained, by which commit and on what, to be kept with the summary
    """
    labels, nodes = read_dataset(data)["evaluation_y"].values, read_dataset(law)["reference"]
    summary = summarise(read_dataset(record), nodes, labels, np.random.default_rng([root_seed, 4]))
    write_dataset(summary.assign_attrs(recorded=recorded), output)
