from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.sparsity.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(*, cells: Table, constants: Table, outputs: Figure) -> None:
    """Draw constants against the number of inputs that a neuron sees.

    :param constants: the constants of every case
    """
    save(draw(read_table(constants), by_case(read_table(cells))), outputs)
