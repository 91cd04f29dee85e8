from pathlib import Path

from mfnn.particles.ensemble import by_width
from mfnn.pipeline.command import Figure, Predicted, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.bias.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(*, networks: Path, predicted: Predicted, cells: Table, outputs: Figure) -> None:
    """Draw networks of few neurons beside their predicted law, and what is left of their means.

    :param networks: those of the first case, of which the narrowest are drawn, NetCDF
    """
    narrowest = next(iter(by_width(read_dataset(networks)).values()))
    save(draw(narrowest, read_dataset(predicted), by_case(read_table(cells))), outputs)
