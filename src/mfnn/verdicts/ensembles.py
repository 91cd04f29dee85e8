"""Ensembles of networks beside their predictions: means with their bias, and N·Var, over replicas.

A cell is one observable, time and width. Where √N (⟨f, μ^N⟩ − ⟨f, μ̄⟩) is normal with the predicted variance V, of R
replicas (R − 1) N·Var / V ~ χ² with R − 1 degrees (arXiv:1808.09372). The mean has the start's own averages as control
variates: their expectations are the limit's at time 0, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import chi2

from mfnn.spec import Floats
from mfnn.verdicts.rates import Estimate, columns, combined, entry, root_mean_square, slug, variance


def cells(records: Mapping[int, xr.Dataset], predicted: xr.Dataset, squares: Mapping[str, str]) -> pd.DataFrame:
    """One row an observable, time and width: what is measured, what is predicted, and how far apart they are.

    `offset` is N (mean − limit), predicted to be `bias`; `variance` is N·Var with its interval and `p` the
    probability of one as far from its prediction; `pair` is N·Cov(f(θ^1), f(θ^2)) where f² was recorded;
    `reduction` is how many times the control variates lower the variance of the mean.
    """
    rows: list[dict[str, Any]] = []
    for width, record in records.items():
        starts = _starts(record, predicted)
        for time in predicted["time"].values:
            for name in predicted["observable"].values.astype(str):
                values = record[name].sel(time=time).values
                foreseen = predicted.sel(observable=name, time=time, width=width)
                row = {"observable": name, "time": float(time), "width": width, "replicas": len(values)}
                row |= _of_mean(values, starts, foreseen, width) | _of_variance(
                    values, float(foreseen["variance"]), width
                )
                row |= {"pair": np.nan, "predicted_pair": float(foreseen["pair"])}
                if name in squares:
                    own = float(record[squares[name]].sel(time=time).mean()) - float(values.mean()) ** 2
                    row["pair"] = (row["variance"] - own) * width / (width - 1)
                rows.append(row)
    return pd.DataFrame(rows)


def by_case(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The cells of each case, in the order of the table."""
    return {str(case): rows for case, rows in table.groupby("case", sort=False)}


def instead(predicted: xr.Dataset) -> xr.Dataset:
    """The prediction beside a case's own that has to fail, under the names of one."""
    names = {str(name): str(name).removeprefix("instead_") for name in predicted if str(name).startswith("instead_")}
    return predicted[list(names)].rename(names)


def _starts(record: xr.Dataset, predicted: xr.Dataset) -> Floats:
    """The averages of a replica's start less their expectations, (replicas, observables), those that vary."""
    names = predicted["observable"].values.astype(str)
    drawn = np.stack([record[name].sel(time=0.0).values for name in names], axis=1) - predicted["start"].values
    return drawn[:, drawn.std(axis=0) > 0]


def _of_mean(values: Floats, starts: Floats, foreseen: xr.Dataset, width: int) -> dict[str, float]:
    """N (mean − limit) with its error, beside the predicted bias."""
    controlled = controlled_mean(values, starts)
    plain = float(values.std(ddof=1)) / np.sqrt(len(values))
    offset = Estimate(controlled.value - float(foreseen["mean"]), controlled.error, controlled.freedom).times(width)
    bias = {"bias": width * float(foreseen["shift"]), "bias_error": width * float(foreseen["shift_error"])}
    return {
        "mean": controlled.value,
        **columns("offset", offset),
        **bias,
        "reduction": (plain / controlled.error) ** 2,
    }


def controlled_mean(values: Floats, controls: Floats) -> Estimate:
    """The mean of values (R,) with control variates (R, k) of expectation 0.

    The intercept of the regression of the values on the controls: unbiased where the law is normal, and up to O(1/R)
    always; its error is that of the residuals (Lavenberg & Welch, Management Science 27, 1981).
    """
    design = np.column_stack([np.ones(len(values)), controls])
    coefficients, *_ = np.linalg.lstsq(design, values, rcond=None)
    freedom = len(values) - design.shape[1]
    residuals = values - design @ coefficients
    inverse = np.linalg.pinv(design.T @ design)
    return Estimate(float(coefficients[0]), float(np.sqrt(residuals @ residuals / freedom * inverse[0, 0])), freedom)


def _of_variance(values: Floats, foreseen: float, width: int) -> dict[str, float]:
    """N·Var with its interval, what is predicted, and the two-sided probability of a ratio as far from 1."""
    found = variance(values).times(width)
    degrees = len(values) - 1
    statistic = degrees * found.value / foreseen
    p = 2 * min(chi2.cdf(statistic, degrees), chi2.sf(statistic, degrees))
    freedom = {"variance_freedom": found.freedom}
    return {**columns("variance", found), **freedom, "predicted": foreseen, "p": min(float(p), 1.0)}


