"""Write, for the captions of the paper, the code that draws each figure, at its commit."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.links import macros
from mfnn.storage import write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", required=True, type=Path, nargs="+", help="those that draw the paper's figures")
    parser.add_argument("--output", required=True, type=Path, help="a .tex of macros")
    args = parser.parse_args()
    write_text(macros(args.scripts), args.output)


if __name__ == "__main__":
    run(main)
