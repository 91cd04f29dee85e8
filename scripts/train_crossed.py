from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Output, Points, Seed, Width, command
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.sources.crossing import crossed_outputs


@command
def main(*, data: Data, width: Width, starts: int, points: Points, root_seed: Seed, output: Output) -> None:
    """Train every start on every sequence of samples at one width and write the outputs at held-out points.

    :param starts: how many, and as many sequences of samples
    """
    given = read_dataset(data)
    held_out = given["evaluation_x"].values[:points]
    write_dataset(crossed_outputs(unpack(given), width, starts, held_out, root_seed).to_dataset(), output)
