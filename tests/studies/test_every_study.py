"""A study is under one name everywhere: its folder, rules, claims, section and tests; what one lacks is named."""

import ast
import re
from pathlib import Path

import pytest

from mfnn.pipeline.config import known_studies

BASES = ("StudyPlan", "CasesPlan")
ROOT = Path(__file__).parents[2]
PLAN = '''"""What a run may say."""

class Plan(StudyPlan):
    """All of it."""

    title: ClassVar[str] = "Toy"
'''


def text(path: Path) -> str:
    """A file's text, empty where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def lacking_plan(source: str) -> list[str]:
    """What a study's module `plan` lacks."""
    module = ast.parse(source)
    plans = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "Plan"]
    based = [plan for plan in plans if any(isinstance(base, ast.Name) and base.id in BASES for base in plan.bases)]
    if not based:
        return ["a class Plan(StudyPlan)"]
    titled = [node.target for node in based[0].body if isinstance(node, ast.AnnAssign) and node.value]
    found = {
        "a docstring of plan.py": ast.get_docstring(module),
        "a docstring of Plan": ast.get_docstring(based[0]),
        "a title of Plan": any(isinstance(target, ast.Name) and target.id == "title" for target in titled),
    }
    return [name for name, there in found.items() if not there]


def lacking(root: Path, study: str) -> list[str]:
    """What a study of the project in `root` lacks; a study without summaries makes pages, and claims nothing."""
    package, rules = root / "src/mfnn/studies" / study, text(root / f"workflow/rules/{study}.smk")
    target = re.search(rf"^rule {study}:\n((?:[ \t].*\n?|\n)*)", rules, re.MULTILINE)
    summaries = bool(target and re.search(r"^\s+summaries=", target[1], re.MULTILINE))
    sections = re.findall(r"^[^%\n]*\\input\{sections/(\w+)\}", text(root / "paper/main.tex"), re.MULTILINE)
    found = {
        "a docstring of the package": ast.get_docstring(ast.parse(text(package / "__init__.py"))),
        f"workflow/rules/{study}.smk": rules,
        f"rule {study}": target,
        f"config/claims/{study}.yaml": not summaries or text(root / f"config/claims/{study}.yaml"),
        f"paper/sections/{study}.tex": not summaries or text(root / f"paper/sections/{study}.tex"),
        f"sections/{study} in paper/main.tex": not summaries or study in sections,
        f"tests/studies/{study}/test_*.py": any((root / "tests/studies" / study).glob("test_*.py")),
    }
    return [*lacking_plan(text(package / "plan.py")), *(name for name, there in found.items() if not there)]


@pytest.mark.parametrize("study", known_studies())
def test_a_study_lacks_nothing(study: str) -> None:
    assert lacking(ROOT, study) == []


def test_no_file_is_of_a_study_that_is_not_there() -> None:
    claims = {path.stem for path in (ROOT / "config/claims").glob("*.yaml")}
    tests = {path.name for path in (ROOT / "tests/studies").iterdir() if any(path.glob("test_*.py"))}
    assert claims | tests <= set(known_studies())


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A project with one whole study."""
    files = {
        "src/mfnn/studies/toy/__init__.py": '"""A question?"""\n',
        "src/mfnn/studies/toy/plan.py": PLAN,
        "workflow/rules/toy.smk": 'rule toy:\n    input:\n        figures="a.pdf",\n        summaries="a.json",\n',
        "config/claims/toy.yaml": "- id: toy\n",
        "paper/sections/toy.tex": "% only toy\n\\section{Toy}\n% end\n",
        "paper/main.tex": "\\input{sections/toy}\n",
        "tests/studies/toy/test_toy.py": "def test_toy(): ...\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def test_a_whole_study_passes(toy: Path) -> None:
    assert lacking(toy, "toy") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "lacks"),
    [
        ("src/mfnn/studies/toy/__init__.py", '"""A question?"""', "", ["a docstring of the package"]),
        ("src/mfnn/studies/toy/plan.py", "(StudyPlan)", "(Spec)", ["a class Plan(StudyPlan)"]),
        ("src/mfnn/studies/toy/plan.py", '"""All of it."""', "", ["a docstring of Plan"]),
        ("src/mfnn/studies/toy/plan.py", ' = "Toy"', "", ["a title of Plan"]),
        ("workflow/rules/toy.smk", "rule toy", "rule all_toys", ["rule toy"]),
        ("config/claims/toy.yaml", "- id: toy\n", "", ["config/claims/toy.yaml"]),
        ("paper/main.tex", "\\input", "% \\input", ["sections/toy in paper/main.tex"]),
    ],
)
def test_what_a_study_lacks_is_named(toy: Path, file: str, old: str, new: str, lacks: list[str]) -> None:
    assert old in (toy / file).read_text(encoding="utf-8")
    (toy / file).write_text((toy / file).read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert lacking(toy, "toy") == lacks


def test_missing_files_are_named(toy: Path) -> None:
    for file in ("paper/sections/toy.tex", "tests/studies/toy/test_toy.py"):
        (toy / file).unlink()
    assert lacking(toy, "toy") == ["paper/sections/toy.tex", "tests/studies/toy/test_*.py"]


def test_a_study_of_pages_needs_no_claims(toy: Path) -> None:
    (toy / "workflow/rules/toy.smk").write_text('rule toy:\n    input:\n        pages="a.html",\n', encoding="utf-8")
    (toy / "config/claims/toy.yaml").unlink()
    assert lacking(toy, "toy") == []
