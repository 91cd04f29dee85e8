from pathlib import Path

from mfnn.pipeline.command import Output, command
from mfnn.storage import read_dataset
from mfnn.studies.film.figure import animate


@command
def main(*, frames: Path, output: Output) -> None:
    """Draw the particles of three networks following the density of the limit, as an animated picture, GIF.

    :param frames: networks and limit through time, NetCDF
    """
    animate(read_dataset(frames), output)
