"""The tables of no single study: observables and numbers in mathematics, one row a thing."""

import json

import pandas as pd

from mfnn.pipeline import tables


def body(tex: str) -> list[list[str]]:
    """The cells of a table's rows below its head, group names left out."""
    lines = tex.split("\\midrule\n")[1].split("\\bottomrule")[0].splitlines()
    rows = [line for line in lines if not line.startswith((r"\addlinespace", r"\multicolumn"))]
    return [row.removesuffix(r" \\").split(" & ") for row in rows]


def test_a_limit_has_the_digits_that_its_error_leaves():
    values = pd.DataFrame({"observable": ["c^2"], "value": [1.2109630844], "error": [2.3e-9]})
    table = tables.limit({"sine1d": (values, "16 x 32 parameter nodes, rtol 1e-09")})
    assert body(table.tex) == [["$c^{2}$", r"\ensuremath{1.2109630844}", r"\ensuremath{2.3\times10^{-9}}"]]
    assert r"16 \ensuremath{\times} 32 parameter nodes, rtol $10^{-9}$" in table.tex
    assert table.data["value"].iloc[0] == 1.2109630844


def test_verdicts_show_value_interval_and_rule():
    rows = [
        ("sine1d", "About c", "= -0.5 (half-width ≤ 0.02)", -0.501, -0.51, -0.49, "holds"),
        ("sine1d", "About c", "< 1e-08", 2.3e-9, 2.3e-9, 2.3e-9, "violated"),
        ("mnist", "About c", "> 15", 15.2, 14.0, 16.4, "inconclusive"),
    ]
    columns = ["scenario", "statement", "rule", "value", "low", "high", "verdict"]
    table = tables.claims(pd.DataFrame(rows, columns=columns))
    equal, below, above = body(table.tex)
    assert equal == [
        "About $c$",
        *(rf"\ensuremath{{{cell}}}" for cell in ("-0.501", r"[-0.510,\,-0.490]")),
        *equal[3:],
    ]
    assert equal[3:] == [r"$= -0.5 \ (0.02)$", "holds"]
    assert below[1:] == [r"\ensuremath{2.30\times10^{-9}}", "", "$< 10^{-8}$", r"\textbf{violated}"]
    assert above[3:] == ["$> 15$", r"\emph{inconclusive}"]


def test_runtimes_are_summed_by_rule(tmp_path):
    def benchmark(name, seconds, memory):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}\t0:00:01\t{memory}\n", encoding="utf-8")

    benchmark("train_particles/sine1d/N100/batch0.tsv", 100.5, 300.0)
    benchmark("train_particles/mnist/N100/batch0.tsv", 50.0, 400.4)
    benchmark("fetch_mnist.tsv", 0.2, "-")
    benchmark("build_paper.tsv", 9.0, 100.0)
    found = tables.benchmarks(tmp_path, left_out=["build_paper"])
    assert found.to_dict("list") == {
        "rule": ["train_particles", "fetch_mnist"],
        "jobs": [2, 1],
        "total_s": [150.5, 0.2],
        "longest_s": [100.5, 0.2],
        "peak_mb": [400.4, 0.0],
    }
    rows = body(tables.runtimes(found).tex)
    assert rows[0] == [r"\texttt{train\_particles}", "$2$", "$150$", "$100$", "$400$"]
    assert rows[-1] == ["all", "$3$", "$151$", "", ""]


def test_scenarios_stand_in_columns():
    law = {"law": "uniform", "low": -1.0, "high": 1.0}
    spec = {"title": "Sine", "activation": "tanh", "learning_rate": 4.0, "horizon": 2.0, "observables": ["c"]}
    initial = {"c": law, "w": [law, {"law": "normal", "mean": 0.0, "std": 0.03571428571428571}]}
    regression = {"law": "regression", "inputs": {**law, "dim": 2}, "target": "sine", "noise_std": 0.1}
    specs = {
        "sine2d": {**spec, "data": {**regression, "intercept": True}, "initial": initial},
        "mnist": {**spec, "data": {"law": "images"}, "initial": initial},
        "points": {**spec, "data": {"law": "finite", "x": [[0], [1]], "noise_std": 0.0}, "initial": initial},
    }
    plan = {"widths": [{"width": 100, "replicas": 20_000}, {"width": 10_000, "replicas": 2}]}
    table = tables.scenarios(specs, dict.fromkeys(specs, plan))
    facts = {name: cells for name, *cells in body(table.tex)}
    assert facts["inputs $x$"] == ["$U(-1, 1)^2$ and an intercept", facts["inputs $x$"][1], "$2$ points"]
    assert facts["labels $y$"][0] == r"$\prod_a \sin \pi x_a$ ${} + \mathcal N(0, 0.1^2)$"
    assert facts[r"$\bar\mu_0$: $w$"] == 3 * [r"$U(-1, 1)$, $\mathcal N(0, 0.0357^2)$"]
    assert facts["widths $N$"][0] == r"$100$, $10\,000$" and facts["replicas"][0] == r"$20\,000$, $2$"
    assert json.loads(table.data["initial"].iloc[0]) == initial and len(table.data) == 6
