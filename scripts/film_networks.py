import numpy as np

from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Output, Seed, Widths, command
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.film.film import film


@command
def main(*, data: Data, widths: Widths, frames: int, points: int, root_seed: Seed, output: Output) -> None:
    """Follow one network of each of several widths, and the limit, through time.

    :param frames: times from 0 to the horizon
    :param points: of the density in each direction
    """
    problem = unpack(read_dataset(data))
    times = np.linspace(0, problem.horizon, frames).round(12).tolist()
    write_dataset(film(problem, widths, times, points, root_seed), output)
