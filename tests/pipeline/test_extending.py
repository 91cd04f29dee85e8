"""docs/extending.md, followed to the letter as far as that is cheap."""

import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import yaml

from mfnn.learning.activations import Activation
from mfnn.learning.design import ScenarioPlan
from mfnn.learning.observables import parse_all
from mfnn.numerics import kernel_activations
from mfnn.pipeline.config import known_studies
from mfnn.pipeline.plan import read_plan
from mfnn.verdicts.claims import judge, read_claims
from mfnn.verdicts.families import Asked
from mfnn.verdicts.rules import HOLDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^## An? (\w+)$|^```\w+\n(.*?)^```", TEXT, re.M | re.S)


def blocks(section):
    """The code of one section of the text."""
    found, current = [], None
    for name, code in BLOCKS:
        current = name or current
        found += [code] if code and current == section else []
    return found


def test_the_scenario_fits_the_smoke_run():
    config = yaml.safe_load((ROOT / "config/smoke.yaml").read_text(encoding="utf-8"))
    entry, study = map(yaml.safe_load, blocks("scenario"))
    assert study["convergence"].items() >= {"paths": config["studies"]["convergence"]["paths"]}.items()
    config["scenarios"] |= entry
    config["studies"] |= study
    plan = read_plan(config, ROOT / "config/scenarios")
    assert plan.experiments["three_points"].widths == [50, 200]
    assert "convergence/three_points" in plan.asked


def test_the_tables_name_every_key_of_a_run():
    tables = TEXT.partition("## An observable")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", tables, re.M))
    assert ScenarioPlan.model_fields.keys() | known_studies() == rows.keys()
    for study in known_studies():
        keys = import_module(f"mfnn.studies.{study}.plan").Plan.model_fields
        assert all(f"`{key}`" in rows[study] for key in keys), study


def test_the_observables_are_understood(sine1d):
    names = yaml.safe_load(blocks("observable")[0])["observables"]
    assert list(parse_all(names, sine1d)) == names


def test_the_activation_has_its_derivatives_and_its_kernel():
    entry, kernel = blocks("activation")
    z = np.linspace(-3, 3, 40)
    sigma = eval(f"{{{entry}}}", {"Activation": Activation, "np": np})["softsign"]
    compiled = eval(f"{{{kernel}}}", vars(kernel_activations))["softsign"]
    s, step = sigma.value(z), 1e-6
    assert sigma.slope(z, s) == pytest.approx((sigma.value(z + step) - sigma.value(z - step)) / (2 * step), abs=1e-8)
    slopes = [sigma.slope(at, sigma.value(at)) for at in (z + step, z - step)]
    assert sigma.curvature(z, s) == pytest.approx((slopes[0] - slopes[1]) / (2 * step), abs=1e-8)
    assert [compiled.value(at) for at in z] == pytest.approx(s)
    assert [compiled.slope(at, compiled.value(at)) for at in z] == pytest.approx(sigma.slope(z, s))


def test_the_claims_are_judged(tmp_path):
    (tmp_path / "constants.yaml").write_text(blocks("claim")[0], encoding="utf-8")
    asked = {name: Asked(observables=("c^2",), method="certified") for name in ("sine1d", "three_points")}
    claims = read_claims(tmp_path, {"constants": asked})
    assert [claim.scenario for claim in claims.claims] == list(asked)
    verdicts = judge(claims, {claim.key: 0.97 for claim in claims.claims})
    assert verdicts["verdict"].tolist() == [HOLDS, HOLDS]
