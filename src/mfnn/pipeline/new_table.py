"""A run on somebody's table, laid out in a folder: rows, held-out rows, a scenario, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from mfnn.errors import SpecError
from mfnn.learning.assumptions import require
from mfnn.learning.problem import Problem
from mfnn.learning.reader import read_rows
from mfnn.storage import write_json, write_table, write_text
from mfnn.studies.own_table.plan import Plan
from mfnn.studies.own_table.rows import scale_of

HELD_OUT = 5  # one row of so many
WIDTHS = {100: 100, 400: 60}  # replicas by width
MOST_ROWS = 2000  # learned from: of more, as many as that are drawn


def lay_out(
    path: Path, target: str, features: Sequence[str], drop_missing: bool, folder: Path, settings: Mapping[str, Any]
) -> None:
    """Write what the workflow needs; raises `SpecError` before anything is written where the table or a setting is wrong.

    Rows are told apart by the seed: the first fifth of a random order is held out, of the rest at most MOST_ROWS are
    learned from, since the limit's cost grows with their number.
    """
    rows, notes = _split(path, target, features, drop_missing, settings["seed"])
    scenario, run = _scenario(path, target, rows["rows"].shape[1] - 1, settings), _run(settings)
    _check(scenario, run, rows["rows"], target)
    place = folder / "scenarios/table.yaml"
    place.parent.mkdir(parents=True, exist_ok=True)
    for name, table in rows.items():
        _table_if_new(table, place.with_name(f"{name}.csv"))
    _text_if_new(yaml.safe_dump(scenario, sort_keys=False), place)
    said = {key.replace("_", " "): value for key, value in settings.items()}
    write_json({"name": f"{path.name}: {target}", "notes": notes, "settings": said}, place.with_name("about.json"))
    _text_if_new(yaml.safe_dump(run, sort_keys=False), folder / "run.yaml")


def _check(scenario: Mapping[str, Any], run: Mapping[str, Any], rows: pd.DataFrame, target: str) -> None:
    """Raise `SpecError` for a setting that the problem or the study does not allow."""
    scale = scale_of(rows, target)
    data = {"law": "finite", "x": scale.seen(rows), "y": scale.wanted(rows)}
    fields = {key: scenario[key] for key in ("activation", "learning_rate", "horizon", "initial")}
    problem = Problem.model_validate({"name": "table", **fields, "data": data})
    require(problem, "fluctuations")
    Plan.model_validate(run["studies"]["own_table"])


def _split(
    path: Path, target: str, features: Sequence[str], drop_missing: bool, seed: int
) -> tuple[dict[str, Any], list[str]]:
    """The rows that are learned from and those held out, and what was done in sentences."""
    found = read_rows(path, target, features, drop_missing)
    order = np.random.default_rng([seed, 1]).permutation(len(found.table))
    held = order[: len(order) // HELD_OUT]
    learned = np.sort(order[len(held) :][:MOST_ROWS])
    training = found.table.iloc[learned]
    same = [str(name) for name in training.columns if training[name].nunique() < 2]
    if target in same:
        raise SpecError("target", target, "a column that varies on the rows that are learned from")
    notes = [*found.notes, f"{len(learned)} rows are learned from, {len(held)} held out, told apart by the seed"]
    if len(order) - len(held) > MOST_ROWS:
        notes.append(f"{len(order) - len(held) - MOST_ROWS} rows are not used: {MOST_ROWS} are drawn")
    if same:
        notes.append(f"left out, since constant on the rows that are learned from: {', '.join(same)}")
    notes.append("features and target are standardised by these rows; a constant feature is added")
    return {
        "rows": training.drop(columns=same),
        "held_out": found.table.iloc[np.sort(held)].drop(columns=same),
    }, notes


def _scenario(path: Path, target: str, features: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": path.stem,
        "activation": settings["activation"],
        "learning_rate": settings["learning_rate"],
        "horizon": settings["horizon"],
        "data": {"law": "finite", "file": "rows.csv", "target": target, "standardise": True},
        "initial": {
            "c": {"law": "uniform", "low": -1.0, "high": 1.0},
            "w": {"law": "normal", "std": float((features + 1) ** -0.5)},
        },
        "observables": ["c^2"],
    }


def _run(settings: Mapping[str, Any]) -> dict[str, Any]:
    plan = {"scenario": "table", "held_out": "held_out.csv", "widths": WIDTHS, "error": settings["error"]}
    return {
        "run": "table",
        "root_seed": settings["seed"],
        "resamples": 400,
        "results": "results",
        "figures": "results/figures",
        "paper": "results/paper",
        "scenario_files": "scenarios",
        "studies": {"own_table": plan},
    }


def _table_if_new(table: pd.DataFrame, path: Path) -> None:
    """Write a table unless it is there as it would be written: what depends on it is then not made again."""
    if not path.is_file() or path.read_text(encoding="utf-8") != table.to_csv(index=False):
        write_table(table, path)


def _text_if_new(text: str, path: Path) -> None:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(text, path)
