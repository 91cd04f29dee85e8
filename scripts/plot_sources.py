from pathlib import Path

from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_json, read_table
from mfnn.studies.sources.figure import draw


@command
def main(*, totals: Table, crossed: Table, reduced: Table, predicted: Path, outputs: Figure) -> None:
    """Draw N times the variance of outputs by width and source: MNIST, and the reduced digits with their prediction.

    :param predicted: each source's contribution to the reduced digits, JSON
    """
    tables = read_table(totals), read_table(crossed), read_table(reduced)
    save(draw(*tables, read_json(predicted)), outputs)
