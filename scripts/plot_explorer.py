"""Write the page on which the networks and the limit are explored."""

import argparse
from pathlib import Path

import pandas as pd

from mfnn.pipeline.command import run
from mfnn.storage import read_dataset, write_text
from mfnn.studies.explorer.page import page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", required=True, type=Path)
    parser.add_argument("--cells", required=True, type=Path, help="measured and predicted constants")
    parser.add_argument("--template", required=True, type=Path, help="HTML")
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    write_text(page(read_dataset(args.frames), pd.read_csv(args.cells), args.template.read_text()), args.output)


if __name__ == "__main__":
    run(main)
