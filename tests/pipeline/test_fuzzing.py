"""Whatever stands in a user's file: it is read, or refused in one line; never a traceback, a hang or a wrong result.

A few hundred inputs of each kind; `make test-full` tries thousands. The number tried is printed at the end.
"""

import copy
import math
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mfnn.errors import MfnnError
from mfnn.learning.idx import CorruptError, read_idx
from mfnn.learning.observables import parse
from mfnn.learning.problem import Problem
from mfnn.learning.scenario import unpack
from mfnn.pipeline.config import read_scenario
from mfnn.pipeline.plan import read_plan
from mfnn.storage import UnreadableError, read_dataset, read_json, read_table, write_dataset, write_json
from mfnn.verdicts.claims import judge, read_claims
from mfnn.verdicts.families import Asked, read_families

CONFIG = Path(__file__).parents[2] / "config"
SMOKE = yaml.safe_load((CONFIG / "smoke.yaml").read_text(encoding="utf-8"))
SHARE = int(os.environ.get("MFNN_FUZZ", "60"))  # inputs of each kind
TRIED: Counter[str] = Counter()

fuzzed = settings(max_examples=SHARE, deadline=20_000, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def number_tried(record_property: Callable[[str, object], None]) -> Iterator[None]:
    before = TRIED.copy()
    yield
    record_property("fuzzed", dict(TRIED - before))


def one_line(refusal: Exception) -> None:
    text = str(refusal)
    assert "\n" not in text
    assert 0 < len(text) < 700


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-3, 300),
    st.just(10**400),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["", "tanh", "c^2", "{x}", "$(id)", "../..", "a\nb", "sine", "nan", "\0", "certified"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=3), max_leaves=8
)


