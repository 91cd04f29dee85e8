"""A script's command line: its options are its function's, a mistake is one line, and every option is explained."""

import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mfnn.pipeline.command import parser

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(ROOT.glob("scripts/*.py"))
SCRIPT = '''
from typing import Literal
from mfnn.errors import MfnnError
from mfnn.pipeline.command import AnyNumber, Json, Times, Width, command

@command
def main(
    *, width: Width, x: int = 3, replicas: tuple[int, int] = (0, 1), times: Times, names: list[str],
    nodes: AnyNumber[int] = (), spec: Json, specs: list[Json], precision: Literal["double", "single"] = "double",
) -> None:
    """Show what it was given.

    :param x: a number
    :param names: of anything
    """
    if width == 13:
        raise MfnnError("thirteen\\nneurons")
    print([width, x, replicas, times, names, nodes, spec, specs, precision])
'''
# What is required, by option.
GIVEN = {"--width": ["5"], "--times": ["0.0", "1.0"], "--names": ["c"], "--spec": ["{}"], "--specs": ["{}"]}


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """A function that runs a script with all that is required and some options besides or instead."""
    path = tmp_path_factory.mktemp("script") / "show.py"
    path.write_text(SCRIPT, encoding="utf-8")

    def run(*arguments: str, **instead: list[str] | None) -> subprocess.CompletedProcess[str]:
        given: dict[str, list[str] | None] = {**GIVEN, **{f"--{name}": values for name, values in instead.items()}}
        words = [word for name, values in given.items() if values is not None for word in (name, *values)]
        return subprocess.run([sys.executable, path, *words, *arguments], capture_output=True, encoding="utf-8")

    return run


@pytest.mark.parametrize(
    ("instead", "place", "expected"),
    [
        ({"width": ["7"]}, 0, 7),
        ({"x": ["-1"]}, 1, -1),
        ({"replicas": ["0", "5"]}, 2, (0, 5)),
        ({"times": ["0.0", "-1.5", "2e-3"]}, 3, [0.0, -1.5, 0.002]),
        ({"names": ["g(-0.5, 1)", "c*w0", "c"]}, 4, ["g(-0.5, 1)", "c*w0", "c"]),
        ({"nodes": []}, 5, ()),
        ({"nodes": ["16", "32"]}, 5, (16, 32)),
        ({"spec": ['{"a": [1, -2]}']}, 6, {"a": [1, -2]}),
        ({"specs": ['{"a": 1}', "{}"]}, 7, [{"a": 1}, {}]),
        ({"precision": ["single"]}, 8, "single"),
    ],
)
def test_options_have_their_types(script, instead, place, expected):
    done = script(**instead)
    assert done.returncode == 0, done.stderr
    values = [5, 3, (0, 1), [0.0, 1.0], ["c"], (), {}, [{}], "double"]
    values[place] = expected
    assert done.stdout == f"{values}\n"


@pytest.mark.parametrize(
    ("instead", "named"),
    [
        ({"width": None}, ["--width"]),
        ({"width": []}, ["--width"]),
        ({"width": ["wide"]}, ["--width", "wide", "int"]),
        ({"width": ["1.5"]}, ["--width", "1.5", "int"]),
        ({"width": ["5", "6"]}, ["6"]),
        ({"replicas": ["0"]}, ["--replicas", "2"]),
        ({"times": []}, ["--times", "at least 1"]),
        ({"times": ["0", "one"]}, ["--times", "one", "float"]),
        ({"names": ["c", "-c"]}, ["-c"]),
        ({"nodes": ["1", "two"]}, ["--nodes", "two", "int"]),
        ({"spec": ["{a"]}, ["--spec", "{a", "JSON"]),
        ({"spec": ["3"]}, ["--spec", "3", "JSON object"]),
        ({"specs": ["{}", "[]"]}, ["--specs", "[]", "dict"]),
        ({"precision": ["half"]}, ["--precision", "half", "double", "single"]),
        ({"widht": ["5"]}, ["--widht", "--width"]),
        ({"wid": ["5"]}, ["--wid"]),
    ],
)
def test_a_mistake_is_one_line_that_names_the_option(script, instead, named):
    done = script(**instead)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"error: {named[0]}: ") or not named[0].startswith("--"), done.stderr
    assert all(word in done.stderr for word in named), done.stderr


def test_no_option_is_taken_twice(script):
    done = script("--width", "6")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "--width" in done.stderr


def test_an_error_is_one_line_and_another_status(script):
    done = script(width=["13"])
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "error: thirteen neurons\n")


def test_help_shows_every_option_with_its_type_and_meaning(script):
    shown = script("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Show what it was given." in shown.stdout and shown.stdout.isascii() and "\x1b" not in shown.stdout
    for line in (
        "--width INT: the number of neurons [required]",
        "--x INT: a number [default: 3]",
        "--times FLOAT...: in units of N steps [required]",
        "--names STR...: of anything [required]",
        "--spec JSON: [required]",
    ):
        assert f"  {line}\n" in shown.stdout


def main_of(path: Path) -> Any:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.main


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_every_option_of_every_script_is_a_keyword_and_explained(path):
    main = main_of(path)
    options = parser(main).assemble_argument_collection(parse_docstring=True)
    assert main.__doc__ and list(options)
    assert {kind.kind for kind in inspect.signature(main).parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert [option.name for option in options if not option.parameter.help] == []


def test_no_script_parses_by_hand():
    assert [
        path.stem
        for path in SCRIPTS
        if "argparse" in path.read_text(encoding="utf-8") or "sys.argv" in path.read_text(encoding="utf-8")
    ] == []
