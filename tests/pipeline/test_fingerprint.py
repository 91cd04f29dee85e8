"""A fingerprint follows the meaning of code, through imports, and nothing else."""

import shutil
from pathlib import Path

import pytest

import mfnn.pipeline.fingerprint as module


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A copy of the package that may be edited, and fingerprints of scripts that import from it."""
    shutil.copytree(Path(module.__file__).parents[1], tmp_path / "mfnn")
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "mfnn")

    def fingerprint(text, edit=None):
        script = tmp_path / "script.py"
        script.write_text(text, encoding="utf-8")
        if edit:
            name, old, new = edit
            path = tmp_path / "mfnn" / name
            assert old in path.read_text(encoding="utf-8")
            path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
        module._read.cache_clear()
        return module.fingerprint(script)

    return fingerprint


TRAIN = "from mfnn.particles.train import train\n"


def test_comments_docstrings_and_layout_do_not_count(package):
    before = package(TRAIN)
    assert package('"""Now with a docstring."""\n\n\n# and a remark\n' + TRAIN) == before
    assert package(TRAIN, ("particles/fused.py", "VECTOR = 16", "VECTOR = (16)  # vectors")) == before


def test_code_counts_in_the_script_and_below(package):
    before = package(TRAIN)
    assert package(TRAIN + "x = 1\n") != before
    assert package(TRAIN, ("particles/fused.py", "VECTOR = 16", "VECTOR = 32")) != before


def test_modules_that_are_not_imported_do_not_count(package):
    before = package(TRAIN)
    assert package(TRAIN, ("verdicts/claims.py", "HOLDS, VIOLATED", "VIOLATED, HOLDS")) == before


def test_importing_a_module_from_a_package_counts(package):
    script = "from mfnn.studies.convergence import errors\n"
    before = package(script)
    assert package(script, ("verdicts/rates.py", "LEVEL = 0.95", "LEVEL = 0.9")) != before
