"""Whatever stands in a user's file: it is read, or refused in one line; never a traceback, a hang or a wrong result.

A few hundred inputs of each kind; `make test-full` tries thousands. The number tried is printed at the end.
"""

import copy
import math
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mfnn.errors import MfnnError
from mfnn.learning.idx import CorruptError, read_idx
from mfnn.learning.scenario import unpack
from mfnn.pipeline.config import read_scenario
from mfnn.pipeline.plan import read_plan
from mfnn.storage import UnreadableError, read_dataset, read_json, read_table, write_dataset, write_json
from mfnn.verdicts.claims import judge, read_claims
from mfnn.verdicts.families import Asked, read_families

CONFIG = Path(__file__).parents[2] / "config"
SMOKE = yaml.safe_load((CONFIG / "smoke.yaml").read_text())
fuzzed = settings.get_profile("fuzzed")
Tried, OneLine = Counter[str], Callable[[Exception], None]


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
def test_a_run_configuration(tried: Tried, one_line: OneLine, config: dict[str, Any]) -> None:
    tried["run configurations"] += 1
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
    name: (CONFIG / "scenarios" / f"{name}.yaml").read_text() for name in ("sine1d", "teacher2d", "three_points")
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
def test_a_scenario_file(tried: Tried, one_line: OneLine, folder: Path, content: bytes) -> None:
    tried["scenario files"] += 1
    (folder / "sine1d.yaml").write_bytes(content)
    try:
        read_scenario(folder, "sine1d")
    except MfnnError as refusal:
        one_line(refusal)


@pytest.mark.parametrize("name", SPECIAL)
def test_special_files(one_line: OneLine, folder: Path, name: str) -> None:
    (folder / "sine1d.yaml").write_bytes(SPECIAL[name])
    with pytest.raises(MfnnError) as refusal:
        read_scenario(folder, "sine1d")
    one_line(refusal.value)
    with pytest.raises(MfnnError) as refusal:
        read_families(folder / "sine1d.yaml")
    one_line(refusal.value)


CLAIMS = (CONFIG / "claims/convergence.yaml").read_text()
ASKED = {
    "line": Asked(observables=("c^2", "g(0.5)"), method="certified"),
    "images": Asked(observables=("c0^2",), method="random_batch"),
}


@fuzzed
@given(changed_text(CLAIMS))
def test_claims(tried: Tried, one_line: OneLine, tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    tried["claims"] += 1
    folder = tmp_path_factory.getbasetemp() / "claims"
    folder.mkdir(exist_ok=True)
    (folder / "convergence.yaml").write_bytes(content)
    try:
        claims = read_claims(folder, {"convergence": ASKED})
        verdicts = judge(claims, {claim.key: {"value": 0.5, "error": 0.1} for claim in claims.claims})
    except MfnnError as refusal:
        return one_line(refusal)
    assert set(verdicts["verdict"]) <= {"holds", "violated", "inconclusive"}


# ---- files of results ----


@fuzzed
@given(st.binary(max_size=60) | st.binary(max_size=40).map(lambda tail: b"\0\0\x08\x03" + tail))
@example(b"\0\0\x08\xff" + bytes(4 * 255))
@example(b"\0\0\x08\x02" + b"\xff" * 8)
def test_idx_files(tried: Tried, one_line: OneLine, content: bytes) -> None:
    tried["idx files"] += 1
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
def test_damaged_results_are_never_read(
    tried: Tried, one_line: OneLine, results: Path, data: st.DataObject, name: str
) -> None:
    tried["damaged results"] += 1
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
def test_foreign_files_are_read_or_named(
    tried: Tried, one_line: OneLine, tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    tried["foreign files"] += 1
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
