"""The site that `make docs` builds, warnings being errors: every page in a browser, offline; what it must not leave out."""

import json
import re
import subprocess
from pathlib import Path

import pytest

import mfnn

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted([*ROOT.glob("docs/tutorials/*.ipynb"), *ROOT.glob("notebooks/*.ipynb")])


@pytest.fixture(scope="module")
def site(copied):
    folder = copied("site")
    there = ["--old-file=.venv/bin/pip", "--old-file=.venv/.lock-stamp"]
    done = subprocess.run(["make", *there, "docs"], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "results/docs"


def test_every_page_opens(site, visit):
    pages = sorted(site.rglob("*.html"))
    assert {page.stem for page in pages} >= {path.stem for path in ROOT.glob("docs/*.md")} | {"theorem", "scenario"}
    for path in pages:
        page = visit(path)
        assert page.title()
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)"), path.name


def test_formulas_are_drawn_by_the_browser_and_fit_a_phone(site, visit):
    page = visit(site / "mathematics.html", 390)
    assert page.locator("div.math math").count() >= 8
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_search_finds_without_a_network(site, visit):
    page = visit(site / "search.html")
    page.locator("input[name=q]").first.fill("solve_limit")
    page.keyboard.press("Enter")
    page.locator("ul.search li a").first.wait_for()


def test_every_public_name_has_its_words_and_an_example(site):
    page = (site / "reference.html").read_text(encoding="utf-8")
    source = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    for name in mfnn.__all__:
        assert f'id="mfnn.{name}"' in page, name
        assert re.search(rf"mfnn\.{name}\n.*?```\n\n```{{code-cell}}\n", source, re.DOTALL), name


def test_every_claim_of_the_default_run_is_listed(site):
    page = (site / "claims.html").read_text(encoding="utf-8")
    published = json.loads((ROOT / "published.json").read_text(encoding="utf-8"))
    assert published["verdicts"] and all(f">{name}<" in page for name in published["verdicts"])


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_have_no_outputs(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


@pytest.mark.parametrize("page", ["mathematics.md", "built.md", "runs.md"])
def test_every_file_that_a_page_names_is_there(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|config|src|scripts|workflow|docs)/[\w./]+\.\w+)`", text)
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []
