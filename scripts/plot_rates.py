from mfnn.pipeline.command import Figure, Scenarios, Tables, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.convergence.rates_figure import Measured, draw


@command
def main(*, scenarios: Scenarios, errors: Tables, sup: Tables, fits: Tables, outputs: Figure) -> None:
    """Draw the errors of the test functions against the width with their fitted power laws."""
    measured = [Measured(*map(read_table, paths)) for paths in zip(errors, sup, fits, strict=True)]
    save(draw(dict(zip(scenarios, measured, strict=True))), outputs)
