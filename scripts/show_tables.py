from pathlib import Path

import pandas as pd

from mfnn.pipeline.command import Table, command
from mfnn.show.pages import abridged, page
from mfnn.storage import write_table, write_text


@command
def main(*, tables: list[Path], pages: list[Path], verdicts: Table, brief: Table) -> None:
    """Write tables as HTML pages, and the verdicts in brief for the first page of the report.

    :param tables: CSV
    :param pages: one a table, HTML
    """
    for table, output in zip(tables, pages, strict=True):
        write_text(page(pd.read_csv(table), table.stem), output)
    write_table(abridged(pd.read_csv(verdicts)), brief)
