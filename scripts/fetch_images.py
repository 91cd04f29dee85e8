"""Obtain the four original MNIST files, verified; MFNN_MNIST names a folder that has them already."""

import argparse
import logging
import os
import sys
from pathlib import Path

from mfnn.learning.mnist import obtain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output-folder", type=Path, required=True, help="where the four files are written")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    named = os.environ.get("MFNN_MNIST")
    try:
        obtain(arguments.output_folder, Path(named) if named else None)
    except (OSError, ValueError) as error:
        sys.exit(f"fetch_mnist: {error}")


if __name__ == "__main__":
    main()
