r"""The paper's tables: what the analyses wrote, as booktabs tabulars with observables and numbers in mathematics.

Each function returns a `Table`: the TeX of one `tabular`, and the same content with all digits.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from mfnn.show.names import OBSERVABLE, formula, grouped
from mfnn.verdicts.numbers import Result, parts

Rows = Sequence[Sequence[str]]

_POWER = re.compile(r"\bN\^\((-?[\d./]+)\)")
_SYMBOL = re.compile(r"\[0, T\]|\b[NTW]\d*\b")
_MATHEMATICS = re.compile("|".join(part.pattern for part in (_POWER, _SYMBOL, OBSERVABLE)))
_POWER_OF_TEN = re.compile(r"\b\d+(?:\.\d+)?e[-+]?\d+\b")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_SIGNS = str.maketrans({"≤": r"$\leq$", "≥": r"$\geq$", "<": "$<$", ">": "$>$", "−": "$-$"})
_EMPHASIS = {"violated": r"\textbf{violated}", "inconclusive": r"\emph{inconclusive}"}


class Table(NamedTuple):
    """One table: for the paper, and for whoever computes with it."""

    tex: str
    data: pd.DataFrame


def scenarios(specs: Mapping[str, Mapping[str, Any]], plans: Mapping[str, Mapping[str, Any]]) -> Table:
    """The scenarios, one a column, from their specifications and what the run does with them."""
    facts = {
        name: {
            r"activation $\sigma$": escaped(spec["activation"]),
            "inputs $x$": _inputs(spec["data"]),
            "labels $y$": _labels(spec["data"]),
            r"$\bar\mu_0$: $c$": _laws(spec["initial"]["c"]),
            r"$\bar\mu_0$: $w$": _laws(spec["initial"]["w"]),
            r"$\alpha$": _math(_number(spec["learning_rate"])),
            "$T$": _math(_number(spec["horizon"])),
            "widths $N$": ", ".join(_math(grouped(width["width"])) for width in plans[name]["widths"]),
            "replicas": ", ".join(_math(grouped(width["replicas"])) for width in plans[name]["widths"]),
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
            [observable(str(name)), *_shown(value, error=error)]
            for name, value, error in table[["observable", "value", "error"]].itertuples(index=False)
        ]
        for scenario, (table, resolution) in certificates.items()
    }
    head = ["$f$", r"$\langle f, \bar\mu_T \rangle$", "error"]
    return Table(tabular("lll", head, groups), _together({name: table for name, (table, _) in certificates.items()}))


def slopes(fits: Mapping[str, pd.DataFrame]) -> Table:
    """The fitted slope of every observable at the final time and over the time grid, by scenario."""
    groups = {}
    for scenario, table in fits.items():
        of_sup = table["kind"] == "slope_sup"
        both = table[~of_sup].merge(table[of_sup], on="observable", suffixes=("", "_sup"))
        groups[code(scenario)] = [
            [
                observable(row["observable"]),
                *_shown(row["slope"], row["low"], row["high"]),
                *_shown(row["slope_sup"], row["low_sup"], row["high_sup"]),
            ]
            for row in both.to_dict("records")
        ]
    head = ["$f$", "slope at $T$", "interval", "slope, largest on $[0, T]$", "interval"]
    return Table(tabular("lrcrc", head, groups), _together(fits))


def claims(verdicts: pd.DataFrame) -> Table:
    """Every claim with its value, the interval its verdict rests on, its rule and the verdict, by scenario."""
    groups = {
        code(str(scenario)): [
            [
                prose(row["statement"]),
                *_shown(row["value"], row["low"], row["high"]),
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
        with path.open(newline="") as lines:
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
        [code(rule), _math(str(jobs)), _math(_seconds(total)), _math(_seconds(longest)), _math(f"{peak:.0f}")]
        for rule, jobs, total, longest, peak in table.itertuples(index=False)
    ]
    rows.append(["all", _math(str(table["jobs"].sum())), _math(_seconds(table["total_s"].sum())), "", ""])
    head = ["rule", "jobs", "all jobs (s)", "longest job (s)", "peak memory (MB)"]
    return Table(tabular("lrrrr", head, {"": rows}), table)


def tabular(columns: str, head: Sequence[str], groups: Mapping[str, Rows]) -> str:
    """A booktabs tabular; each group of rows stands below its name where it has one."""
    lines = [rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}", r"\toprule", _row(head), r"\midrule"]
    for number, (name, rows) in enumerate(groups.items()):
        lines += [r"\addlinespace"] if number else []
        lines += [rf"\multicolumn{{{len(head)}}}{{@{{}}l@{{}}}}{{{name}}} \\"] if name else []
        lines += map(_row, rows)
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def prose(text: str) -> str:
    """A sentence with the observables, rates, widths and times that it names in mathematics, all else escaped."""
    pieces, position = [], 0
    for found in _MATHEMATICS.finditer(text):
        token = found.group()
        if power := _POWER.fullmatch(token):
            token = f"N^{{{power[1]}}}"
        elif _SYMBOL.fullmatch(token):
            token = re.sub(r"(\d+)$", r"_{\1}", token)
        else:
            token = formula(token)
        pieces += [escaped(text[position : found.start()]), _math(token)]
        position = found.end()
    return "".join([*pieces, escaped(text[position:])])


def observable(name: str) -> str:
    """An observable as a formula, or as the word it is."""
    return _math(formula(name)) if OBSERVABLE.fullmatch(name) else escaped(name)


def code(name: str) -> str:
    """A name as it stands in files."""
    return rf"\texttt{{{escaped(name)}}}"


def escaped(text: str) -> str:
    """Text as TeX shows it."""
    return parts(Result(text))[""].translate(_SIGNS)


def _row(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"


def _math(tex: str) -> str:
    return f"${tex}$"


def _shown(
    value: float, low: float | None = None, high: float | None = None, error: float | None = None
) -> list[str]:
    """A value and its interval or error, with the decimals that mean something; no interval where it is a point."""
    shown = parts(Result(value, low, high, error))
    if error is None and low == high:
        return [shown[""], ""]
    return list(shown.values())


def _rule(rule: str) -> str:
    """A decision rule: "= -0.5 (half-width ≤ 0.02)" is = −0.5 (0.02)."""
    short = rule.replace("(half-width ≤ ", r"\ (")
    return _math(_NUMBER.sub(lambda found: _number(float(found.group())), short))


def _in_tex(found: re.Match[str]) -> str:
    return _math(_number(float(found.group())))


def _number(value: float) -> str:
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\times {power}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 100 else grouped(round(seconds))


def _measure(field: str) -> float:
    """A benchmark's entry; Snakemake writes - or NA where a job was too short to be watched."""
    return float(field) if field not in ("-", "NA") else 0.0


