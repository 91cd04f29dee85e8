"""Give every claim its verdict and say in the terminal how they came out."""

import argparse
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.storage import write_json, write_table, write_text
from mfnn.verdicts.claims import counts, judge, read_claims, screen
from mfnn.verdicts.families import asked_of
from mfnn.verdicts.numbers import merge


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", required=True, type=Path, help="the folder of claims, a file a study")
    parser.add_argument("--asked", required=True, help="what the run asks of each study, as JSON")
    parser.add_argument("--summaries", required=True, type=Path, nargs="+")
    parser.add_argument("--verdicts", required=True, type=Path)
    parser.add_argument("--screen", required=True, type=Path, help="the verdicts as text")
    parser.add_argument("--summary", required=True, type=Path)
    args = parser.parse_args()
    verdicts = judge(read_claims(args.claims, asked_of(args.asked)), merge(args.summaries))
    write_table(verdicts, args.verdicts)
    write_text(screen(verdicts), args.screen)
    write_json(counts(verdicts), args.summary)


if __name__ == "__main__":
    run(main)
