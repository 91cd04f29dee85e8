from mfnn.pipeline.command import Frames, Output, command
from mfnn.storage import read_dataset
from mfnn.studies.film.figure import animate


@command
def main(*, frames: Frames, output: Output) -> None:
    """Draw the particles of three networks following the density of the limit, as an animated picture, GIF."""
    animate(read_dataset(frames), output)
