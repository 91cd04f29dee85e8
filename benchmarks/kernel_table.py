"""The table and the figure of `make bench` from its CSV files: kernels.md, kernels.tex, kernels.pdf and kernels.png."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from mfnn.show import style
from mfnn.storage import replacing

PROGRAMS = ["mfnn", "C", "jax", "numpy", "torch", "torch module"]
BOUNDS = ["numpy.tanh", "arithmetic bound", "memory bound"]


def times(training: pd.DataFrame) -> pd.DataFrame:
    """Nanoseconds a particle and step, one row a shape (d, N); a dash where nothing was measured."""
    table = training.pivot(index=["d", "N"], columns="peer", values="ns_per_particle_step")
    columns = [name for name in PROGRAMS + BOUNDS if name in table]
    return table[columns].reset_index().rename_axis(columns=None)


def three_digits(value: float) -> str:
    """1.23, 12.3, 1,234; a dash for what is missing."""
    if pd.isna(value):
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.{1 if value >= 10 else 2}f}"


def cells(table: pd.DataFrame) -> list[list[str]]:
    """The rows as text, three digits each."""
    numbers = table.drop(columns=["d", "N"]).map(three_digits)
    return [[str(d), f"{n:,}", *row] for d, n, row in zip(table.d, table.N, numbers.values, strict=True)]


def markdown(table: pd.DataFrame) -> str:
    """A table for a README."""
    lines = [[str(name) for name in table], ["--:"] * table.shape[1], *cells(table)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def latex(table: pd.DataFrame) -> str:
    """A tabular for \\input, in the style of booktabs."""
    rows = [" & ".join(line).replace(",", r"\,").replace("–", "--") + r" \\" for line in cells(table)]
    head = " & ".join(["$d$", "$N$", *table.columns[2:]]) + r" \\"
    parts = [rf"\begin{{tabular}}{{{'r' * table.shape[1]}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule"]
    return "\n".join([*parts, r"\end{tabular}", ""])


def figure(training: pd.DataFrame) -> Figure:
    """Time a particle and step against the width at d = 1: ours, the other programs, and the dashed bounds."""
    fig, axes = style.panels(3.4, 1, 1)
    (panel,), line = axes[0], training[training.d == 1]
    labels = []
    for index, name in enumerate(name for name in PROGRAMS + BOUNDS if name in set(line.peer)):
        taken = line[line.peer == name]
        colour = style.LIMIT if name in BOUNDS else style.MEASURED[index]
        marker = style.MARKERS[index % len(style.MARKERS)]
        look = {"linestyle": style.DASHED, "markerfacecolor": "white"} if name in BOUNDS else {"linestyle": "-"}
        panel.plot(taken.N, taken.ns_per_particle_step, marker=marker, color=colour, **look)
        labels.append((taken.ns_per_particle_step.iloc[-1], name, colour, marker))
    style.log_widths(panel, line.N)
    style.log_sizes(panel, line.ns_per_particle_step.min() / 1.5, line.ns_per_particle_step.max() * 1.5)
    panel.set(xlabel="$N$", ylabel="ns per particle and step, $d = 1$")
    style.label_ends(panel, labels, 0.07)
    return fig


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where training.csv is, and where the table and the figure go")
    folder = parser.parse_args().folder
    training = pd.read_csv(folder / "training.csv")
    table = times(training)
    for name, text in (("kernels.md", markdown(table)), ("kernels.tex", latex(table))):
        with replacing(folder / name) as path:
            path.write_text(text, encoding="utf-8")
    style.save(figure(training), [folder / "kernels.pdf", folder / "kernels.png"])


if __name__ == "__main__":
    main()
