from pathlib import Path

from mfnn.pipeline.command import AnyNumber, Asked, Epoch, Output, command
from mfnn.pipeline.paper import build
from mfnn.pipeline.sections import read_shown


@command
def main(
    *,
    sources: list[Path],
    figures: AnyNumber[Path],
    generated: AnyNumber[Path],
    asked: Asked,
    build_folder: Path,
    epoch: Epoch,
    output: Output,
) -> None:
    """Build the paper apart from its sources: the PDF's bytes depend on what is staged and on --epoch alone.

    :param sources: main.tex and what is below it
    :param figures: staged in figures/
    :param generated: staged in generated/
    :param build_folder: where the paper is built
    """
    build(read_shown(sources, asked), {"figures": figures, "generated": generated}, build_folder, epoch, output)
