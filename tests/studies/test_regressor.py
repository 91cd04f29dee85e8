"""`MeanFieldRegressor`: scikit-learn's own checks, the limit it predicts by, and the spread it predicts."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from mfnn import MeanFieldRegressor, MfnnError, SpecError

ROWS, COLUMNS = 120, ["bmi", "bp", "s5"]


@pytest.fixture(scope="module")
def diabetes() -> tuple[pd.DataFrame, pd.Series]:
    table = load_diabetes(as_frame=True)
    return table.data[COLUMNS][:ROWS], table.target[:ROWS]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")  # of arrays that are not numpy's
@parametrize_with_checks([MeanFieldRegressor()])
def test_scikit_learns_own_checks(estimator, check) -> None:
    check(estimator)


def test_the_limit_predicts_what_solve_limit_does(diabetes) -> None:
    rows, target = diabetes
    model = MeanFieldRegressor().fit(rows, target)
    values = (rows.to_numpy() - rows.to_numpy().mean(axis=0)) / rows.to_numpy().std(axis=0)
    points = np.column_stack([values, np.ones(len(values))])[:7]
    expected = target.mean() + target.std(ddof=0) * model.limit_.output(points, model.problem_.horizon)
    np.testing.assert_allclose(model.predict(rows[:7]), expected, rtol=1e-6)
    _, spread = model.predict(rows[:7], return_std=True)
    np.testing.assert_array_equal(spread, 0.0)
    assert list(model.feature_names_in_) == COLUMNS


def test_trainings_spread_as_predicted(diabetes) -> None:
    rows, target = diabetes
    width, trainings = 200, 150
    predictions = [
        MeanFieldRegressor(width, random_state=seed).fit(rows, target).predict(rows[:4]) for seed in range(trainings)
    ]
    model = MeanFieldRegressor(width).fit(rows, target)
    _, spread = model.predict(rows[:4], return_std=True)
    measured = np.std(predictions, axis=0, ddof=1)
    np.testing.assert_allclose(measured, spread, rtol=4 / np.sqrt(2 * trainings) + 0.05)
    limit = MeanFieldRegressor().fit(rows, target).predict(rows[:4])
    assert (abs(np.mean(predictions, axis=0) - limit) < 4 * spread / np.sqrt(trainings) + 5 * spread**2).all()


def test_weights_are_repetitions(diabetes) -> None:
    rows, target = diabetes[0][:40], diabetes[1][:40]
    weights = np.arange(40) % 3
    weighted = MeanFieldRegressor().fit(rows, target, sample_weight=weights)
    repeated = MeanFieldRegressor().fit(rows.loc[rows.index.repeat(weights)], target.repeat(weights))
    np.testing.assert_allclose(weighted.predict(rows), repeated.predict(rows), rtol=1e-6)


def test_in_pipelines_and_searches(diabetes) -> None:
    rows, target = diabetes
    search = GridSearchCV(
        make_pipeline(StandardScaler(), MeanFieldRegressor(tolerance=0.3)),
        {"meanfieldregressor__horizon": [0.5, 2.0]},
        cv=2,
    )
    assert search.fit(rows[:60], target[:60]).best_params_["meanfieldregressor__horizon"] in (0.5, 2.0)
    assert clone(MeanFieldRegressor(width=7)).width == 7


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"width": 0}, "width"),
        ({"activation": "tanhh"}, "activation"),
        ({"learning_rate": -1.0}, "learning_rate"),
        ({"horizon": 0.0}, "horizon"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"width": 5, "random_state": -1}, "root_seed"),
    ],
)
def test_mistakes_are_one_line(wrong, named: str, diabetes) -> None:
    with pytest.raises(SpecError) as refusal:
        MeanFieldRegressor(**wrong).fit(diabetes[0][:9], diabetes[1][:9])
    assert named in str(refusal.value) and "\n" not in str(refusal.value) and isinstance(refusal.value, MfnnError)
