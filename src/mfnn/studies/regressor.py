"""`MeanFieldRegressor`: a network of given or infinite width on a table, by the conventions of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from mfnn.errors import ToleranceError
from mfnn.learning.observables import network_output
from mfnn.learning.problem import Problem
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.refinement import Refinement
from mfnn.limit.solve import solve_limit
from mfnn.limit.transport import TransportedLimit, transported
from mfnn.particles.train import train
from mfnn.spec import Floats

ROWS = 32  # predictions whose spread is computed together
LOOSER, LOOSEST = 3.0, 0.9  # what a tolerance out of reach is multiplied by, and where that ends


class MeanFieldRegressor(RegressorMixin, BaseEstimator):
    """Regression by a network with one hidden layer trained by SGD, or by its limit as the width grows.

    Features and target are standardised, and a constant feature is added. Neurons start as c ~ U(−1, 1), w ~ N(0, 1/d)
    with d features; one sample a step is drawn with `sample_weight`, for `horizon` times N steps of size
    `learning_rate`/N (Sirignano & Spiliopoulos, arXiv:1805.01053).

    Parameters: `width` N, or None for the limit itself, N = ∞; `activation`, `learning_rate` α and `horizon` T as those of
    `mfnn.Problem`; `tolerance`, the error of the limit in standard deviations of the target, made larger where it is out of
    reach; `random_state`, the seed of a network of finite width.

    Attributes after `fit`: `problem_`, what was learned; `limit_`, its limit, where it was needed; `tolerance_`, to which
    that was solved; `n_features_in_`, and `feature_names_in_` of a data frame.
    """

    def __init__(
        self,
        width: int | None = None,
        activation: str = "tanh",
        learning_rate: float = 2.0,
        horizon: float = 3.0,
        tolerance: float = 0.1,
        random_state: int = 0,
    ) -> None:
        self.width = width
        self.activation = activation
        self.learning_rate = learning_rate
        self.horizon = horizon
        self.tolerance = tolerance
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> MeanFieldRegressor:  # scikit-learn's names
        """Learn from rows X (n, d) with targets y (n,), each of which is drawn in proportion to its weight.

        Raises `ValueError` as scikit-learn's estimators do, `mfnn.SpecError` for parameters outside what is allowed.
        """
        X, y = validate_data(self, X, y, y_numeric=True, dtype=float)
        weights = _check_sample_weight(sample_weight, X, dtype=float, ensure_non_negative=True)
        X, y, weights = X[weights > 0], y[weights > 0], weights[weights > 0]
        if not len(X):
            raise ValueError("sample_weight is 0 for all rows")
        self._center, self._scale = _location_and_scale(X, weights)
        (self._mean,), (self._deviation,) = _location_and_scale(y[:, None], weights)
        x, target = self._features(X), (y - self._mean) / self._deviation
        self.problem_ = Problem.model_validate(
            {
                "name": "table",
                "activation": self.activation,
                "learning_rate": self.learning_rate,
                "horizon": self.horizon,
                "data": {"law": "finite", "x": x, "y": target, "weights": weights / weights.sum()},
                "initial": {
                    "c": {"law": "uniform", "low": -1, "high": 1},
                    "w": {"law": "normal", "std": x.shape[1] ** -0.5},
                },
            }
        )
        self.__dict__.pop("limit_", None)
        self.tolerance_ = self.tolerance
        self._theta, self._weights = self._from_the_limit() if self.width is None else self._trained(self.width)
        return self

    def predict(self, X: Any, return_std: bool = False) -> Any:
        """The predictions for rows X (n, d), shape (n,); with `return_std` the spread between trainings of `width` as well.

        The spread is the standard deviation that the limit predicts for networks that differ in their start and samples,
        √(V/N), in units of y (arXiv:1808.09372); 0 for the limit itself.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=float)
        points = self._features(X)
        mean = self._mean + self._deviation * network_output(self.problem_, self._theta, self._weights, points)[:, 0]
        return (mean, self._spread(points)) if return_std else mean

    def _features(self, X: Floats) -> Floats:
        """Standardised features with a constant one."""
        return np.column_stack([(X - self._center) / self._scale, np.ones(len(X))])

    @property
    def _limit(self) -> TransportedLimit:
        """The limit to the tolerance asked for, or to the smallest multiple of it that is in reach; solved once."""
        while not hasattr(self, "limit_"):
            try:
                solved = solve_limit(self.problem_, [0.0, self.problem_.horizon], self.tolerance_)
                self.limit_ = transported(solved, "MeanFieldRegressor")
            except ToleranceError:
                if self.tolerance_ >= LOOSEST:
                    raise
                self.tolerance_ = min(LOOSER * self.tolerance_, LOOSEST)
        return self.limit_

    def _from_the_limit(self) -> tuple[Floats, Floats]:
        """The neurons of the limit at the end of training, θ (m + d, J) with probabilities (J,)."""
        certificate = self._limit.certificate
        every = self._limit.solves
        flows = every[:1] if isinstance(certificate, Refinement) else every[: len(certificate.flows)]
        weights = np.concatenate([flow.weights for flow in flows]) / len(flows)
        return np.concatenate([flow.theta[-1] for flow in flows], axis=1), weights

    def _trained(self, width: int) -> tuple[Floats, Floats]:
        """The neurons of a network of the given width at the end of training, and their weights 1/N."""
        run = train(self.problem_, width, [0], [self.problem_.horizon], keep=width, root_seed=self.random_state)
        theta = run["theta"].values[0, 0].T
        return theta, np.full(theta.shape[1], 1 / theta.shape[1])

    def _spread(self, points: Floats) -> Floats:
        """√(V/N) at features (n, d), shape (n,); V by one backward equation for some rows at a time."""
        if self.width is None:
            return np.zeros(len(points))
        variance = np.empty(len(points))
        for start in range(0, len(points), ROWS):
            names = ["g(" + ", ".join(map(repr, map(float, point))) + ")" for point in points[start : start + ROWS]]
            distinct = list(dict.fromkeys(names))
            found = fluctuations(self._limit, distinct, self.problem_.horizon).covariance.values
            each = dict(zip(distinct, np.diag(found), strict=True))
            variance[start : start + ROWS] = [each[name] for name in names]
        return self._deviation * np.sqrt(np.maximum(variance, 0) / self.width)


def _location_and_scale(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted means and standard deviations of columns (n, k); a column that does not vary has scale 1."""
    center = np.average(values, axis=0, weights=weights)
    scale = np.sqrt(np.average((values - center) ** 2, axis=0, weights=weights))
    return center, np.where(scale > np.finfo(float).eps * (1 + np.abs(center)), scale, 1.0)
