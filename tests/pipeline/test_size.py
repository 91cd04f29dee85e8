"""No file is over 300 lines and no function's body over 40, without its docstring and the functions inside it."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = {
    path: path.read_text() for folder in ("src", "scripts", "tests") for path in ROOT.glob(f"{folder}/**/*.py")
}


def body_lines(function: ast.FunctionDef) -> int:
    inside = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef) and node is not function]
    apart = [*inside, *(function.body[:1] if ast.get_docstring(function) else [])]
    lines = [range(node.lineno, node.end_lineno + 1) for node in apart]
    return len(set(range(function.body[0].lineno, function.end_lineno + 1)).difference(*lines))


def test_no_file_is_long() -> None:
    assert [path.name for path, source in SOURCES.items() if source.count("\n") > 300] == []


def test_no_function_is_long() -> None:
    nodes = [node for source in SOURCES.values() for node in ast.walk(ast.parse(source))]
    assert [node.name for node in nodes if isinstance(node, ast.FunctionDef) and body_lines(node) > 40] == []
