from pathlib import Path

from mfnn.pipeline.command import AnyNumber, Scenario, Summary, Table, command
from mfnn.storage import read_dataset, read_json, write_json, write_table
from mfnn.studies.sources import crossing


@command
def main(
    *, scenario: Scenario, crossed: list[Path], predicted: AnyNumber[Path] = (), table: Table, summary: Summary
) -> None:
    """Split the fluctuations of crossed networks by source, and hold them against the prediction where there is one.

    :param crossed: crossed networks, one file a width
    :param predicted: the prediction, if there is one
    """
    outputs = {int(data["output"].attrs["width"]): data["output"].values for data in map(read_dataset, crossed)}
    parts = {width: crossing.sources(width, outputs[width]) for width in sorted(outputs)}
    write_table(crossing.table(parts), table)
    write_json(crossing.sources_summary(scenario, parts, *map(read_json, predicted)), summary)
