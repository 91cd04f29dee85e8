from mfnn.pipeline.command import Figure, Scenarios, Tables, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.distances.figure import draw


@command
def main(*, scenarios: Scenarios, distances: Tables, outputs: Figure) -> None:
    """Draw the distances of trained networks from the limit law against the width with their nulls."""
    save(draw(dict(zip(scenarios, map(read_table, distances), strict=True))), outputs)
