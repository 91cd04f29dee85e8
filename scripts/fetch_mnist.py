import logging
import os
from pathlib import Path

from mfnn.learning.mnist import obtain
from mfnn.pipeline.command import command


@command
def main(*, output_folder: Path) -> None:
    """Obtain the four original MNIST files, verified; MFNN_MNIST names a folder that has them already.

    :param output_folder: where the four files are written
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    named = os.environ.get("MFNN_MNIST")
    obtain(output_folder, Path(named) if named else None)
