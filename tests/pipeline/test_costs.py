"""Predicted costs are exact where a run's costs follow the model, and refused where there is nothing to go by."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mfnn.errors import SpecError
from mfnn.pipeline.costs import fit, plan_of, predict, read_benchmark, shown, typical
from mfnn.pipeline.plan import Plan
from mfnn.pipeline.work import TRAINING, growing_jobs
from mfnn.pipeline.workflow import growing
from mfnn.storage import UnreadableError

ROOT = Path(__file__).parents[2]
FIXED, A_STEP, AN_UPDATE = 9.0, 4e-8, 2e-9  # seconds
HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


@cache
def plan(name: str) -> Plan:
    return plan_of(ROOT / f"config/{name}.yaml", ROOT / "config/scenarios")


def write_benchmark(path: Path, seconds: float, memory: object = 300.0) -> None:
    """As Snakemake writes it, the processor time truncated to what its sampling saw."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEADER}{seconds!r}\t0:00:01\t{memory}\t0\t0\t0\t0\t0\t0\t{min(seconds, 1.0)}\n")


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """Results of a default run whose training follows the model exactly; every other job took 5 s."""
    for job in growing_jobs(plan("paper")):
        seconds = FIXED + np.dot(job.time, [A_STEP, AN_UPDATE]) if job.rule == TRAINING else 5.0
        write_benchmark(tmp_path / "benchmarks" / job.rule / job.benchmark if job.benchmark
                        else tmp_path / f"benchmarks/{job.rule}.tsv", float(seconds))  # fmt: skip
    write_benchmark(tmp_path / "benchmarks/plot_rates.tsv", 7.2)
    return tmp_path


def test_training_of_a_wider_run_is_predicted_by_its_steps_and_updates(finished):
    wanted = plan("full")
    table = predict(plan("paper"), finished, wanted).set_index("rule")
    jobs = [job for job in growing_jobs(wanted) if job.rule == TRAINING]
    seconds = sum(FIXED + A_STEP * job.time[0] + AN_UPDATE * job.time[1] for job in jobs)
    assert table.loc[TRAINING, "jobs"] == len(jobs)
    assert table.loc[TRAINING, "core_hours"] == pytest.approx(seconds / 3600, rel=1e-6)
    assert table.loc[TRAINING, "spread"] < 1e-6


def test_the_updates_of_a_plan_are_those_it_announces(finished):
    paper = plan("paper")
    updates = sum(job.time[1] for job in growing_jobs(paper) if job.rule == TRAINING)
    assert f'"run.particle_steps": {updates}' in paper.totals


def test_a_rule_with_one_job_grows_with_its_work_and_one_without_model_stays(finished):
    table = predict(plan("paper"), finished, plan("full")).set_index("rule")
    paper, full = (
        sum(j.time[0] for j in growing_jobs(plan(n)) if j.rule == "train_controls") for n in ("paper", "full")
    )
    assert table.loc["train_controls", "core_hours"] == pytest.approx(5.0 * full / paper / 3600)
    assert table.loc["plot_rates", "core_hours"] == pytest.approx(7.2 / 3600)


def test_no_cost_falls_with_work():
    work = np.array([[1.0, 5.0], [2.0, 1.0], [3.0, 0.5]])
    assert (fit(work, np.array([3.0, 2.0, 1.0])) >= 0).all()


def test_wall_seconds_are_read_and_not_the_truncated_processor_time(tmp_path):
    write_benchmark(tmp_path / "long.tsv", 90.0, memory="-")
    assert read_benchmark(tmp_path / "long.tsv") == (90.0, pytest.approx(20.0))


def test_refusals_name_what_is_missing(finished):
    paper = plan("paper")
    only_images = paper.run.model_copy(update={"scenarios": {"mnist": paper.run.scenarios["mnist"]}})
    with pytest.raises(SpecError, match=r"scenarios: got 'sine1d'; allowed: scenarios of the finished run: mnist"):
        predict(Plan(only_images, paper.experiments, {}, []), finished, paper)
    (finished / "benchmarks/train_controls.tsv").unlink()
    with pytest.raises(UnreadableError, match=r"train_controls.tsv: not there; a finished run is needed"):
        predict(paper, finished, plan("full"))


@pytest.mark.parametrize(("text", "said"), [("a: [", "a readable YAML file"), ("7", "the configuration of a run")])
def test_what_is_no_configuration_is_refused_in_one_line(tmp_path, text, said):
    (tmp_path / "run.yaml").write_text(text)
    with pytest.raises(SpecError, match=rf"run.yaml: got .*; allowed: {said}"):
        plan_of(tmp_path / "run.yaml", ROOT / "config/scenarios")


def test_the_table_ends_with_the_totals(finished):
    text = shown(predict(plan("paper"), finished, plan("smoke")))
    assert "train_particles" in text
    assert text.splitlines()[-1].startswith("total: ")


@pytest.mark.parametrize("name", ["paper", "full"])
def test_a_training_job_asks_for_more_than_it_is_predicted_to_take(name):
    """400 MB and the record in memory; the fixed cost and 2 ns an update in time."""
    asked = plan(name)
    for job in growing_jobs(asked):
        if job.rule == TRAINING:
            name, width = job.benchmark.split("/")[0], int(job.benchmark.split("/")[1].removeprefix("N"))
            in_all = asked.training_minutes(name, width) * asked.width(name, width).threads
            assert in_all > (FIXED + AN_UPDATE * job.time[1]) / 60
            assert asked.training_memory(name, width) > 400 + job.stored * 8e-6


def test_the_full_run_has_every_part_of_the_default_run():
    paper, full = plan("paper").run, plan("full").run
    for name, part in paper.scenarios.items():
        wider = full.scenarios[name]
        assert set(part.model_dump(exclude_none=True)) <= set(wider.model_dump(exclude_none=True))
        assert wider.widths[0].width <= part.widths[1].width
        assert wider.widths[-1].width > part.widths[-1].width
    assert full.studies.keys() == paper.studies.keys()
    assert full.studies["controls"]["variants"].keys() == paper.studies["controls"]["variants"].keys()


def test_each_attempt_asks_for_more():
    assert [growing(2000)({}, attempt) for attempt in (1, 2, 3)] == [2000, 4000, 6000]
    assert growing(lambda wildcards: int(wildcards["width"]))({"width": "10"}, 2) == 20


def test_typical_costs_are_those_of_the_finished_run(finished):
    table = typical(plan("paper"), finished)
    training = table[TRAINING]["sine1d, double"]
    assert training["seconds"] == pytest.approx([FIXED, A_STEP, AN_UPDATE], rel=0.01)
    assert training["megabytes"] == pytest.approx([300.0, 0.0, 0.0], abs=1e-3)
    assert table["plot_rates"] == {"any": {"seconds": [7.2], "megabytes": [300.0]}}
