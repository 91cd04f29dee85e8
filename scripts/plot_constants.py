from mfnn.pipeline.command import Figure, Scenarios, Tables, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.constants.figure import draw


@command
def main(*, scenarios: Scenarios, cells: Tables, outputs: Figure) -> None:
    """Draw N times the variances and covariances against the width with their predictions."""
    save(draw(dict(zip(scenarios, map(read_table, cells), strict=True))), outputs)
