"""The tour, a notebook, executed as one page: by this interpreter, away from its user's home, in an empty folder."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.metadata import distribution
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from mfnn.errors import MfnnError, reason

SECONDS = 300  # for one cell
KERNEL = [sys.executable, "-I", "-X", "utf8", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
OF_THE_USER = ("IPYTHON", "JUPYTER", "MATPLOTLIB", "MPL", "XDG_")  # how the names of their variables begin


class ThisInterpreter(AsyncKernelManager):
    """Starts the interpreter that runs this, whatever kernels of that name lie in the folders of Jupyter."""

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(argv=KERNEL, display_name=self.kernel_name, language="python")


def taken(notebook: Path) -> str:
    """The page of a notebook after its cells were run; this process leaves its user's home for it.

    Raises `MfnnError` in one line for a cell that fails or a kernel that ends.
    """
    tour = nbformat.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory() as home:
        move_to(home)
        try:
            _execute(tour, home)
        except CellExecutionError as failure:
            raise MfnnError(f"{notebook}: {failure.ename}: {failure.evalue}") from None
        except CellTimeoutError:
            raise MfnnError(f"{notebook}: a cell took longer than {SECONDS} s") from None
        except (DeadKernelError, RuntimeError) as failure:
            raise MfnnError(f"{notebook}: the interpreter that runs it ended ({reason(failure)})") from None
        return _shown(tour)


def move_to(home: str) -> None:
    """Let an empty folder be home: without kernels, profiles, templates, styles, fonts and settings of the user."""
    for name in [name for name in os.environ if name.startswith(OF_THE_USER)]:
        del os.environ[name]
    os.environ |= {"HOME": home, "JUPYTER_PATH": str(_installed_files())}
    from matplotlib import font_manager  # reads where home is when it is imported

    font_manager.findfont("DejaVu Sans")  # lists all fonts, which takes a while: told here and not in the page


def _execute(tour: NotebookNode, folder: str) -> None:
    """Run the cells in a folder without files that could be taken for modules or styles."""
    metadata = {"metadata": {"path": folder}}
    NotebookClient(tour, kernel_manager_class=ThisInterpreter, timeout=SECONDS, resources=metadata).execute()


def _shown(tour: NotebookNode) -> str:
    """The page, without what the exporter would fetch from elsewhere: the tour has no formulas in TeX and no widgets."""
    exporter = HTMLExporter(require_js_url="", mathjax_url="", jquery_url="", html_manager_semver_range="")
    return exporter.from_notebook_node(tour, {"metadata": {"name": "A tour of mfnn"}})[0]


def _installed_files() -> Path:
    """Jupyter's folder of files that were installed with the exporter, such as its templates."""
    exporter = distribution("nbconvert")
    layout = next(
        path for path in exporter.files or () if path.as_posix().endswith("nbconvert/templates/lab/conf.json")
    )
    return Path(str(exporter.locate_file(layout))).resolve().parents[3]
