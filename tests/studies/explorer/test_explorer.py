"""The explorer: what it shows where the sliders stand."""

import re

import numpy as np
import pandas as pd
import pytest

from mfnn.studies.explorer import page as explorer
from mfnn.studies.film.film import film

TEMPLATE = "workflow/report/explore.html"


@pytest.fixture(scope="module")
def frames(sine1d):
    return film(sine1d, [50, 20], [0.0, 1.0, 2.0], 9, 7)


@pytest.fixture(scope="module")
def cells():
    rows = [
        {"kind": kind, "observable": "c^2", "other": "c^2", "time": 2.0, "width": width}
        | {"predicted": 1.25, "measured": 1.25 + 1 / width, "error": 0.1}
        for kind in ("variance", "pair")
        for width in (20, 50)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("width", [1200, 390])
def test_the_explorer_follows_its_sliders(frames, cells, visit, tmp_path, request, width):
    html = explorer.page(frames, cells, (request.config.rootpath / TEMPLATE).read_text(encoding="utf-8"))
    assert re.search(r"\{\{[A-Z]+\}\}", html) is None
    (tmp_path / "explore.html").write_text(html, encoding="utf-8")
    shown = visit(tmp_path / "explore.html", width)
    shown.get_by_text("t = 2.0, N = 50").wait_for()
    handles = shown.locator(".noUi-handle")
    handles.nth(0).press("ArrowLeft")
    handles.nth(1).press("ArrowLeft")
    reading = shown.get_by_text("t = 1.0, N = 20").inner_text()
    cloud = shown.evaluate("[...Bokeh.documents[0].get_model_by_name('cloud').data.c]")
    np.testing.assert_allclose(cloud, frames["theta_20"].values[1, :, 0], rtol=1e-6)
    bars = shown.evaluate("[...Bokeh.documents[0].get_model_by_name('bars').data.limit_w]")
    np.testing.assert_allclose(bars, frames["density"].values[1, 1])
    mean = frames["theta_20"].values[1].prod(axis=1).mean()
    assert f"{mean:.3f} in the network" in reading
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
