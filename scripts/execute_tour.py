import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

from mfnn.errors import MfnnError
from mfnn.pipeline.command import Output, Results, command
from mfnn.storage import write_text


@command
def main(*, notebook: Path, scenario: Path, results: Results, output: Output) -> None:
    """Execute the tour on a run's results and write it as one HTML page; the notebook itself stays as it is.

    :param notebook: the tour
    :param scenario: the file of the scenario it shows
    """
    tour = nbformat.read(notebook, as_version=4)
    os.environ |= {"MFNN_RESULTS": str(results.resolve()), "MFNN_SCENARIO": str(scenario.resolve())}
    try:
        NotebookClient(tour, timeout=300, resources={"metadata": {"path": "."}}).execute()
    except CellExecutionError as failure:
        raise MfnnError(f"{notebook}: {failure.ename}: {failure.evalue}") from None
    # What the exporter would otherwise fetch from elsewhere: the tour has no formulas in TeX and no widgets.
    exporter = HTMLExporter(require_js_url="", mathjax_url="", jquery_url="", html_manager_semver_range="")
    write_text(exporter.from_notebook_node(tour, {"metadata": {"name": "A tour of mfnn"}})[0], output)