def places(content: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside nested lists and mappings."""
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path for key, value in items for path in ((*above, key), *places(value, (*above, key)))]


def changed(content: Any, draw: st.DrawFn) -> Any:
    """A copy with one to three values replaced, removed or joined by another."""
    content = copy.deepcopy(content)
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from(places(content)))
        place = content
        for key in path:
            place = place[key]
        match draw(st.sampled_from(["replace", "replace", "remove", "add"])):
            case "replace":
                place[last] = draw(VALUES)
            case "remove":
                del place[last]
            case "add" if isinstance(place, dict):
                place[draw(SCALARS)] = draw(VALUES)
            case _:
                place.append(draw(VALUES)) if isinstance(place, list) else None
        if not places(content):
            break
    return content


@st.composite
def changed_run(draw: st.DrawFn) -> Any:
    return changed(SMOKE, draw)


@fuzzed
@given(changed_run())
def test_a_run_configuration(config: dict[str, Any]) -> None:
    TRIED["run configurations"] += 1
    try:
        plan = read_plan(config, CONFIG / "scenarios")
    except MfnnError as refusal:
        return one_line(refusal)
    # An accepted one can be laid out as jobs, each with names that mean nothing to a shell.
    for name, experiment in plan.experiments.items():
        assert name.isidentifier()
        if experiment.plan:
            assert experiment.times[0] == 0
            assert math.isfinite(experiment.times[-1])
            assert all(len(width.batches) <= 100_000 for width in experiment.plan.widths)
    for folder in (plan.run.results, plan.run.figures, plan.run.paper):
        assert set(folder) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-")


@st.composite
def changed_text(draw: st.DrawFn, text: str) -> bytes:
    """A text with bytes cut out, repeated or put in, or no relation of it."""
    content = text.encode()
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(1, 3))):
        start, length = draw(st.integers(0, len(content))), draw(st.integers(0, 20))
        put = draw(
            st.binary(max_size=8) | st.sampled_from([b"&a [*a]", b"!!python/object:os.system x", b"- ", b"\t"])
        )
        content = content[:start] + put + content[start + length :]
    return content


FILES = {
    name: (CONFIG / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    for name in ("sine1d", "teacher2d", "three_points")
}
DEEP = b"a: " + b"[" * 1200
BOMB = b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 60))
SPECIAL = {"deep": DEEP, "bomb": BOMB, "month": b"title: 2001-13-45", "utf8": b"\xff\xfe", "empty": b"", "tab": b"\t"}
SPECIAL |= {"bombed list": BOMB + b"observables: [*a59]\n", "long": b"title: " + b"9" * 5000}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(CONFIG / "scenarios", tmp_path_factory.mktemp("scenarios"), dirs_exist_ok=True)


@fuzzed
@given(st.sampled_from(sorted(FILES)).flatmap(lambda name: changed_text(FILES[name])))
def test_a_scenario_file(folder: Path, content: bytes) -> None:
    TRIED["scenario files"] += 1
    (folder / "sine1d.yaml").write_bytes(content)
    try:
        read_scenario(folder, "sine1d")
    except MfnnError as refusal:
        one_line(refusal)


@pytest.mark.parametrize("name", SPECIAL)
def test_special_files(folder: Path, name: str) -> None:
    (folder / "sine1d.yaml").write_bytes(SPECIAL[name])
    with pytest.raises(MfnnError) as refusal:
        read_scenario(folder, "sine1d")
    one_line(refusal.value)
    with pytest.raises(MfnnError) as refusal:
        read_families(folder / "sine1d.yaml")
    one_line(refusal.value)


CLAIMS = (CONFIG / "claims/convergence.yaml").read_text(encoding="utf-8")
ASKED = {
    "line": Asked(observables=("c^2", "g(0.5)"), method="certified"),
    "images": Asked(observables=("c0^2",), method="random_batch"),
}


@fuzzed
@given(changed_text(CLAIMS))
def test_claims(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    TRIED["claims"] += 1
    folder = tmp_path_factory.getbasetemp() / "claims"
    folder.mkdir(exist_ok=True)
    (folder / "convergence.yaml").write_bytes(content)
    try:
        claims = read_claims(folder, {"convergence": ASKED})
        verdicts = judge(claims, {claim.key: {"value": 0.5, "error": 0.1} for claim in claims.claims})
    except MfnnError as refusal:
        return one_line(refusal)
    assert set(verdicts["verdict"]) <= {"holds", "violated", "inconclusive"}


# ---- observables ----

PROBLEM = Problem.model_validate(
    {
        **{"name": "p", "activation": "tanh", "learning_rate": 1.0, "horizon": 1.0},
        "data": {"law": "finite", "x": [[1.0, 0.5]], "y": [0.5]},
        "initial": {"c": {"law": "uniform", "low": 0, "high": 1}, "w": {"law": "uniform", "low": 0, "high": 1}},
    }
)
THETA = np.array([[0.7, -1.3], [0.2, 0.9], [-1.1, 0.4]])
ROW = {"c": 0, "w0": 1, "w1": 2}


@st.composite
def a_factor(draw: st.DrawFn) -> tuple[str, np.ndarray]:
    name = draw(st.sampled_from(sorted(ROW)))
    value = THETA[ROW[name]]
    match draw(st.sampled_from(["plain", "power", "cos", "sin", "tanh"])):
        case "plain":
            return name, value
        case "power":
            power = draw(st.integers(1, 99))
            return f"{name}^{power}", value**power
        case function:
            return f"{function}({name})", getattr(np, function)(value)


@fuzzed
@given(st.lists(a_factor(), min_size=1, max_size=5), st.sampled_from(["*", " * ", "* "]))
def test_products_mean_what_they_say(factors: list[tuple[str, np.ndarray]], times: str) -> None:
    TRIED["products"] += 1
    value = parse(times.join(name for name, _ in factors), PROBLEM)(THETA)
    np.testing.assert_allclose(value, np.prod([factor for _, factor in factors], axis=0), rtol=1e-12)


@fuzzed
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_outputs_mean_what_they_say(a: float, b: float) -> None:
    TRIED["outputs"] += 1
    expected = THETA[0] * np.tanh(a * THETA[1] + b * THETA[2])
    np.testing.assert_allclose(parse(f"g({a!r}, {b!r})", PROBLEM)(THETA), expected, rtol=1e-9, atol=1e-9)


@fuzzed
@given(st.text(alphabet="cwgsintaho0123456789^*(),.+-e_ \n１²", max_size=14) | st.text(max_size=10))
@example("c^1２")
@example("g(1_0, 1)")
@example("g(1 2, 3)")
@example("c o s(c)")
@example("c^1 2")
@example("c*" * 5000)
@example("g(" + "1" * 5000)
@example("__import__('os').system('id')")
def test_anything_else_is_refused(name: str) -> None:
    TRIED["names"] += 1
    try:
        observable = parse(name, PROBLEM)
    except MfnnError as refusal:
        return one_line(refusal)
    assert name.isascii()
    assert not set(name) - set("cwgsintaho0123456789^*(),.+-eE \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f")
    assert observable(THETA).shape == (2,)


@pytest.mark.parametrize(
    "name", ["c^1２", "g(1_0, 1)", "g(1 2, 3)", "c^1 2", "c o s(c)", "g(1e400, 0)", "w２", "c^0"]
)
def test_what_only_looks_like_an_observable_is_refused(name: str) -> None:
    with pytest.raises(MfnnError):
        parse(name, PROBLEM)


# ---- files of results ----


@fuzzed
@given(st.binary(max_size=60) | st.binary(max_size=40).map(lambda tail: b"\0\0\x08\x03" + tail))
@example(b"\0\0\x08\xff" + bytes(4 * 255))
@example(b"\0\0\x08\x02" + b"\xff" * 8)
def test_idx_files(content: bytes) -> None:
    TRIED["idx files"] += 1
    try:
        array = read_idx(content)
    except CorruptError as refusal:
        return one_line(refusal)
    assert content.endswith(array.tobytes())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    values = xr.DataArray(np.arange(24.0).reshape(2, 3, 4), dims=("replica", "time", "particle"))
    write_dataset(
        xr.Dataset({"theta": values, "name": ("time", ["a", "b", "c"])}, attrs={"width": 4}), folder / "a.nc"
    )
    write_json({"a.b": {"value": 1.0, "low": 0.5, "high": 1.5}}, folder / "a.json")
    return folder


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with one bit flipped or with its end cut off."""
    if draw(st.booleans()):
        return content[: draw(st.integers(0, len(content) - 1))]
    bit = draw(st.integers(0, 8 * len(content) - 1))
    return content[: bit // 8] + bytes([content[bit // 8] ^ 1 << bit % 8]) + content[bit // 8 + 1 :]


@fuzzed
@given(st.data(), st.sampled_from(["a.nc", "a.json"]))
def test_damaged_results_are_never_read(results: Path, data: st.DataObject, name: str) -> None:
    TRIED["damaged results"] += 1
    path = results / name
    whole = path.read_bytes()
    path.write_bytes(data.draw(damaged(whole)))
    try:
        with pytest.raises(UnreadableError) as refusal:
            read_dataset(path) if name.endswith(".nc") else read_json(path)
        one_line(refusal.value)
    finally:
        path.write_bytes(whole)


@fuzzed
@given(st.binary(max_size=200) | changed_text('{"a.b": {"value": 1.0}}') | changed_text("a,b\n1,2\n3,4\n"))
def test_foreign_files_are_read_or_named(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    TRIED["foreign files"] += 1
    path = tmp_path_factory.getbasetemp() / "foreign"
    path.write_bytes(content)
    for read in (read_dataset, read_json, read_table):
        try:
            read(path)
        except UnreadableError as refusal:
            one_line(refusal)


def test_a_data_file_without_a_problem_is_named() -> None:
    with pytest.raises(MfnnError, match="problem"):
        unpack(xr.Dataset())
