"""Data stay data: no code of the package evaluates text, loads pickles, unpacks archives or starts a shell."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("src/**/*.py"), *ROOT.glob("scripts/*.py")])
CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
METHODS = {"extractall", "extract", "read_pickle", "to_pickle", "unsafe_load", "full_load", "system", "popen"}
METHODS |= {"unpack_archive"}


def dangers(source: str) -> list[str]:
    """What in a source could run what it reads."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                found.append(name)
            case ast.Attribute(attr=name) if name in METHODS:
                found.append(name)
            case ast.Attribute(value=ast.Name(id="yaml"), attr="load"):
                found.append("yaml.load")
            case ast.keyword(arg="shell" | "allow_pickle" as name, value=ast.Constant(value=True)):
                found.append(name)
            case ast.Import() | ast.ImportFrom():
                names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
                found += [name for name in names if name.split(".")[0] in MODULES]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_source_can_run_what_it_reads(path: Path) -> None:
    assert dangers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        *("eval(text)", "exec(text)", "import pickle", "from pickle import loads", "archive.extractall()"),
        *(
            "yaml.load(text)",
            "subprocess.run(text, shell=True)",
            "np.load(path, allow_pickle=True)",
            "os.system(text)",
        ),
    ],
)
def test_the_check_would_see_it(source: str) -> None:
    assert dangers(source)
