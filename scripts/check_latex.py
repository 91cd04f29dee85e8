from pathlib import Path

from mfnn.errors import MfnnError
from mfnn.pipeline.command import command
from mfnn.pipeline.paper import REMEDY, lacking


@command
def main(*, source: Path) -> None:
    """End with an error where LaTeX lacks what a paper needs.

    :param source: the paper's main.tex
    """
    if missing := lacking(source.read_text(encoding="utf-8")):
        raise MfnnError(f"{' and '.join(missing)} not found; {REMEDY}")
