"""What Snakemake says to a bad configuration: one line, a non-zero exit, nothing written."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path, installed):
    """What a run reads, in a folder of its own."""
    for name in ("Snakefile", "src", "scripts", "config", "workflow", "profiles", "paper"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tmp_path / name)
    installed(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("config/smoke.yaml", "resamples: 400", "resamples: 400\nturbo: true", ["turbo", "no such key"]),
        ("config/smoke.yaml", "width: 50,", "width: -50,", ["widths.1.width", "-50", "greater than 0"]),
        (
            "config/claims/chaos.yaml",
            "kind: above",
            "kind: over",
            ["chaos.yaml", ": rule", "'over'", "one of 'equals'"],
        ),
        ("config/scenarios/sine1d.yaml", "activation: tanh", "activation: swish", ["activation", "'swish'", "tanh"]),
        ("config/scenarios/sine1d.yaml", "cos(w0)", "__import__('os')", ["observable", "__import__", "products of"]),
    ],
)
def test_a_bad_value_is_one_line(copy, file, old, new, said):
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    before = {path for path in copy.rglob("*") if "__pycache__" not in path.parts}
    command = [".venv/bin/snakemake", "--cores", "1", "--configfile", "config/smoke.yaml"]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode != 0
    lines = [
        line for line in done.stderr.splitlines() if not line.startswith(("Using workflow specific profile", "host:"))
    ]
    assert len(lines) == 1
    for part in said:
        assert part in lines[0]
    assert {path for path in copy.rglob("*") if {"__pycache__", ".snakemake"}.isdisjoint(path.parts)} <= before
