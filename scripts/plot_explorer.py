from pathlib import Path

import pandas as pd

from mfnn.pipeline.command import Frames, Output, Table, command
from mfnn.storage import read_dataset, write_text
from mfnn.studies.explorer.page import page


@command
def main(*, frames: Frames, cells: Table, template: Path, output: Output) -> None:
    """Write the page on which the networks and the limit are explored.

    :param cells: measured and predicted constants, CSV
    :param template: HTML
    """
    write_text(page(read_dataset(frames), pd.read_csv(cells), template.read_text()), output)
