"""The pages and screens: what the explorer shows where the sliders stand, tables, and the last words at a terminal."""

import os
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mfnn.pipeline.screens import done, stopped
from mfnn.show.pages import abridged, page
from mfnn.studies.explorer import page as explorer
from mfnn.studies.film.figure import animate
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


def test_a_film_starts_from_the_initial_law_and_its_limit_is_a_probability(frames, sine1d_limit):
    assert frames["width"].values.tolist() == [20, 50]
    widths = np.diff(frames["edges"].values, axis=1)
    np.testing.assert_allclose((frames["density"].values * widths).sum(axis=-1), 1, atol=1e-3)
    assert np.abs(frames["theta_20"].values[0]).max(axis=0) == pytest.approx([1, 3], rel=0.35)
    expected = sine1d_limit.output(frames["x"].values[:, None], 2.0)
    np.testing.assert_allclose(frames["output"].values[-1], expected, atol=1e-3)
    np.testing.assert_allclose(frames["target"], np.sin(np.pi * frames["x"]), atol=1e-3)


def test_the_animated_picture_has_a_frame_a_time_and_the_same_bytes_again(frames, tmp_path):
    for name in ("one.gif", "two.gif"):
        animate(frames, tmp_path / name)
    with Image.open(tmp_path / "one.gif") as picture:
        assert picture.n_frames >= frames.sizes["time"]
        assert picture.info["loop"] == 0
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()


@pytest.mark.parametrize("width", [1200, 390])
def test_the_explorer_follows_its_sliders(frames, cells, visit, tmp_path, request, width):
    html = explorer.page(frames, cells, (request.config.rootpath / TEMPLATE).read_text())
    assert re.search(r"\{\{[A-Z]+\}\}", html) is None
    (tmp_path / "explore.html").write_text(html)
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


def test_what_does_not_hold_comes_first():
    verdicts = pd.DataFrame(
        {
            "scenario": "sine1d",
            "statement": ["one", "two", "three"],
            "value": [-0.5, 1.0, 2.0],
            "low": [-0.6, 1.0, 1.0],
            "high": [-0.4, 1.0, 3.0],
            "rule": "= 1",
            "verdict": ["holds", "inconclusive", "violated"],
        }
    )
    brief = abridged(verdicts)
    assert brief["verdict"].tolist() == ["violated", "inconclusive", "holds"]
    assert brief["value"].tolist() == ["2 [1, 3]", "1", "-0.5 [-0.6, -0.4]"]
    assert "<td>three</td>" in page(brief, "verdicts")
    assert "&lt;b&gt;" in page(pd.DataFrame({"a": ["<b>"]}), "escaped")


def test_the_closing_screen_names_what_was_made(tmp_path):
    (tmp_path / "verdicts.txt").write_text("violated: a.b: x\n1 holds, 1 violated, 0 inconclusive of 2 claims\n")
    places = {"paper": tmp_path / "verdicts.txt", "tour": tmp_path / "nowhere.html"}
    screen = done(tmp_path / "verdicts.txt", places, 125.2)
    assert "1 holds, 1 violated, 0 inconclusive of 2 claims" in screen
    assert "2 min 5 s" in screen
    assert "nowhere" not in screen
    os.utime(tmp_path / "verdicts.txt", (0, 0))
    assert "verdicts" not in done(tmp_path / "verdicts.txt", places, 125.2)  # of an earlier run


def test_the_error_screen_names_rule_cause_and_log(tmp_path):
    own = tmp_path / "train.log"
    own.write_text("N=10: replica 0\nerror: sine1d N=10: replica 3 diverged at step 7\n\n")
    block = f"Error in rule train_particles:\n    message: None\n    jobid: 5\n    log: {own} (check log file(s))\n"
    (tmp_path / "snakemake.log").write_text(f"Building DAG\n{block}\n{block}Exiting\n")
    screen = stopped(tmp_path / "snakemake.log")
    assert screen.count("train_particles failed: error: sine1d N=10: replica 3 diverged at step 7") == 1
    assert f"log: {own}" in screen
    many = "".join(block.replace("train_particles", f"rule_{number}") for number in range(50))
    (tmp_path / "snakemake.log").write_text(many)
    assert len(stopped(tmp_path / "snakemake.log").splitlines()) < 24 and "45 more" in stopped(
        tmp_path / "snakemake.log"
    )
    (tmp_path / "snakemake.log").write_text("Exiting\n")
    assert "before any rule" in stopped(tmp_path / "snakemake.log")
