from pathlib import Path

from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.depth.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(
    *,
    cases: list[str],
    titles: list[str],
    cells: Table,
    predicted: list[Path],
    weights: Table,
    moves: Table,
    outputs: Figure,
) -> None:
    """Draw two hidden layers beside their limit.

    :param cases: those with two hidden layers, in the order of their predictions
    :param titles: what the panels call them
    :param predicted: what is predicted of each, NetCDF
    :param weights: the covariances of weights between the layers
    :param moves: how far the first layer moves
    """
    tables = by_case(read_table(cells))
    foreseen = dict(zip(cases, map(read_dataset, predicted), strict=True))
    shown = {case: tables[case] for case in cases}
    names = dict(zip(cases, titles, strict=True))
    save(draw(shown, foreseen, read_table(weights), read_table(moves), names), outputs)
