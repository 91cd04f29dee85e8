import os
from pathlib import Path

from mfnn.pipeline.command import Output, Results, command
from mfnn.pipeline.tour import taken
from mfnn.storage import write_text


@command
def main(*, notebook: Path, scenario: Path, results: Results, output: Output) -> None:
    """Execute the tour on a run's results and write it as one HTML page; the notebook itself stays as it is.

    :param notebook: the tour
    :param scenario: the file of the scenario it shows
    """
    os.environ |= {"MFNN_RESULTS": str(results.resolve()), "MFNN_SCENARIO": str(scenario.resolve())}
    write_text(taken(notebook), output)
