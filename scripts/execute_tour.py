"""Execute the tour on a run's results and write it as one HTML page; the notebook itself stays as it is."""

import argparse
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

from mfnn.errors import MfnnError
from mfnn.pipeline.command import run
from mfnn.storage import write_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notebook", required=True, type=Path)
    parser.add_argument("--results", required=True, type=Path, help="the folder that it reads")
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    notebook = nbformat.read(args.notebook, as_version=4)
    os.environ["MFNN_RESULTS"] = str(args.results)
    try:
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": "."}}).execute()
    except CellExecutionError as failure:
        raise MfnnError(f"{args.notebook}: {failure.ename}: {failure.evalue}") from None
    # What the exporter would otherwise fetch from elsewhere: the tour has no formulas in TeX and no widgets.
    exporter = HTMLExporter(require_js_url="", mathjax_url="", jquery_url="", html_manager_semver_range="")
    titled = {"metadata": {"name": "A tour of mfnn"}}
    write_text(exporter.from_notebook_node(notebook, titled)[0], args.output)


if __name__ == "__main__":
    run(main)
