from pathlib import Path

from mfnn.pipeline.command import Epoch, Output, command
from mfnn.pipeline.paper import pack


@command
def main(*, build_folder: Path, epoch: Epoch, output: Output) -> None:
    """Pack the paper's staged sources for arXiv, .tar.gz: .tex, .bbl and figures, which pdflatex alone builds.

    :param build_folder: where the paper was built
    """
    pack(build_folder, epoch, output)
