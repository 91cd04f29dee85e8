from mfnn.pipeline.command import Figure, Scenarios, Tables, command
from mfnn.show.style import save
from mfnn.storage import read_table
from mfnn.studies.constants.figure import draw_pulls


@command
def main(*, scenarios: Scenarios, from_widths: list[int], cells: Tables, nulls: Tables, outputs: Figure) -> None:
    """Draw the pulls of all cells beside their null.

    :param from_widths: the least width judged, by scenario
    """
    tables = zip(map(read_table, cells), map(read_table, nulls), strict=True)
    from_width = dict(zip(scenarios, from_widths, strict=True))
    save(draw_pulls(dict(zip(scenarios, tables, strict=True)), from_width), outputs)
