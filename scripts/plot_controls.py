from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.controls.figure import draw


@command
def main(*, variances: Table, sizes: Table, fits: Table, outputs: Figure) -> None:
    """Draw what the fluctuation formula predicts of other ways to train, and the negative controls."""
    save(draw(*map(read_table, (variances, sizes, fits))), outputs)
