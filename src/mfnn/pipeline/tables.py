"""The paper's tables of no single study: the scenarios, their limits, the claims, and what the rules cost."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mfnn.show.names import grouped
from mfnn.show.tables import Table, code, escaped, math, number, observable, prose, shown, tabular, together

_POWER_OF_TEN = re.compile(r"\b\d+(?:\.\d+)?e[-+]?\d+\b")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_EMPHASIS = {"violated": r"\textbf{violated}", "inconclusive": r"\emph{inconclusive}"}


def scenarios(specs: Mapping[str, Mapping[str, Any]], plans: Mapping[str, Mapping[str, Any]]) -> Table:
    """The scenarios, one a column, from their specifications and what the run does with them."""
    facts = {
        name: {
            r"activation $\sigma$": escaped(spec["activation"]),
            "inputs $x$": _inputs(spec["data"]),
            "labels $y$": _labels(spec["data"]),
            r"$\bar\mu_0$: $c$": _laws(spec["initial"]["c"]),
            r"$\bar\mu_0$: $w$": _laws(spec["initial"]["w"]),
            r"$\alpha$": math(number(spec["learning_rate"])),
            "$T$": math(number(spec["horizon"])),
            "widths $N$": ", ".join(math(grouped(width["width"])) for width in plans[name]["widths"]),
            "replicas": ", ".join(math(grouped(width["replicas"])) for width in plans[name]["widths"]),
        }
        for name, spec in specs.items()
    }
    rows = [[key, *(column[key] for column in facts.values())] for key in next(iter(facts.values()))]
    columns = "l" + r">{\raggedright\arraybackslash}p{1.4in}" * len(specs)
    data = [
        {"scenario": name, **{key: json.dumps(entry) for key, entry in spec.items()}, **width}
        for name, spec in specs.items()
        for width in plans[name]["widths"]
    ]
    return Table(tabular(columns, ["", *map(code, specs)], {"": rows}), pd.DataFrame(data))


def limit(certificates: Mapping[str, tuple[pd.DataFrame, str]]) -> Table:
    """⟨f, μ̄_T⟩ and its error by scenario, from tables (observable, value, error) and what resolved them."""
    groups = {
        f"{code(scenario)}: {_POWER_OF_TEN.sub(_in_tex, escaped(resolution))}": [
            [observable(str(name)), *shown(value, error=error)]
            for name, value, error in table[["observable", "value", "error"]].itertuples(index=False)
        ]
        for scenario, (table, resolution) in certificates.items()
    }
    head = ["$f$", r"$\langle f, \bar\mu_T \rangle$", "error"]
    return Table(tabular("lll", head, groups), together({name: table for name, (table, _) in certificates.items()}))


def claims(verdicts: pd.DataFrame) -> Table:
    """Every claim with its value, the interval its verdict rests on, its rule and the verdict, by scenario."""
    groups = {
        code(str(scenario)): [
            [
                prose(row["statement"]),
                *shown(row["value"], row["low"], row["high"]),
                _rule(row["rule"]),
                _EMPHASIS.get(row["verdict"], row["verdict"]),
            ]
            for row in rows.to_dict("records")
        ]
        for scenario, rows in verdicts.groupby("scenario", sort=False)
    }
    head = ["claim", "value", "interval", "rule (half-width)", "verdict"]
    return Table(tabular(r">{\raggedright\arraybackslash}p{2.3in}rcll", head, groups), verdicts)


def benchmarks(folder: Path, left_out: Iterable[str] = ()) -> pd.DataFrame:
    """One row a rule with benchmark files in `folder`: jobs, wall time in all and of the longest (s), memory (MB).

    Wall times differ from run to run, and files of jobs that a changed configuration no longer has are counted too.
    """
    measured: dict[str, list[tuple[float, float]]] = {}
    for path in sorted(folder.rglob("*.tsv")):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        with path.open(newline="", encoding="utf-8") as lines:
            for line in csv.DictReader(lines, delimiter="\t"):
                measured.setdefault(rule, []).append((_measure(line["s"]), _measure(line["max_rss"])))
    rows = []
    for rule in measured.keys() - set(left_out):
        seconds, memory = zip(*measured[rule], strict=True)
        row = {"rule": rule, "jobs": len(seconds), "total_s": sum(seconds)}
        rows.append({**row, "longest_s": max(seconds), "peak_mb": max(memory)})
    table = pd.DataFrame(rows, columns=["rule", "jobs", "total_s", "longest_s", "peak_mb"])
    return table.sort_values(["total_s", "rule"], ascending=[False, True], ignore_index=True)


def runtimes(table: pd.DataFrame) -> Table:
    """What each rule cost, and all of them together."""
    rows = [
        [code(rule), math(str(jobs)), math(_seconds(total)), math(_seconds(longest)), math(f"{peak:.0f}")]
        for rule, jobs, total, longest, peak in table.itertuples(index=False)
    ]
    rows.append(["all", math(str(table["jobs"].sum())), math(_seconds(table["total_s"].sum())), "", ""])
    head = ["rule", "jobs", "all jobs (s)", "longest job (s)", "peak memory (MB)"]
    return Table(tabular("lrrrr", head, {"": rows}), table)


def _rule(rule: str) -> str:
    """A decision rule: "= -0.5 (half-width ≤ 0.02)" is = −0.5 (0.02)."""
    short = rule.replace("(half-width ≤ ", r"\ (")
    return math(_NUMBER.sub(lambda found: number(float(found.group())), short))


def _in_tex(found: re.Match[str]) -> str:
    return math(number(float(found.group())))


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 100 else grouped(round(seconds))


def _measure(field: str) -> float:
    """A benchmark's entry; Snakemake writes - or NA where a job was too short to be watched."""
    return float(field) if field not in ("-", "NA") else 0.0