def least_p(table: pd.DataFrame, from_width: int) -> float:
    """Bonferroni's p-value of all cells from a width up: their number times the least of theirs, at most 1."""
    judged = table[table["width"] >= from_width]
    return min(1.0, len(judged) * float(judged["p"].min()))


def ratio(table: pd.DataFrame, observable: str, from_width: int) -> Estimate:
    """N·Var over its prediction at the last time, the widths from one up together, each weighted by its replicas."""
    final = table[(table["time"] == table["time"].max()) & (table["observable"] == observable)]
    rows = final[final["width"] >= from_width]
    weights = (rows["replicas"] / rows["replicas"].sum()).to_numpy()
    parts = [
        Estimate(row["variance"], row["variance_error"], row["variance_freedom"]).times(1 / row["predicted"])
        for row in rows.to_dict("records")
    ]
    return combined(weights, parts).as_square()


def pair_off(table: pd.DataFrame, observable: str, from_width: int, time: float) -> Estimate:
    """(N·Cov of two neurons − its prediction) / V at one time, the widths from one up together.

    Its error is that of N·Var, √(2/(R − 1)) for each width: the law of one neuron is known far better.
    """
    then = table[(table["time"] == time) & (table["observable"] == observable)]
    rows = then[then["width"] >= from_width]
    weights = (rows["replicas"] / rows["replicas"].sum()).to_numpy()
    off = ((rows["pair"] - rows["predicted_pair"]) / rows["predicted"]).to_numpy()
    errors = weights * np.sqrt(2 / (rows["replicas"].to_numpy() - 1))
    return Estimate(float(weights @ off), float(np.sqrt((errors**2).sum())))


def slope(records: Mapping[int, xr.Dataset], predicted: xr.Dataset, name: str) -> tuple[Estimate, float]:
    """The slope of √E (⟨f, μ^N_t⟩ − ⟨f, μ̄_t⟩)² in N at the last time, and the predicted one at the same widths."""
    last, widths = predicted.isel(time=-1).sel(observable=name), np.array(list(records), dtype=float)
    time, limit = float(predicted["time"].max()), float(last["mean"])
    errors = {width: record[name].sel(time=time).values - limit for width, record in records.items()}
    fitted, influence = slope_of_sizes(errors)
    variances = last["variance"].sel(width=list(records)).values
    squares = variances / widths + last["shift"].sel(width=list(records)).values ** 2
    return fitted, float(influence @ np.log10(squares)) / 2


def slope_of_sizes(values: Mapping[int, Floats]) -> tuple[Estimate, Floats]:
    """The slope in N of root mean squares over networks, and its derivatives by their logarithms, (widths,).

    Logarithms on those of widths, weighted by replicas; their errors are those of the mean squares.
    """
    sizes = [root_mean_square(each) for each in values.values()]
    counts, logs = np.array([len(each) for each in values.values()], dtype=float), np.log10(list(values))
    x = logs - np.average(logs, weights=counts)
    influence = counts * x / (counts @ x**2)
    heights = [Estimate(np.log10(size.value), size.error / size.value / np.log(10), size.freedom) for size in sizes]
    return combined(influence, heights), influence


def numbers(
    place: str, own: pd.DataFrame, other: pd.DataFrame | None, from_width: int
) -> dict[str, float | dict[str, float | str]]:
    """The numbers of a case: N·Var and N·Cov beside their predictions, p-values of all cells by these and by another's."""
    found: dict[str, float | dict[str, float | str]] = {}
    for name in own["observable"].unique():
        found[f"{place}.ratio.{slug(name)}"] = entry(ratio(own, name, from_width))
        if own.loc[own["observable"] == name, ["pair", "predicted_pair"]].notna().all(axis=None):
            for word, time in (("early", own["time"].min()), ("late", own["time"].max())):
                found[f"{place}.pair_{word}.{slug(name)}"] = entry(pair_off(own, name, from_width, time))
    found[f"{place}.p"] = least_p(own, from_width)
    found[f"{place}.cells"] = int((own["width"] >= from_width).sum())
    if other is not None:
        found[f"{place}.instead"] = least_p(other, from_width)
    return found


def slopes(place: str, records: Mapping[int, xr.Dataset], predicted: xr.Dataset) -> dict[str, dict[str, float | str]]:
    """The slope of every observable's error in N, and how far it is from the predicted one at these widths."""
    found: dict[str, dict[str, float | str]] = {}
    for name in predicted["observable"].values.astype(str):
        fitted, foreseen = slope(records, predicted, name)
        found[f"{place}.slope.{slug(name)}"] = entry(fitted)
        found[f"{place}.slope_off.{slug(name)}"] = entry(replace(fitted, value=fitted.value - foreseen))
    return found
