from mfnn.pipeline.command import Figure, Table, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.horizon.figure import draw
from mfnn.verdicts.ensembles import by_case


@command
def main(*, cells: Table, needed: Table, outputs: Figure) -> None:
    """Draw variances, biases and the width needed through long times.

    :param needed: the width needed at every time
    """
    save(draw(by_case(read_table(cells)), read_table(needed)), outputs)
