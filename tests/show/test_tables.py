"""The paper's tables: observables and numbers in mathematics, one row a thing, nothing that TeX would trip over."""

import json

import pandas as pd
import pytest

from mfnn.show import tables
from mfnn.show.names import formula, grouped


def body(tex: str) -> list[list[str]]:
    """The cells of a table's rows below its head, group names left out."""
    lines = tex.split("\\midrule\n")[1].split("\\bottomrule")[0].splitlines()
    rows = [line for line in lines if not line.startswith((r"\addlinespace", r"\multicolumn"))]
    return [row.removesuffix(r" \\").split(" & ") for row in rows]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("c^2", "c^{2}"),
        ("w0^2", "w_{0}^{2}"),
        ("c*w0", r"c\,w_{0}"),
        ("cos(w0)", r"\cos w_{0}"),
        ("c0*w784", r"c_{0}\,w_{784}"),
        ("tanh(c)*w0^12", r"\tanh(c)\,w_{0}^{12}"),
        ("g(0.5)", "g(0.5)"),
        ("g2(0.5, -0.5, 1)", "g_{2}(0.5,{-}0.5,1)"),
        ("risk", r"\mathrm{risk}"),
    ],
)
def test_observables_are_formulas(name, expected):
    assert formula(name) == expected


def test_thousands_are_set_apart_from_five_digits_up():
    assert [grouped(number) for number in (5, 3162, 10_000, 1_000_000)] == ["5", "3162", r"10\,000", r"1\,000\,000"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The largest error of c*w0 on [0, T] falls like N^(-1/2)",
            r"The largest error of $c\,w_{0}$ on $[0, T]$ falls like $N^{-1/2}$",
        ),
        ("g(0.5, -0.5, 1), faster than N^(-0.3)", "$g(0.5,{-}0.5,1)$, faster than $N^{-0.3}$"),
        ("W1 of the law of w0 at time T", "$W_{1}$ of the law of $w_{0}$ at time $T$"),
        ("The code costs < 5 % & is_certified", r"The code costs $<$ 5 \% \& is\_certified"),
        ("NTK, Temperature and tanh stay words", "NTK, Temperature and tanh stay words"),
    ],
)
def test_sentences_have_their_mathematics_typeset(text, expected):
    assert tables.prose(text) == expected


def test_slopes_stand_side_by_side():
    row = {"observable": "c^2", "slope": -0.5012, "error": 0.004, "low": -0.509, "high": -0.4934, "intercept": 0.1}
    risk = {**row, "observable": "risk"}
    kinds = [{"kind": "slope", **row}, {"kind": "slope_sup", **row, "slope": -0.4988}]
    fits = pd.DataFrame([*kinds, {"kind": "slope_risk", **risk}, {"kind": "slope_sup", **risk}])
    table = tables.slopes({"sine1d": fits, "a_b": fits})
    interval = r"\ensuremath{[-0.509,\,-0.493]}"
    slope, sup = r"\ensuremath{-0.501}", r"\ensuremath{-0.499}"
    assert body(table.tex)[:2] == [["$c^{2}$", slope, interval, sup, interval], ["risk", *2 * [slope, interval]]]
    assert r"\texttt{a\_b}" in table.tex and table.tex.count(r"\addlinespace") == 1
    assert list(table.data.columns[:2]) == ["scenario", "kind"] and len(table.data) == 8


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
        path.write_text(f"s\th:m:s\tmax_rss\n{seconds}\t0:00:01\t{memory}\n")

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
        "mnist": {**spec, "data": {"law": "mnist"}, "initial": initial},
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
