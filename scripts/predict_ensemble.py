from mfnn.learning.case import case_of_run
from mfnn.limit.prediction import Asked, instead_of, predict
from mfnn.pipeline.command import CaseName, Configuration, Output, ScenarioFiles, Study, command
from mfnn.storage import write_dataset


@command
def main(
    *, configuration: Configuration, scenarios: ScenarioFiles, study: Study, case: CaseName, output: Output
) -> None:
    """Predict the networks of a study's case, and what another case's limit says of them if that has to fail."""
    own = case_of_run(configuration, study, case)
    wanted = Asked(own.functions(own.scenario(scenarios)), own.times, list(own.widths))
    found = predict(own.problem(f"{study}-{case}", own.scenario(scenarios)), wanted, own)
    if own.instead:
        other = case_of_run(configuration, study, own.instead)
        problem = other.problem(f"{study}-{own.instead}", other.scenario(scenarios))
        found = found.merge(instead_of(predict(problem, wanted, other)))
    write_dataset(found, output)