def _together(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All scenarios' rows in one table, the scenario first."""
    parted = [table.assign(scenario=scenario) for scenario, table in tables.items()]
    everything = pd.concat(parted, ignore_index=True)
    return everything[["scenario", *everything.columns.drop("scenario")]]


def _inputs(data: Mapping[str, Any]) -> str:
    if data["law"] == "mnist":
        return "digits, $784$ pixels in $[0, 1]$, and an intercept"
    if data["law"] == "finite":
        return f"{_math(grouped(len(data['x'])))} points"
    inputs, power = data["inputs"], f"^{data['inputs']['dim']}" if data["inputs"]["dim"] > 1 else ""
    return _math(_law(inputs) + power) + (" and an intercept" if data["intercept"] else "")


def _labels(data: Mapping[str, Any]) -> str:
    if data["law"] == "mnist":
        return r"class indicators in $\{0, 1\}^{10}$"
    if data["law"] == "finite":
        label = "of the points"
    elif data["target"] == "sine":
        label = r"$\sin \pi x$" if data["inputs"]["dim"] == 1 else r"$\prod_a \sin \pi x_a$"
    else:
        label = rf"${len(data['target']['c'])}$ units of $\tanh$"
    size, dof = _number(data["noise_std"]), data.get("noise_law", {}).get("dof")
    noise = rf"{size}\, t_{{{dof:g}}}" if dof else rf"\mathcal N(0, {size}^2)"
    noise = _math(f"{{}} + {noise}") if data["noise_std"] else ""
    return f"{label} {noise}".rstrip()


def _laws(laws: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    listed = [laws] if isinstance(laws, Mapping) else laws
    return ", ".join(_math(_law(law)) for law in listed)


def _law(law: Mapping[str, Any]) -> str:
    if law["law"] == "uniform":
        return f"U({_number(law['low'])}, {_number(law['high'])})"
    if law["law"] == "student":
        return rf"{_number(law['scale'])}\, t_{{{_number(law['dof'])}}}"
    return rf"\mathcal N({_number(law['mean'])}, {_number(law['std'])}^2)"
