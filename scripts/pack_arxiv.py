from pathlib import Path

from mfnn.pipeline.command import Output, command
from mfnn.pipeline.paper import pack


@command
def main(*, build_folder: Path, epoch: int, output: Output) -> None:
    """Pack the paper's staged sources for arXiv, .tar.gz: .tex, .bbl and figures, which pdflatex alone builds.

    :param build_folder: where the paper was built
    :param epoch: the date of all files in seconds since 1970
    """
    pack(build_folder, epoch, output)
