"""The run's configuration and the scenarios it names: seeds, places, what is trained, which studies are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path, PurePath
from typing import Annotated, Any, cast

from pydantic import AfterValidator, Field

import mfnn.studies
from mfnn.errors import SpecError
from mfnn.learning.design import Experiment, ScenarioName, ScenarioPlan
from mfnn.learning.observables import parse_all
from mfnn.learning.scenario import ImageData, Scenario, load_scenario
from mfnn.spec import Count, Spec
from mfnn.storage import UnreadableError
from mfnn.studies.study import StudyPlan
from mfnn.verdicts.rates import slug

# They become parts of paths, of regular expressions and of commands: nothing in them means anything there.
# One spelling each: Snakemake takes out/ and ./out for other folders than out.
Folder = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_./][A-Za-z0-9_./-]*$"), AfterValidator(lambda path: PurePath(path).as_posix())
]


class Run(Spec):
    """A whole run: seeds, places, what is trained of every scenario, and what is asked, by study.

    `scenario_files` is a folder of the reader's own; scenarios are those of the project otherwise.
    """

    run: str = Field(pattern=r"^[a-z0-9_-]+$")
    root_seed: Annotated[int, Field(ge=0, lt=2**63)]
    resamples: Annotated[Count, Field(ge=100)]
    results: Folder
    figures: Folder
    paper: Folder
    scenario_files: Folder | None = None
    scenarios: dict[ScenarioName, ScenarioPlan] = Field(default_factory=dict)
    studies: dict[str, Any] = Field(min_length=1)


def known_studies() -> list[str]:
    """The studies there are: the folders in `mfnn.studies` that have a plan."""
    return sorted(plan.parent.name for plan in Path(mfnn.studies.__path__[0]).glob("*/plan.py"))


def read_run(config: Mapping[str, Any]) -> Run:
    """The validated run configuration, its studies still as they stand there; raises `SpecError` in one line."""
    return Run.model_validate(dict(config))


def read_studies(run: Run) -> dict[str, StudyPlan]:
    """The plans of the studies that a run asks for; raises `SpecError` in one line."""
    plans = {}
    for name, content in run.studies.items():
        if name not in known_studies():
            raise SpecError(f"studies.{name}", content, f"studies {', '.join(known_studies())}")
        plan = cast("type[StudyPlan]", import_module(f"mfnn.studies.{name}.plan").Plan)
        try:
            plans[name] = plan.model_validate(content)
        except SpecError as refusal:
            raise _of_study(name, refusal) from None
    return plans


def read_scenario(folder: Path, name: str) -> Scenario:
    """The scenario called `name`; raises `SpecError` in one line."""
    path = folder / f"{name}.yaml"
    try:
        scenario = _loaded(path, name)
        if not isinstance(scenario.data, ImageData):
            parse_all(scenario.observables, scenario.problem(name))
        _observed(scenario)
        if not isinstance(scenario.data, ImageData):
            parse_all(scenario.recorded, scenario.problem(name))
        _distinct_keys(scenario)
    except SpecError as refusal:
        raise SpecError.within(str(path), refusal) from None
    return scenario


def _loaded(path: Path, name: str) -> Scenario:
    """What the file says, or who else is there."""
    try:
        return load_scenario(path)
    except UnreadableError as reason:
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.yaml")))
        raise SpecError(f"scenarios.{name}", str(reason), f"a readable file; there are {known}") from None


def check_experiment(experiment: Experiment) -> None:
    """Raise `SpecError` where a plan asks for times that are not of the time grid, or for what the problem rules out."""
    place, plan = f"scenarios.{experiment.name}", experiment.trained
    if experiment.scenario.hidden_layers == 2:
        raise SpecError(f"{place}.hidden_layers", 2, "1; two hidden layers are cases of a study, such as depth")
    experiment.require("solve_limit")
    if plan.fluctuations:
        experiment.require("fluctuations")
        if plan.fluctuations.largest:
            experiment.require("largest_error")
    asked = {"snapshots": plan.snapshots, "fluctuations.times": plan.fluctuations.times if plan.fluctuations else []}
    for key, times in asked.items():
        if not set(times) <= set(experiment.times):
            raise SpecError(f"{place}.{key}", times, "times of the time grid")
    if plan.coordinates and not isinstance(experiment.scenario.data, ImageData):
        names = experiment.scenario.problem(experiment.name).coordinate_names
        if unknown := [name for name in plan.coordinates if name not in names]:
            raise SpecError(f"{place}.coordinates", unknown[0], f"coordinates {names[0]} ... {names[-1]}")


def check_studies(studies: Mapping[str, StudyPlan], experiments: Mapping[str, Experiment]) -> None:
    """Raise `SpecError` where a study cannot be made of a scenario, or needs another study's results on it."""
    for name, study in studies.items():
        try:
            for scenario in study.names:
                study.check(experiments[scenario])
        except SpecError as refusal:
            raise _of_study(name, refusal) from None
        for needed in study.needs:
            if missing := sorted(set(study.names) - set(studies[needed].names if needed in studies else ())):
                raise SpecError(
                    f"studies.{name}", missing[0], f"scenarios of the study {needed}, whose results it reads"
                )


def _of_study(name: str, refusal: SpecError) -> SpecError:
    """A refusal with the study's place before its key."""
    place = f"studies.{name}" if refusal.key == "Plan" else f"studies.{name}.{refusal.key}"
    return SpecError(place, refusal.value, refusal.allowed)


def _observed(scenario: Scenario) -> None:
    """Refuse pairs and a group of anything but observables."""
    for key, names in (("pairs", [name for pair in scenario.pairs for name in pair]), ("group", [scenario.group])):
        for name in names:
            if name not in (None, *scenario.observables):
                raise SpecError(key, name, "observables of the scenario")


def _distinct_keys(scenario: Scenario) -> None:
    """Refuse observables such as g(1) and g(-1), whose numbers would have one key in the results."""
    seen: dict[str, str] = {}
    for name in scenario.observables:
        if seen.setdefault(slug(name), name) != name:
            raise SpecError(
                "observables", name, f"names whose letters and digits differ from those of {seen[slug(name)]}"
            )
