from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.chaos.figure import draw


@command
def main(*, coupling: Table, independence: Table, joint: Table, outputs: Figure) -> None:
    """Draw the synchronous coupling and the dependence of two neurons against the width."""
    save(draw(*map(read_table, (coupling, independence, joint))), outputs)
