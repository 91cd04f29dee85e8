from pathlib import Path

from mfnn.pipeline.command import Output, Seed, command
from mfnn.pipeline.provenance import provenance
from mfnn.storage import write_json


@command
def main(*, lock: Path, run: str, root_seed: Seed, output: Output) -> None:
    """Record where the results came from.

    :param lock: the packages and their versions
    :param run: the run's name
    """
    write_json(provenance(lock, run, root_seed), output)
