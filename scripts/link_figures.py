from pathlib import Path

from mfnn.pipeline.command import AnyNumber, Output, command
from mfnn.pipeline.links import macros
from mfnn.storage import write_text


@command
def main(*, scripts: AnyNumber[Path], output: Output) -> None:
    """Write, for the captions of the paper, the code that draws each figure, at its commit, as TeX macros.

    :param scripts: those that draw the paper's figures
    """
    write_text(macros(scripts), output)
