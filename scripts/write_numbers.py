r"""Define every number that the paper's sources ask for with \result{key}, out of the summaries of the results."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.pipeline.paper import read_shown
from mfnn.storage import write_text
from mfnn.verdicts.numbers import merge, render, typeset, used_keys


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--summaries", required=True, type=Path, nargs="+", help="JSON objects, key to number")
    parser.add_argument("--sources", required=True, type=Path, nargs="+", help="the paper's TeX files")
    parser.add_argument("--asked", required=True, nargs="+", help="what the run shows: studies, study/scenario")
    parser.add_argument("--output", required=True, type=Path, help="numbers.tex")
    args = parser.parse_args()
    used = used_keys({str(path): text for path, text in read_shown(args.sources, args.asked).items()})
    write_text(render(typeset(merge(args.summaries)), used), args.output)


if __name__ == "__main__":
    run(main)
