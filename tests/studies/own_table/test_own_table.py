"""Somebody's table, from the command to the page: small rows of known law, and the numbers of the page."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mfnn import Problem, SpecError
from mfnn.pipeline.new_table import lay_out
from mfnn.studies.own_table.answer import answer
from mfnn.studies.own_table.figures import losses, spread
from mfnn.studies.own_table.networks import share_within, spreads, train_rows
from mfnn.studies.own_table.page import page, sentences
from mfnn.studies.own_table.prediction import predict_rows, width_needed
from mfnn.studies.own_table.rows import scale_of

ROOT = Path(__file__).parents[3]
SETTINGS = {"activation": "tanh", "learning_rate": 1.0, "horizon": 1.0, "error": 0.2, "seed": 3}


def table(count=60):
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, count)
    return pd.DataFrame({"x": x, "y": 10 + 3 * np.sin(2 * x) + 0.1 * rng.standard_normal(count)})


def problem_of(training):
    scale = scale_of(training, "y")
    data = {"law": "finite", "x": scale.seen(training), "y": scale.wanted(training)}
    initial = {"c": {"law": "uniform", "low": -1.0, "high": 1.0}, "w": {"law": "normal", "std": 0.7}}
    fields = {"name": "t", "activation": "tanh", "learning_rate": 1.0, "horizon": 1.0, "initial": initial}
    return Problem.model_validate({**fields, "data": data}), scale


@pytest.fixture(scope="module")
def found():
    """A prediction on a table, and networks of two widths."""
    training, held_out = table().iloc[:48], table().iloc[48:]
    problem, scale = problem_of(training)
    x, points = scale.seen(training), scale.seen(held_out)
    predicted = predict_rows(problem, x, points, [0.0, 0.5, 1.0], 6, 0.05)
    networks = {width: train_rows(problem, width, 200, points, 0, one_order=200) for width in (40, 160)}
    return training, held_out, scale, predicted, networks


def test_the_scale_is_that_of_the_training_rows():
    scale = scale_of(table(), "y")
    seen = scale.seen(table())
    assert seen[:, 0].mean() == pytest.approx(0) and seen[:, 0].std() == pytest.approx(1) and (seen[:, 1] == 1).all()
    np.testing.assert_allclose(scale.target_of(scale.wanted(table())), table()["y"])


def test_networks_have_the_predicted_spread_and_the_limits_mean(found):
    *_, predicted, networks = found
    measured = spreads(networks, predicted)
    for row in measured.to_dict("records"):
        for name, foreseen in (("variance", "predicted"), ("start", "predicted_start")):
            assert abs(row[name] - row[foreseen]) < 4 * row[f"{name}_error"] + 0.1 * row[foreseen], name
    mean = networks[160]["output"].mean("replica").values
    np.testing.assert_allclose(mean, predicted["held_out"].values[-1], atol=0.05)


def test_the_width_needed_is_that_of_the_normal_law():
    predicted = xr.Dataset({"part": (("source", "chosen"), [[1.0, 1.0], [3.0, 3.0]])})
    assert width_needed(predicted, 0.1) == int(np.ceil(4 * 1.959964**2 / 0.01))


def test_networks_of_the_width_needed_are_within_the_error(found):
    *_, predicted, _ = found
    training, held_out, scale, _, _ = found
    error = 0.25
    width = width_needed(predicted, error)
    outputs = train_rows(problem_of(training)[0], width, 200, scale.seen(held_out), 5)["output"].values
    share, count = share_within(outputs[:, :6], predicted["held_out"].values[-1, :6], error)
    assert share > 0.92 and count == 1200


def test_the_answer_is_in_the_targets_units_and_the_page_says_it(found):
    training, held_out, scale, predicted, networks = found
    answered = answer(predicted, networks, scale, training, held_out, 0.2)
    assert answered.losses["training"].iloc[0] == pytest.approx(1.0, abs=0.05)  # the output starts at 0
    assert answered.losses["training"].iloc[-1] < answered.losses["training"].iloc[0]
    assert answered.error == pytest.approx(0.2 * training["y"].std(ddof=0))
    assert answered.rows["deviation"].is_monotonic_decreasing
    first, second, third = sentences(answered, scale)
    assert (
        f"{answered.losses['held_out'].iloc[-1]:.1%}" in first
        and "160 neurons" in second
        and "measured from the start" in second
    )
    assert f"{answered.needed:,} neurons" in third
    template = (ROOT / "workflow/report/own_table.html").read_text(encoding="utf-8")
    text = page(
        template, "a <b> & c", answered, scale, ["left <out>"], {"seed": 3}, {"losses": b"1", "variances": b"2"}
    )
    assert "a &lt;b&gt; &amp; c" in text and "left &lt;out&gt;" in text and "http" not in text and "$" not in text
    assert losses(answered.losses).axes and spread(answered.spread).axes


def test_what_is_laid_out_is_a_run_of_the_workflow(tmp_path):
    table().to_csv(tmp_path / "rows.csv", index=False)
    lay_out(tmp_path / "rows.csv", "y", [], False, tmp_path / "out", SETTINGS)
    rows, held = (pd.read_csv(tmp_path / f"out/scenarios/{name}.csv") for name in ("rows", "held_out"))
    assert (len(rows), len(held)) == (48, 12)
    assert (
        pd.concat([rows, held])
        .sort_values("x")
        .reset_index(drop=True)
        .equals(table().sort_values("x").reset_index(drop=True))
    )
    assert (
        "48 rows are learned from"
        in json.loads((tmp_path / "out/scenarios/about.json").read_text(encoding="utf-8"))["notes"][0]
    )
    before = (tmp_path / "out/scenarios/rows.csv").stat().st_mtime_ns
    lay_out(tmp_path / "rows.csv", "y", [], False, tmp_path / "out", SETTINGS)
    assert (tmp_path / "out/scenarios/rows.csv").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"activation": "swish"}, "activation"),
        ({"horizon": -1.0}, "horizon"),
        ({"error": 0.0}, "error"),
        ({"activation": "relu"}, "relu"),
    ],
)
def test_wrong_settings_leave_nothing_behind(tmp_path, change, said):
    table().to_csv(tmp_path / "rows.csv", index=False)
    with pytest.raises(SpecError, match=said):
        lay_out(tmp_path / "rows.csv", "y", [], False, tmp_path / "out", {**SETTINGS, **change})
    assert not (tmp_path / "out").exists()


def command(*arguments, folder):
    return subprocess.run(
        [sys.executable, "-m", "mfnn", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_leads_to_a_page_that_a_phone_shows(tmp_path, visit):
    table().to_csv(tmp_path / "rows.csv", index=False)
    options = ("--learning-rate", "1", "--horizon", "1", "--error", "0.3", "--cores", "2")
    done = command("study", "rows.csv", "--target", "y", "--output", "out", *options, folder=tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    written = tmp_path / "out/results/own_table"
    shown = visit(written / "page.html", 390)
    assert "An infinitely wide network leaves" in shown.inner_text(".answer")
    assert shown.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    assert {"losses.csv", "losses.png", "rows.csv", "variances.csv", "variances.png"} <= {
        path.name for path in written.iterdir()
    }


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("study", "nowhere.csv", "--target", "y", "--output", "out"), 1, "readable file"),
        (("study", "rows.csv", "--target", "z", "--output", "out"), 1, "columns of rows.csv: x, y"),
        (("study", "rows.csv", "--output", "out"), 2, "target"),
        (("study", "rows.csv", "--target", "y", "--output", "out", "--horizon", "long"), 2, "horizon"),
        (("run", "nowhere.yaml"), 1, "config"),
        (("new", "scenario", "sine1d", "--base", "sine1d"), 1, "one that is not there"),
        (("new", "scenario", "a-b", "--base", "sine1d"), 1, "letters, digits"),
        (("new", "scenario", "mine", "--base", "none"), 1, "base"),
        (("fly",), 2, "fly"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, arguments, status, said):
    table().to_csv(tmp_path / "rows.csv", index=False)
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == status, done.stderr
    assert said in done.stderr and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_version_is_the_packages():
    assert command("--version", folder=ROOT).stdout.strip()
