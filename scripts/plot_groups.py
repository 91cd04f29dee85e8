from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.chaos.groups_figure import draw


@command
def main(*, products: Table, sizes: Table, outputs: Figure) -> None:
    """Draw products over groups of neurons, and means over groups that grow, against the width."""
    save(draw(read_table(products), read_table(sizes)), outputs)
