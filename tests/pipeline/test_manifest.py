"""A run held against the recorded one: what differs, and whether it matters."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from mfnn.errors import MfnnError
from mfnn.pipeline.manifest import compare, manifest, read_manifest
from mfnn.storage import read_json, write_json, write_table, write_text

ROOT = Path(__file__).parents[2]
SLOPE = {"value": -0.5, "error": 0.01, "low": -0.52, "high": -0.48}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    numbers = {"a.slope": SLOPE, "a.replicas": 100, "a.limit.error": 2e-9, "a.limit.nodes": "16 x 32"}
    write_json(numbers, tmp_path / "results/summary/errors_a.json")
    write_table(pd.DataFrame({"width": [10, 20], "rms": [0.5, 0.25]}), tmp_path / "results/convergence/a/errors.csv")
    write_table(pd.DataFrame({"id": ["a.one"], "verdict": ["holds"]}), tmp_path / "results/verdicts.csv")
    write_table(pd.DataFrame({"seconds": [1.0]}), tmp_path / "results/tables/runtimes.csv")
    write_json(
        {"root_seed": 1, "processor": "haswell", "finished": "yesterday"}, tmp_path / "results/provenance.json"
    )
    return tmp_path / "results"


def differences(results: Path, key: str, entry: object) -> tuple[set[str], set[str]]:
    """What matters and what does not when one number of an otherwise equal run is another one."""
    published = manifest(results)
    path = results / "summary/errors_a.json"
    write_json(read_json(path) | {key: entry}, path)
    found = compare(published, results)
    return {d.place for d in found if d.matters}, {d.place for d in found if not d.matters}


def test_equal_runs_do_not_differ_whatever_they_took(results: Path) -> None:
    published = manifest(results)
    write_table(pd.DataFrame({"seconds": [2.0]}), results / "tables/runtimes.csv")
    assert compare(published, results) == []


@pytest.mark.parametrize(
    ("key", "entry", "matters", "shown"),
    [
        ("a.slope", SLOPE | {"value": -0.5 * (1 + 1e-13)}, False, False),  # rounding
        ("a.slope", SLOPE | {"value": -0.51}, False, True),  # another seed
        ("a.slope", SLOPE | {"value": -0.6, "low": -0.62, "high": -0.58}, True, True),
        ("a.slope", SLOPE | {"value": 0.5, "low": 0.48, "high": 0.52}, True, True),
        ("a.replicas", 101, True, True),
        ("a.limit.error", 3e-9, False, True),
        ("a.limit.nodes", "32 x 32", False, True),
        ("a.new", 1.0, False, True),
    ],
)
def test_intervals_decide_what_matters(results: Path, key: str, entry: object, matters: bool, shown: bool) -> None:
    grave, light = differences(results, key, entry)
    assert (key in grave) == matters
    assert (key in grave | light) == shown
    assert "summary/errors_a.json" in light


def test_another_seed_and_another_processor_are_named(results: Path) -> None:
    published = manifest(results)
    write_json({"root_seed": 2, "processor": "znver4", "finished": "today"}, results / "provenance.json")
    assert {(d.place, d.text, d.matters) for d in compare(published, results)} == {
        ("provenance, root_seed", "was 1, is 2", False),
        ("provenance, processor", "was haswell, is znver4", False),
    }


def test_only_results_are_published_not_the_digests_beside_them(results: Path) -> None:
    assert set(manifest(results)["files"]) == {
        "summary/errors_a.json",
        "convergence/a/errors.csv",
        "verdicts.csv",
    }


def test_a_changed_verdict_and_a_lost_number_matter(results: Path) -> None:
    published = manifest(results)
    write_table(pd.DataFrame({"id": ["a.one"], "verdict": ["violated"]}), results / "verdicts.csv")
    write_json({"a.slope": SLOPE}, results / "summary/errors_a.json")
    grave = {d.place for d in compare(published, results) if d.matters}
    assert grave == {"a.one", "a.replicas", "a.limit.error", "a.limit.nodes"}


def test_a_missing_or_foreign_manifest_is_one_line(results: Path) -> None:
    with pytest.raises(MfnnError, match="make record-manifest"):
        read_manifest(results / "nothing.json")
    for part in ("made", "files", "numbers", "verdicts"):
        with pytest.raises(MfnnError, match=f"^not a manifest: it has no {part}$"):
            compare(manifest(results) | {part: 3}, results)
    for entry in (None, 1.0, [1.0], ["a", "b"]):
        with pytest.raises(MfnnError, match=r"^not a manifest: numbers\.a is "):
            compare(manifest(results) | {"numbers": {"a": entry}}, results)


def test_the_scripts_agree_and_say_so(results: Path) -> None:
    def script(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, ROOT / "scripts" / f"{name}.py", *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8")

    kept = results.parent / "published.json"
    assert script("record_manifest", "--results", results, "--output", kept).returncode == 0
    shutil.copy(results / "summary/errors_a.json", results.parent / "whole")
    write_text(
        (results.parent / "whole").read_text(encoding="utf-8").replace("100", "101"),
        results / "summary/errors_a.json",
    )
    damaged = script("verify_published", "--manifest", kept, "--results", results)
    assert (damaged.returncode, damaged.stderr.count("\n")) == (1, 1)
    assert "errors_a.json: not what was written" in damaged.stderr
