"""Variants of scenarios: the file and its mistakes, what is measured of them, how it is fitted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from mfnn.errors import SpecError
from mfnn.learning.variants import Job, VariantRuns, read_controls
from mfnn.particles.variants import train_variants
from mfnn.pipeline.plan import read_plan
from mfnn.studies.controls.figure import PANELS, TITLES
from mfnn.studies.controls.measures import sizes, summary, variances
from mfnn.studies.controls.table import controls
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.rates import fit_spread, interquartile_range
from mfnn.verdicts.rules import Above, Below, Equals

CONFIG = Path(__file__).parents[3] / "config"
SCENARIOS = CONFIG / "scenarios"


def content() -> dict:
    return yaml.safe_load((CONFIG / "controls.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def jobs() -> list[Job]:
    return list(read_plan(yaml.safe_load((CONFIG / "smoke.yaml").read_text(encoding="utf-8")), SCENARIOS).variants)


@pytest.fixture
def named(jobs: list[Job]) -> dict[str, Job]:
    return {job.problem.name: job for job in jobs}


# ---- the file ----


def test_a_variant_is_its_scenario_with_the_changes(named: dict[str, Job]) -> None:
    theorem, noise = named["theorem"].problem, named["noise"].problem
    assert noise.data.noise_law.dof == 1.5
    assert noise.data.noise_std == 0.3
    assert noise.model_copy(update={"name": "theorem", "data": theorem.data}) == theorem
    assert named["batch_4"].protocol.batch == 4


def test_every_prediction_of_a_slope_is_claimed_and_drawn(jobs: list[Job]) -> None:
    """The rule of each claim admits the slope that the file predicts, and no other slope of the theorem's alternatives."""
    rules = {claim.key: claim.rule for claim in read_claims(CONFIG / "claims", {"controls": {}}).claims}
    probes = {f"{job.problem.name}_{key}": probe for job in jobs for key, probe in job.probes.items()}
    slopes = {name: probe.slope for name, probe in probes.items() if probe.slope is not None}
    assert slopes.keys() == TITLES.keys()
    for name, slope in slopes.items():
        rule = rules[f"controls.slope.{name}"]
        if isinstance(rule, Equals):
            assert rule.predicted == slope
        elif isinstance(rule, Above):
            assert -0.5 < rule.bound < slope
        else:
            assert isinstance(rule, Below)
            assert slope < rule.bound < -1 / 3
    variants = {job.problem.name for job in jobs if job.probes.keys() == {"end"} and job.probes["end"].slope is None}
    assert variants == {variant for panel in PANELS.values() for variant in panel}
    assert all(rules[f"consequences.ratio.{variant}"].predicted == 1 for variant in variants)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["controls", "cauchy", "probes", "start", "time"], 3.0, ["times", "horizon 2"]),
        (["controls", "cauchy", "probes", "start", "observable"], "w1", ["observable", "w1"]),
        (["controls", "cauchy", "probes", "start", "size"], "width", ["size", "spread"]),
        (["controls", "cauchy", "probes", "start", "slope"], None, ["slope"]),
        (["controls", "cauchy", "changes"], {"initial.b": 1}, ["cauchy.changes.initial.b", "'b'", "c, w"]),
        (["controls", "cauchy", "changes"], {"horizon.c": 1}, ["horizon", "name, activation"]),
        (["controls", "cauchy", "changes"], {"initial.c": {"law": "student", "dof": -1}}, ["dof", "-1"]),
        (["controls", "cauchy", "base"], "nowhere", ["nowhere.yaml", "readable"]),
        (["controls", "markov", "probes", "end"], {"observable": "c", "time": 1.0, "size": "variance"}, ["constant"]),
        (["controls", "another"], content()["controls"]["theorem"], ["controls", "another"]),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, path: list[str], value: object, said: list[str]) -> None:
    whole = content()
    place = whole
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    (tmp_path / "controls.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    names = [*content()["consequences"], *content()["controls"]]
    runs = {name: VariantRuns(widths=[4, 8], replicas=4) for name in names}
    with pytest.raises(SpecError) as refusal:
        read_controls(tmp_path / "controls.yaml", runs, SCENARIOS)
    assert "\n" not in str(refusal.value)
    assert all(part in str(refusal.value) for part in ("controls.yaml", *said))


@pytest.mark.parametrize("bad", [{"widths": [8, 4]}, {"widths": [8]}, {"replicas": 1}, {"batch": 3}])
def test_runs_that_cannot_be_fitted_are_refused(bad: dict) -> None:
    with pytest.raises(SpecError):
        VariantRuns.model_validate({"widths": [4, 8], "replicas": 4, **bad})


# ---- measures ----


def made_up(jobs: list[Job], exponent: float, origin: dict[str, float]) -> pd.DataFrame:
    """Runs whose observables are normal around an origin with deviation N^exponent."""
    rng = np.random.default_rng(3)
    rows = []
    for job in jobs:
        for probe in job.probes.values():
            for width in job.widths:
                centre = origin.get(probe.size, 0.7)
                for replica, value in enumerate(centre + width**exponent * rng.standard_normal(400)):
                    row = {"variant": job.problem.name, "width": width, "observable": probe.observable}
                    rows.append({**row, "replica": replica, "time": probe.time, "value": value})
    return pd.DataFrame(rows)


def test_sizes_are_taken_from_where_the_probe_says(named: dict[str, Job]) -> None:
    """⟨c w0, μ̄_0⟩ = 0; ⟨c², μ̄_2⟩ = 1.2109630844; slopes within 4.42 standard errors."""
    jobs = [named["output"], named["markov"]]
    table = made_up(jobs, -0.4, {"from_limit": 1.2109630844, "from_start": 0.0})
    measured, fits = sizes(jobs, table, 400, np.random.default_rng(1))
    assert list(fits["variant"] + "_" + fits["probe"]) == ["output_limit", "output_start", "markov_end"]
    assert (np.abs(fits["slope"] + 0.4) < 4.42 * fits["error"]).all()
    assert (fits["error"] < 0.2).all()
    expected = measured["width"] ** -0.4 * np.where(measured["size"] == "spread", 1.349, 1.0)
    widened = 4.42 / 1.96 * (measured["value_high"] - measured["value_low"]) / 2
    assert (np.abs(measured["value"] - expected) < widened).all()


def test_variances_stand_beside_their_predictions(named: dict[str, Job]) -> None:
    """V_init = 0.004556, V_sgd = 0.144556 of g(0.5) in sine1d at t = 2, each where the protocol has it."""
    jobs = [named[name] for name in ("batch_1", "batch_4", "step_1_5", "replaced", "shuffled")]
    found = variances(jobs, made_up(jobs, -0.5, {}))
    assert (np.abs(found["variance"] - 1) < 4.42 * found["variance_error"]).all()
    predicted = found[found["width"] == 64].set_index("variant")["predicted"]
    assert predicted["batch_1"] == pytest.approx(0.149113, abs=1e-4)
    assert predicted["batch_4"] == pytest.approx(0.004556 + 0.144556 / 4, abs=1e-4)
    assert predicted["step_1_5"] == pytest.approx(0.004556 + 0.144556 / 8, abs=1e-4)
    assert predicted["shuffled"] < predicted["replaced"] / 5
    numbers = summary(found, pd.DataFrame(columns=["variant"]))
    ratio = numbers["consequences.ratio.batch_4"]
    assert ratio["value"] == pytest.approx(
        found[found["variant"] == "batch_4"]["variance"].iloc[-1] / predicted["batch_4"]
    )


def test_the_table_has_a_row_a_variant_and_a_probe(named: dict[str, Job]) -> None:
    consequences, broken = [named["batch_1"]], [named["output"]]
    found = variances(consequences, made_up(consequences, -0.5, {}))
    fits = sizes(broken, made_up(broken, -0.5, {}), 100, np.random.default_rng(1))[1]
    table = controls(found, fits)
    assert "batches of 1 & $g(0.5)$ & $N = 64$ & $1$ &" in table.tex
    assert "output scaled by $N^{-1/2}$ & $c\\,w_{0}$ & $t = 2$ & $-0.5$ &" in table.tex
    assert len(table.data) == 3


def test_trained_variants_have_their_own_streams_and_all_their_probes(named: dict[str, Job]) -> None:
    jobs = [
        named[name].model_copy(update={"widths": [4, 8], "replicas": 3}) for name in ("theorem", "output", "batch_4")
    ]
    table = train_variants(jobs, 0)
    counts = table.groupby("variant").size()
    assert counts.to_dict() == {"theorem": 6, "output": 12, "batch_4": 6}
    assert table["value"].nunique() == len(table)


# ---- spreads ----


def test_resampled_ranges_have_the_law_of_resampling() -> None:
    """The short cut through gamma variables against resamples drawn in full: 10 000 of each, 4.42 standard errors."""
    rng = np.random.default_rng(4)
    values = rng.standard_cauchy(203)
    found = interquartile_range(values, 10_000, rng)
    full = np.sort(values[rng.integers(0, 203, (10_000, 203))], axis=1)
    low, high = round(203 / 4), round(3 * 203 / 4)
    spread = (full[:, high - 1] - full[:, low - 1]).std()
    assert found.error == pytest.approx(spread, rel=4.42 * np.sqrt(1 / 10_000) * 2)
    assert found.value == np.sort(values)[high - 1] - np.sort(values)[low - 1]


def test_a_slope_of_cauchy_samples_is_found_with_its_error() -> None:
    """100 fits of samples of size N^(-0.3): pulls have mean 0 and variance 1 within errors of level 1e-5."""
    rng = np.random.default_rng(5)
    pulls = []
    for _ in range(100):
        law = fit_spread({n: n**-0.3 * rng.standard_cauchy(300) for n in (10, 100, 1000)}, 200, rng)
        pulls.append((law.slope.value + 0.3) / law.slope.error)
    assert abs(np.mean(pulls)) < 4.42 / 10
    assert 0.6 < np.std(pulls) < 1.4
