"""The answer to whoever has a table: the numbers of a page, in the target's own units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from mfnn.studies.own_table.networks import share_within, spreads
from mfnn.studies.own_table.prediction import width_needed
from mfnn.studies.own_table.rows import Scale

CHECKED = 4000  # the widest network that is trained to see whether the width for the error is enough


@dataclass(frozen=True)
class Answer:
    """What the page says; losses are parts of the target's variance that are left, by rows and time."""

    losses: pd.DataFrame  # time, training, held_out
    spread: pd.DataFrame  # width, replicas, variance with its interval, predicted
    sources: Mapping[str, float]  # parts of N·Var, in squared standard deviations of the target
    needed: int
    error: float  # in the target's units
    checked: tuple[int, float, int] | None  # a width that was trained, the share within the error, of how many
    rows: pd.DataFrame  # held-out rows: target, limit, predicted deviation at the widest width
    others: Mapping[str, float]  # held-out losses of other methods


def answer(
    predicted: xr.Dataset,
    networks: Mapping[int, xr.Dataset],
    scale: Scale,
    training: pd.DataFrame,
    held_out: pd.DataFrame,
    error: float,
) -> Answer:
    """All numbers of the page; `error` in standard deviations of the target."""
    y, wanted = scale.wanted(training), scale.wanted(held_out)
    losses = pd.DataFrame(
        {
            "time": predicted["time"].values,
            "training": ((predicted["training"].values - y) ** 2).mean(axis=1) / y.var(),
            "held_out": ((predicted["held_out"].values - wanted) ** 2).mean(axis=1) / wanted.var(),
        }
    )
    needed, limit = width_needed(predicted, error), predicted["held_out"].values[-1]
    chosen, widest = predicted.sizes["chosen"], max(networks)
    checked = None
    if needed in networks:
        share, count = share_within(networks[needed]["output"].values[:, :chosen], limit[:chosen], error)
        checked = (needed, share, count)
    deviation = np.sqrt(predicted["part"].sum("source").values / widest) * scale.deviation[scale.target]
    rows = pd.DataFrame(
        {
            "row": np.arange(chosen),
            scale.target: held_out[scale.target].to_numpy()[:chosen],
            "limit": scale.target_of(limit[:chosen]),
            "deviation": deviation,
        }
    ).sort_values("deviation", ascending=False)
    parts = {str(name): float(predicted["part"].sel(source=name).mean()) for name in predicted["source"].values}
    own = error * float(scale.deviation[scale.target])
    return Answer(
        losses, spreads(networks, predicted), parts, needed, own, checked, rows, _others(scale, training, held_out)
    )


def _others(scale: Scale, training: pd.DataFrame, held_out: pd.DataFrame) -> dict[str, float]:
    """The part of the held-out target's variance that ridge regression and an ordinary network leave."""
    from sklearn.linear_model import RidgeCV
    from sklearn.neural_network import MLPRegressor

    x, y, points, wanted = scale.seen(training), scale.wanted(training), scale.seen(held_out), scale.wanted(held_out)
    models = {
        "ridge regression": RidgeCV(np.logspace(-3, 3, 13)),
        "a network of 100 neurons as scikit-learn trains it": MLPRegressor(
            hidden_layer_sizes=(100,), early_stopping=True, max_iter=500, random_state=0
        ),
    }
    return {
        name: float(((model.fit(x, y).predict(points) - wanted) ** 2).mean() / wanted.var())
        for name, model in models.items()
    }
