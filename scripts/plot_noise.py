from pathlib import Path

from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.noise.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(*, cells: Table, groups: Path, predicted: list[Path], outputs: Figure) -> None:
    """Draw noisy networks beside those without noise.

    :param groups: products over groups of neurons in each case, CSV
    :param predicted: what is predicted of each case, NetCDF
    """
    foreseen = [read_dataset(path) for path in predicted]
    save(draw(by_case(read_table(cells)), by_case(read_table(groups)), foreseen), outputs)
