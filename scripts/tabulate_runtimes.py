from pathlib import Path

from mfnn.pipeline import tables
from mfnn.pipeline.command import AnyNumber, Digits, Json, Summary, Tabular, command
from mfnn.storage import write_json


@command
def main(
    *, benchmarks: Path, without: AnyNumber[str] = (), totals: Json, table: Tabular, csv: Digits, summary: Summary
) -> None:
    """Tabulate what the rules cost by their benchmark files, and note the size of the run; volatile by nature.

    :param benchmarks: the folder of the benchmark files
    :param without: rules that run later than this one
    :param totals: the size of the run
    """
    tables.runtimes(tables.benchmarks(benchmarks, without)).write(table, csv)
    write_json(totals, summary)
