"""Locale: every text file and every pipe is UTF-8 by word, and nothing made depends on the user's locale."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mfnn.verdicts.families import Asked, asked_json

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("src", "scripts", "tests", "benchmarks") for path in ROOT.glob(f"{folder}/**/*.py")
)
LINE = Asked(observables=("c^2",), method="certified")
CLAIM = """
- id: a.b
  scenario: line
  statement: the rate is ≤ ∞
  rule: {kind: equals, predicted: -0.5, half_width: 0.03}
  violated: it is not → ∞
"""
SCRIPT = """
from pathlib import Path
from mfnn.errors import MfnnError
from mfnn.pipeline.command import Output, command
from mfnn.pipeline.fingerprint import fingerprint

@command
def main(*, output: Output) -> None:
    print(fingerprint(Path(__file__)), "N → ∞")
    raise MfnnError(f"{output}: |x| ≤ 1")
"""


def silent(source: str) -> Iterator[int]:
    """The lines on which text is read, written or piped without its encoding."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if "encoding" in keywords:
            continue
        match node.func:
            case ast.Attribute(attr="read_text"):
                yield node.lineno
            case ast.Attribute(attr="write_text") if len(node.args) == 1:
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="os" | "tarfile" | "gzip" | "json" | "Image"), attr="open"):
                pass
            case ast.Attribute(attr="open" | "fdopen") | ast.Name(id="open") if not binary(node, keywords):
                yield node.lineno
            case _ if any(switched(keywords.get(name)) for name in ("text", "universal_newlines")):
                yield node.lineno


def switched(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


def binary(node: ast.Call, keywords: dict[str | None, ast.expr]) -> bool:
    modes = [each.value for each in [*node.args, *keywords.values()] if isinstance(each, ast.Constant)]
    return any(isinstance(mode, str) and "b" in mode and set(mode) <= set("rwaxb+") for mode in modes)


def test_every_text_has_its_encoding_beside_it() -> None:
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in SOURCES}
    assert [f"{path}:{line}" for path, text in texts.items() for line in silent(text)] == []


@pytest.mark.parametrize(
    "source",
    [
        *("path.read_text()", "path.write_text(text)", "path.open()", "path.open('w')", "open('big.txt')"),
        *("run(command, text=True)", "Popen(command, universal_newlines=True)"),
    ],
)
def test_the_check_would_see_it(source: str) -> None:
    assert list(silent(source)) == [1]


def test_a_script_says_the_same_bytes_in_every_locale(locale: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "say.py").write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, tmp_path / "say.py", "--output", "a.csv"]
    usual = subprocess.run(command, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, check=False)
    there = subprocess.run(command, env={**os.environ, **locale}, capture_output=True, check=False)
    assert there.stderr.decode() == "error: a.csv: |x| ≤ 1\n"
    assert (there.returncode, there.stdout, there.stderr) == (usual.returncode, usual.stdout, usual.stderr)


def test_verdicts_are_the_same_bytes_in_every_locale(locale: dict[str, str], tmp_path: Path) -> None:
    """Words of a claim that no code page has, as text and as a table."""
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims/chaos.yaml").write_text(CLAIM, encoding="utf-8")
    (tmp_path / "summary.json").write_text(json.dumps({"a.b": -1.0}), encoding="utf-8")
    made = {}
    for name, variables in (("usual", {"PYTHONUTF8": "1"}), ("there", locale)):
        outputs = [tmp_path / f"{name}.{kind}" for kind in ("csv", "txt", "json")]
        command = [sys.executable, ROOT / "scripts/verify_claims.py", "--claims", tmp_path / "claims"]
        command += ["--asked", asked_json({"chaos": {"line": LINE}}), "--summaries", tmp_path / "summary.json"]
        command += ["--verdicts", outputs[0], "--screen", outputs[1], "--summary", outputs[2]]
        done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        made[name] = [output.read_bytes() for output in outputs]
    assert made["there"] == made["usual"] and "≤ ∞".encode() in made["there"][0]
