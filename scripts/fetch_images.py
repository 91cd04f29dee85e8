import logging
from pathlib import Path

from mfnn.learning.idx import named_folder, obtain
from mfnn.pipeline.command import command


@command
def main(*, output_folder: Path) -> None:
    """Obtain the four files of images, verified, from the folder that the user names or else wherever they are to be had.

    :param output_folder: where the four files are written
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    obtain(output_folder, named_folder())
