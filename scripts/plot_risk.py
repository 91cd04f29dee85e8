from mfnn.pipeline.command import Figure, Scenarios, Tables, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.convergence.risk_figure import draw


@command
def main(*, scenarios: Scenarios, errors: Tables, outputs: Figure) -> None:
    """Draw the population risk over time by width and in the limit."""
    save(draw(dict(zip(scenarios, map(read_table, errors), strict=True))), outputs)
