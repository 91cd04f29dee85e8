"""The whole pipeline on config/smoke.yaml, in a copy of the tracked files alone."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

ROOT = Path(__file__).parents[2]
SMOKE = Path("results/smoke")


@pytest.fixture
def planned(smoke, snakemake):
    """planned(*targets): the rules that a dry run on the smoke configuration would execute, with the jobs of each."""

    def plan(*targets):
        asked = snakemake(smoke, "--dry-run", "--quiet", "host", "--configfile", "config/smoke.yaml", "--", *targets)
        assert asked.returncode == 0, asked.stderr
        table = re.search(r"^job +count\n-+ +-+\n(.*?)^total", asked.stdout + asked.stderr, re.MULTILINE | re.DOTALL)
        return dict(line.split() for line in table.group(1).splitlines()) if table else {}

    return plan


def test_everything_promised_is_there(smoke):
    for name in (
        *("histograms", "rates", "paths", "risk", "distances", "settling"),
        *("constants", "pulls", "chaos", "groups", "density", "proof_terms", "controls", "sources", "weights"),
    ):
        for kind in ("pdf", "png"):
            assert (smoke / SMOKE / "figures" / f"{name}.{kind}").stat().st_size > 5000
    assert (smoke / SMOKE / "paper/main.pdf").read_bytes().startswith(b"%PDF")
    verdicts = (smoke / SMOKE / "verdicts.txt").read_text(encoding="utf-8")
    assert re.search(r"\d+ holds, \d+ violated, \d+ inconclusive of \d+ claims", verdicts)


def clicked_through(page, chapter):
    """What a chapter of the report lists, each figure and table opened in turn; ends where the chapters are listed."""
    page.get_by_text(chapter, exact=True).click()
    rows = page.locator("table.table-auto tbody tr")
    rows.first.wait_for()
    labels = [rows.nth(row).locator("td").first.inner_text() for row in range(rows.count())]
    for row, label in enumerate(labels):
        rows.nth(row).locator("a").first.click()
        if "table: " not in label:
            page.locator(".p-3 > img").wait_for()
            assert page.locator(".p-3 > img").evaluate("i => i.decode().then(() => i.naturalWidth)") > 500, label
        else:
            page.frame_locator("iframe").locator("tbody tr").first.wait_for()
    page.locator("nav li a").first.click()
    return labels


def test_the_report_opens_with_every_figure_and_table(smoke, reported, visit):
    assert reported.returncode == 0, reported.stderr[-4000:]
    page = visit(smoke / SMOKE / "report.html")
    page.get_by_text(re.compile(r"of \d+ claims")).wait_for()
    assert page.locator(".prose tbody tr").count() == len(pd.read_csv(smoke / SMOKE / "verdicts.csv"))
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].duration")
    assert loaded < 2000 * (1 + os.getloadavg()[0])
    assert set(page.evaluate("Object.keys(categories)")) == set(
        page.get_by_text(re.compile(r"^\d\d [A-Z]")).all_inner_texts()
    )
    decode = "async uri => { const i = new Image(); i.src = uri; await i.decode(); return i.naturalWidth }"
    shown = page.evaluate("results")
    for entry in shown.values():
        assert entry["caption"]
        assert entry["mime_type"] != "image/png" or page.evaluate(decode, entry["data_uri"]) > 500
    seen = [label for chapter in page.evaluate("Object.keys(categories)") for label in clicked_through(page, chapter)]
    assert len(seen) == len(shown)
    tables = {"scenarios", "limit", "orders", "slopes", "controls", "settling", "claims", "runtimes"}
    tables |= {"noise", "normalisation", "sparsity", "depth"}
    figures = {path.stem.replace("_", " ") for path in (smoke / SMOKE / "figures").glob("*.png")}
    assert {label.split(" ", 1)[1] for label in seen} == {f"table: {name}" for name in tables} | figures


def test_the_tour_is_taken_without_output_in_the_repository(smoke, visit):
    notebook = json.loads((smoke / "notebooks/tour.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    page = visit(smoke / SMOKE / "tour.html")
    assert page.title() == "A tour of mfnn"
    images, times = page.locator("img"), 6  # of which one is shown at a time
    shown = [image.is_visible() for image in images.all()]
    page.get_by_label("time", exact=True).fill(str(times - 1))
    moved = [image.is_visible() for image in images.all()]
    assert images.count() == 3 + times and sum(shown) == sum(moved) == 4 and shown != moved
    assert re.search(r"predicted [\d.]+, measured", page.inner_text("body"))


def test_the_working_tree_gets_nothing_but_ignored_results(smoke):
    made = (path.relative_to(smoke) for path in smoke.rglob("*") if "__pycache__" not in path.parts)
    assert {path.parts[0] for path in made if not (ROOT / path).exists()} <= {"results", ".snakemake", ".venv"}


def test_a_second_run_has_nothing_to_do(reported):
    assert "Nothing to be done" in reported.stdout + reported.stderr


@pytest.fixture
def edited(smoke):
    """A function that edits one source file of the copy; undone, times included, after the test."""
    kept = []

    def edit(name, old, new):
        path = smoke / name
        kept.append((path, path.read_text(encoding="utf-8"), path.stat()))
        assert old in path.read_text(encoding="utf-8")
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    yield edit
    for path, text, status in kept:
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_comment_reruns_nothing(edited, planned):
    edited("src/mfnn/particles/fused.py", "VECTOR = 16", "# a remark\nVECTOR = 16")
    edited("src/mfnn/verdicts/rates.py", '"""Rates of convergence', '"""About rates of convergence')
    assert planned() == {}


def test_an_edit_of_the_kernel_reruns_training_and_what_needs_it_and_no_limit(edited, planned):
    edited("src/mfnn/particles/fused.py", "VECTOR = 16", "VECTOR = 32")
    rerun = planned()
    assert {"train_particles", "measure_errors", "measure_distances", "verify_claims", "build_paper"} <= set(rerun)
    assert not {"solve_limit", "approximate_limit", "generate_data", "fetch_images"} & set(rerun)


def test_an_edit_of_the_verdicts_reruns_only_the_end(edited, planned):
    edited(
        "src/mfnn/verdicts/rules.py",
        'INCONCLUSIVE = "holds", "violated", "inconclusive"',
        'INCONCLUSIVE = "a", "b", "c"',
    )
    rerun = planned()
    assert "verify_claims" in rerun
    assert not {"train_particles", "solve_limit", "measure_errors", "measure_distances"} & set(rerun)


def test_no_bit_depends_on_batches_or_cores(smoke, snakemake):
    config = yaml.safe_load((smoke / "config/smoke.yaml").read_text(encoding="utf-8"))
    config["results"] = "results/rebatched"
    halved, joined = config["scenarios"]["sine1d"]["widths"][1:3]
    assert halved["batch"] == halved["replicas"] and joined["batch"] < joined["replicas"]
    halved["batch"], joined["batch"] = halved["replicas"] // 2, joined["replicas"]
    config["scenarios"]["sine1d"]["widths"] = [halved, joined]
    (smoke / "config/rebatched.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    target = "results/rebatched/convergence/sine1d/errors.csv"
    done = snakemake(smoke, target, "--cores", "1", "--configfile", "config/rebatched.yaml")
    assert done.returncode == 0, done.stderr[-4000:]
    rebatched, all_widths = (pd.read_csv(smoke / path) for path in (target, SMOKE / "convergence/sine1d/errors.csv"))
    there = all_widths["width"].isin([halved["width"], joined["width"]])
    pd.testing.assert_frame_equal(rebatched, all_widths[there].reset_index(drop=True), check_exact=True)
    whole = xr.open_dataset(smoke / SMOKE / "particles/sine1d/N50/batch0.nc", engine="h5netcdf")
    part = xr.open_dataset(smoke / "results/rebatched/particles/sine1d/N50/batch1.nc", engine="h5netcdf")
    with whole, part:
        for name in ("c^2", "output"):
            np.testing.assert_array_equal(part[name], whole[name].sel(replica=part["replica"]))


def test_a_damaged_intermediate_is_named_in_one_line(smoke):
    path = SMOKE / "particles/sine1d/N50/batch0.nc"
    whole, status = (smoke / path).read_bytes(), (smoke / path).stat()
    (smoke / path).write_bytes(whole[: len(whole) // 2])
    command = [".venv/bin/python", "scripts/measure_errors.py", "--data", SMOKE / "data/sine1d.nc"]
    command += ["--limit", SMOKE / "limit/sine1d.nc", "--particles", path, "--resamples", "100", "--root-seed", "1"]
    command += ["--errors", "out.csv", "--sup", "sup.csv", "--fits", "fits.csv", "--summary", "summary.json"]
    done = subprocess.run(command, cwd=smoke, capture_output=True, encoding="utf-8", check=False)
    (smoke / path).write_bytes(whole)
    os.utime(smoke / path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert str(path) in done.stderr
    assert not (smoke / "out.csv").exists()


def test_a_killed_run_is_taken_up_where_it_was(smoke, snakemake, planned):
    names = ("data/sine1d.nc", "particles/sine1d/N50/batch0.nc", "logs/train_particles/sine1d/N50/batch0.log")
    data, batch, log = (smoke / SMOKE / name for name in names)
    whole = data.read_bytes(), batch.read_bytes()
    aside = {path: path.rename(f"{path}.aside") for path in (data, batch, log)}  # with the times that others rely on
    target = str(batch.relative_to(smoke))
    options = ("--cores", "1", "--configfile", "config/smoke.yaml", "--", target)
    command = [".venv/bin/snakemake", "--quiet", "all", *options]
    with subprocess.Popen(command, cwd=smoke, start_new_session=True) as run:
        end = time.monotonic() + 300
        while not log.exists() and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)  # into the training
        os.killpg(run.pid, signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    assert not batch.exists()
    made = data.stat().st_mtime_ns
    assert planned(target) == {"train_particles": "1"}
    assert snakemake(smoke, *options).returncode == 0
    assert data.stat().st_mtime_ns == made
    assert (data.read_bytes(), batch.read_bytes()) == whole
    for path, kept in aside.items():
        kept.rename(path)
