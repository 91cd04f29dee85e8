from pathlib import Path

from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.noise.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(*, cells: Table, predicted: list[Path], outputs: Figure) -> None:
    """Draw noisy networks beside those without noise.

    :param predicted: what is predicted of each case, NetCDF
    """
    save(draw(by_case(read_table(cells)), [read_dataset(path) for path in predicted]), outputs)
