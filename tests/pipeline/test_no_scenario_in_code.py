"""No code knows a scenario by its name: a run's configuration says which scenario is used for what."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCENARIOS = {path.stem for path in (ROOT / "config/scenarios").glob("*.yaml")}
PLAIN_WORDS = {"digits"}  # in a sentence they mean nothing else
RULES = [ROOT / "Snakefile", *sorted(ROOT.glob("workflow/**/*.smk"))]
CAPTIONS = sorted(ROOT.glob("workflow/report/*.rst"))
PYTHON = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("scripts/*.py")])
EXEMPT = {
    "src/mfnn/learning/idx.py": {"mnist"},  # reads the files of MNIST
    "src/mfnn/verdicts/numbers.py": {"digits"},  # decimal ones, here and below: how many are shown of a number
    "src/mfnn/studies/chaos/measured.py": {"digits"},
    "src/mfnn/studies/finite_volumes/table.py": {"digits"},
}


def names(text: str) -> set[str]:
    """The scenarios that a text names, alone or as a part of a compound, such as mnist in fetch_mnist."""
    return {name for name in SCENARIOS if re.search(rf"(?<![A-Za-z0-9]){name}(?![A-Za-z0-9])", text)}


def known_to_python(source: str) -> set[str]:
    """The scenarios that identifiers and strings of a source name, docstrings and comments left out."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in alone]
    found = set().union(*map(names, identifiers(nodes)))
    for string in filter(lambda value: isinstance(value, str), strings):
        found |= names(string) - (PLAIN_WORDS if " " in string else set())
    return found


def identifiers(nodes: list[ast.AST]) -> Iterator[str]:
    """All names in a syntax tree: of variables, arguments, attributes, functions, classes and modules."""
    for node in nodes:
        if not isinstance(node, ast.Constant):
            values = (value for _, value in ast.iter_fields(node))
            yield from (value for value in values if isinstance(value, str))


def known_to_rules(source: str) -> set[str]:
    """The scenarios that a file of rules names outside its comments."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return names(" ".join(token.string for token in tokens if token.type != tokenize.COMMENT))


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: path.name)
def test_no_python_knows_a_scenario(path: Path) -> None:
    assert known_to_python(path.read_text()) == EXEMPT.get(path.relative_to(ROOT).as_posix(), set())


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_no_rule_knows_a_scenario(path: Path) -> None:
    assert known_to_rules(path.read_text()) == set()


@pytest.mark.parametrize("path", CAPTIONS, ids=lambda path: path.name)
def test_no_caption_speaks_of_one_scenario(path: Path) -> None:
    assert names(path.read_text().lower()) - (PLAIN_WORDS if path.stem == "table" else set()) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('path = "results/mnist"', {"mnist"}),
        ("def fetch_mnist(): ...", {"mnist"}),
        ("problem.digits", {"digits"}),
        ("draw(sine1d=1)", {"sine1d"}),
        ('f"{x}_three_points"', {"three_points"}),
        ('key = "digits.share"', {"digits"}),
        ('"""Handwritten digits, such as mnist."""', set()),
        ('raise ValueError("letters and digits alone")', set()),
        ("x = 1  # of sine1d", set()),
    ],
)
def test_the_check_would_see_it(source: str, found: set[str]) -> None:
    assert known_to_python(source) == found


def test_the_check_would_see_it_in_a_rule() -> None:
    rule = 'rule a:\n    # of sine1d\n    input:\n        f"{RESULTS}/mnist.nc",\n'
    assert known_to_rules(rule) == {"mnist"}
