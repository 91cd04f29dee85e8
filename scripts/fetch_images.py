import logging
from pathlib import Path

from mfnn.learning.idx import named_folder, obtain
from mfnn.pipeline.command import command


@command
def main(*, outputs: list[Path]) -> None:
    """Obtain the four files of images, verified, from the folder that the user names or else wherever they are to be had.

    :param outputs: the four files, in one folder
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    obtain(outputs[0].parent, named_folder())
