from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.proof.figure import draw


@command
def main(*, table: Table, outputs: Figure) -> None:
    """Draw the terms of the proof against the width with what the limit predicts."""
    save(draw(read_table(table)), outputs)
