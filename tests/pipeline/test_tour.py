"""User state leaking into an output: the tour is the same bytes whoever's home it is, by the interpreter that makes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
CELL = """
import sys
import matplotlib.pyplot as plt
print(sys.prefix, "STARTED" in globals())
plt.plot([1, 2], label="α");
"""


@pytest.fixture
def taken(tmp_path: Path):
    """taken(source, **variables): the script's process and the page of a tour of one cell."""

    def take(source: str, **variables: str) -> tuple[subprocess.CompletedProcess[str], Path]:
        cell = nbformat.v4.new_code_cell(source, id="a")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "tour.ipynb")
        page = tmp_path / f"{len(list(tmp_path.glob('*.html')))}.html"
        command = [sys.executable, "-I", ROOT / "scripts/execute_tour.py", "--notebook", tmp_path / "tour.ipynb"]
        command += ["--scenario", "a.yaml", "--results", tmp_path, "--output", page]
        done = subprocess.run(
            command, env={**os.environ, **variables}, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
        )
        return done, page

    return take


def others_home(folder: Path) -> Path:
    """A home with a kernel of this name that is no Python, a profile, a style, a template, and a style in the folder."""
    files = {
        ".local/share/jupyter/kernels/python3/kernel.json": json.dumps(
            {"argv": ["/bin/false"], "display_name": "Python 3", "language": "python"}
        ),
        ".local/share/jupyter/nbconvert/templates/lab/index.html.j2": "nothing",
        ".jupyter/jupyter_nbconvert_config.json": json.dumps({"HTMLExporter": {"exclude_input": True}}),
        ".ipython/profile_default/startup/mine.py": "STARTED = True",
        ".config/matplotlib/matplotlibrc": "figure.facecolor: red",
        "../matplotlibrc": "axes.facecolor: green",
        "../numpy.py": "raise ImportError",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_page_is_the_same_bytes_in_a_fresh_home_and_in_one_full_of_settings(taken, tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    kept = {name: "" for name in os.environ if name.startswith(("JUPYTER", "IPYTHON", "MPL", "XDG_"))}
    first, page = taken(CELL, **kept, HOME=str(tmp_path / "fresh"))
    assert first.returncode == 0, first.stderr
    full = others_home(tmp_path / "full")
    locale = {"LC_ALL": "C", "PYTHONPATH": str(tmp_path), "PYTHONWARNINGS": "error"}
    second, again = taken(CELL, HOME=str(full), IPYTHONDIR=str(full / ".ipython"), **locale)
    assert second.returncode == 0, second.stderr
    assert page.read_bytes() == again.read_bytes()
    text = page.read_text(encoding="utf-8")
    assert f"{sys.prefix} False" in text and "font cache" not in text and 'charset="utf-8"' in text
    assert list((tmp_path / "fresh").iterdir()) == []


@pytest.mark.parametrize(
    ("source", "said"), [("1 / 0", "ZeroDivisionError: division by zero"), ("import os; os._exit(1)", "interpreter")]
)
def test_what_goes_wrong_in_it_is_one_line(taken, source: str, said: str) -> None:
    done, page = taken(source)
    assert done.returncode == 1 and not page.exists()
    assert said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr
