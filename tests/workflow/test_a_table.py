"""A real table as a scenario: fifty thousand rows pass no command line, and the data law is all of them."""

import re

import numpy as np
import pytest
import xarray as xr
import yaml

ROWS = 50_000


@pytest.fixture(scope="module")
def project(copied):
    """A copy of the project with a table, a scenario on it, and a run that asks of it what can be asked."""
    folder, rng = copied("table"), np.random.default_rng(0)
    columns = np.column_stack([rng.normal(size=(ROWS, 3)), rng.integers(2, size=ROWS)])
    head = "one,two,three,y"
    np.savetxt(folder / "config/scenarios/rows.csv", columns, "%.6g", ",", header=head, comments="", encoding="utf-8")
    scenario = {"title": "Rows", "activation": "tanh", "learning_rate": 1.0, "horizon": 0.1, "observables": ["c^2"]}
    scenario |= {"initial": {"c": {"law": "uniform", "low": -1.0, "high": 1.0}, "w": {"law": "normal"}}}
    scenario["data"] = {"law": "finite", "file": "rows.csv", "target": "y", "standardise": True}
    (folder / "config/scenarios/rows.yaml").write_text(yaml.safe_dump(scenario), encoding="utf-8")
    widths = [{"width": width, "replicas": 4, "batch": 4, "clouds": 2} for width in (10, 20)]
    limit = {"method": "certified", "tolerance": 0.2}
    trained = {"intervals": 1, "snapshots": [0.0, 0.1], "limit": limit, "widths": widths}
    run = {"run": "rows", "root_seed": 1, "resamples": 100, "scenarios": {"rows": trained}}
    run |= {"results": "results/rows", "figures": "results/rows/figures", "paper": "results/rows/paper"}
    run["studies"] = {"convergence": {"scenarios": ["rows"]}, "distances": {"scenarios": ["rows"]}}
    (folder / "config/rows.yaml").write_text(yaml.safe_dump(run), encoding="utf-8")
    return folder


def test_no_row_passes_a_command_line(project, snakemake):
    planned = snakemake(project, "--dry-run", "--printshellcmds", "--cores", "2", "--configfile=config/rows.yaml")
    assert planned.returncode == 0, planned.stderr[-2000:]
    commands = re.findall(r"scripts/\w+\.py .*", planned.stdout + planned.stderr)
    assert len(commands) > 15
    assert max(map(len, commands)) < 4000


def test_the_data_law_is_the_table(project, snakemake):
    done = snakemake(project, "results/rows/data/rows.nc", "--cores", "2", "--configfile=config/rows.yaml")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with xr.open_dataset(project / "results/rows/data/rows.nc", engine="h5netcdf") as law:
        assert law["x"].shape == (ROWS, 4)
        np.testing.assert_allclose(law["y"].mean(), 0, atol=1e-10)