def _inputs(data: Mapping[str, Any]) -> str:
    if data["law"] == "images":
        return "images, $784$ pixels in $[0, 1]$, and an intercept"
    if data["law"] == "table":
        return f"rows of {code(data['file'])}" + (" and an intercept" if data["intercept"] else "")
    if data["law"] == "finite":
        return f"{math(grouped(len(data['x'])))} points"
    inputs, power = data["inputs"], f"^{data['inputs']['dim']}" if data["inputs"]["dim"] > 1 else ""
    return math(_law(inputs) + power) + (" and an intercept" if data["intercept"] else "")


def _labels(data: Mapping[str, Any]) -> str:
    if data["law"] == "images":
        return r"class indicators in $\{0, 1\}^{10}$"
    if data["law"] == "finite":
        label = "of the points"
    elif data["law"] == "table":
        label = ", ".join(map(code, [data["target"]] if isinstance(data["target"], str) else data["target"]))
    elif data["target"] == "sine":
        label = r"$\sin \pi x$" if data["inputs"]["dim"] == 1 else r"$\prod_a \sin \pi x_a$"
    else:
        label = rf"${len(data['target']['c'])}$ units of $\tanh$"
    size, dof = number(data["noise_std"]), data.get("noise_law", {}).get("dof")
    noise = rf"{size}\, t_{{{dof:g}}}" if dof else rf"\mathcal N(0, {size}^2)"
    noise = math(f"{{}} + {noise}") if data["noise_std"] else ""
    return f"{label} {noise}".rstrip()


def _laws(laws: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    listed = [laws] if isinstance(laws, Mapping) else laws
    return ", ".join(math(_law(law)) for law in listed)


def _law(law: Mapping[str, Any]) -> str:
    if law["law"] == "uniform":
        return f"U({number(law['low'])}, {number(law['high'])})"
    if law["law"] == "student":
        return rf"{number(law['scale'])}\, t_{{{number(law['dof'])}}}"
    return rf"\mathcal N({number(law['mean'])}, {number(law['std'])}^2)"
