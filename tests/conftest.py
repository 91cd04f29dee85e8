"""What many tests share: problems and a way to vary them, a copy of the project, a browser."""

import copy
import os
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Error, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from mfnn import Limit, Problem, solve_limit

ROOT = Path(__file__).parents[1]
SHARE = int(os.environ.get("MFNN_FUZZ", "60"))  # fuzzed inputs of each kind
settings.register_profile("fuzzed", max_examples=SHARE, deadline=20_000, suppress_health_check=list(HealthCheck))


def uniform(low: float, high: float) -> dict[str, Any]:
    return {"law": "uniform", "low": low, "high": high}


SINE1D = {
    "name": "sine1d",
    "activation": "tanh",
    "learning_rate": 4.0,
    "horizon": 2.0,
    "data": {
        "law": "regression",
        "inputs": uniform(-1, 1) | {"dim": 1},
        "target": "sine",
        "noise_std": 0.1,
        "intercept": False,
    },
    "initial": {"c": uniform(-1, 1), "w": uniform(-3, 3)},
}
THREE_POINTS = {
    "name": "three_points",
    "activation": "tanh",
    "learning_rate": 1.0,
    "horizon": 2.0,
    "data": {
        "law": "finite",
        "x": [[-1.0], [0.5], [1.5]],
        "y": [0.8, -0.6, 0.9],
        "weights": None,
        "noise_std": 0.0,
    },
    "initial": {"c": uniform(-0.5, 1.5), "w": uniform(-2, 2)},
}
SPECS = {"sine1d": SINE1D, "three_points": THREE_POINTS}

Vary = Callable[..., Problem]


class FilesAndTheWorkflow(LoadScopeScheduling):
    """Side by side, a file stays with one worker, and so does all that shares the smoke run."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        return str(file.parent if file.parent.name == "workflow" else file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesAndTheWorkflow:
    return FilesAndTheWorkflow(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The smoke run first, since it takes the longest."""
    items.sort(key=lambda item: item.path.parent.name != "workflow")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many inputs were tried, as the tests of fuzzed ones recorded it."""
    reports = (report for group in terminalreporter.stats.values() for report in group)
    recorded = (dict(report.user_properties) for report in reports if getattr(report, "when", None) == "teardown")
    tried = sum((Counter(properties.get("fuzzed", {})) for properties in recorded), Counter())
    if tried:
        kinds = ", ".join(f"{count} of {kind}" for kind, count in tried.items())
        terminalreporter.write_line(f"fuzzed: {tried.total()} inputs ({kinds})")


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Iterator[Counter[str]]:
    """Counts the inputs of a fuzzed test by kind."""
    counter = Counter[str]()
    yield counter
    record_property("fuzzed", dict(counter))


@pytest.fixture(scope="session")
def one_line() -> Callable[[Exception], None]:
    """one_line(refusal): what is said to the user is a line that can be read."""

    def check(refusal: Exception) -> None:
        text = str(refusal)
        assert "\n" not in text
        assert 0 < len(text) < 700

    return check


@pytest.fixture(scope="session")
def vary() -> Vary:
    """vary("three_points", {"data.y": [1, 2, 3], "activation": "sin"}): the problem with some keys changed."""

    def varied(name: str, changes: dict[str, Any] | None = None) -> Problem:
        spec = copy.deepcopy(SPECS[name])
        for path, value in (changes or {}).items():
            *folders, last = path.split(".")
            place: Any = spec
            for folder in folders:
                place = place[folder]
            place[last] = value
        return Problem.model_validate(spec)

    return varied


@pytest.fixture(scope="session")
def sine1d(vary: Vary) -> Problem:
    """The reference problem, whose limit is known to ten digits."""
    return vary("sine1d")


@pytest.fixture(scope="session")
def three_points(vary: Vary) -> Problem:
    """Three data points: the example of `mfnn.Problem`."""
    return vary("three_points")


@pytest.fixture(scope="session")
def sine1d_limit(sine1d: Problem) -> Limit:
    return solve_limit(sine1d, times=[0.0, 1.0, 2.0], tolerance=1e-10)


@pytest.fixture(scope="session")
def three_points_limit(three_points: Problem) -> Limit:
    return solve_limit(three_points, times=[0.0, 1.0, 2.0], tolerance=1e-8, observables=["tanh(c)*w0^2"])


@pytest.fixture(scope="session")
def installed() -> Callable[[Path], Path]:
    """installed(folder): the Python of an environment made in a copy of the project, with the copy's own package.

    All else comes from the environment that runs the tests, its tools with it.
    """

    def install(folder: Path) -> Path:
        place, tools = folder / ".venv", Path(sys.executable).parent
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
        (packages,) = place.glob("lib/python*/site-packages")
        (packages / "copy.pth").write_text(f"{folder / 'src'}\n{sysconfig.get_path('purelib')}\n")
        for tool in tools.iterdir():
            head, _, rest = tool.read_bytes().partition(b"\n")
            if head.startswith(b"#!") and b"python" in head and not (place / "bin" / tool.name).exists():
                (place / "bin" / tool.name).write_bytes(b"#!" + bytes(place / "bin/python") + b"\n" + rest)
                (place / "bin" / tool.name).chmod(0o755)
        return place / "bin/python"

    return install


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory, installed: Callable[[Path], Path]) -> Callable[[str], Path]:
    """copied("slurm"): the tracked files as they are in the working tree, installed in a folder of their own."""

    def copy_tracked(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name) / "mfnn"
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        for tracked in filter(None, listed.stdout.split("\0")):
            (folder / tracked).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / tracked, folder / tracked)
        installed(folder)
        return folder

    return copy_tracked


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium: the system's, or one that playwright installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        except Error:
            pytest.skip("no Chromium here: apt-get install chromium, or playwright install chromium")
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser):
    """visit(path, width): the page of a local file, which must ask for nothing else and complain of nothing."""
    trouble, pages = [], []

    def opened(path, width=1200):
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("requestfailed", lambda request: trouble.append(f"failed: {request.url[:200]}"))
        page.on(
            "request",
            lambda request: (
                trouble.append(request.url[:200])
                if "://" in request.url[:8] and not request.url.startswith("file:")
                else None
            ),
        )
        page.goto(path.resolve().as_uri())
        return page

    yield opened
    for page in pages:
        page.close()
    assert trouble == []
