from pathlib import Path

from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.normalisation.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(*, exponents: list[float], cells: Table, predicted: list[Path], distances: Table, outputs: Figure) -> None:
    """Draw what the output's normalisation does to its variance, to the parameters and to the sources.

    :param exponents: of the width in the output's scale, one a case
    :param predicted: what is predicted of each case, NetCDF
    :param distances: how far functions of the parameters moved
    """
    tables = by_case(read_table(cells))
    foreseen = dict(zip(tables, map(read_dataset, predicted), strict=True))
    save(draw(dict(zip(tables, exponents, strict=True)), tables, read_table(distances), foreseen), outputs)
