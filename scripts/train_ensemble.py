from mfnn.learning.case import case_of_run
from mfnn.particles.ensemble import train_case
from mfnn.pipeline.command import CaseName, Configuration, Output, ScenarioFiles, Seed, Study, command
from mfnn.storage import write_dataset


@command
def main(
    *,
    configuration: Configuration,
    scenarios: ScenarioFiles,
    study: Study,
    case: CaseName,
    root_seed: Seed,
    output: Output,
) -> None:
    """Train the networks of a study's case at all its widths."""
    asked = case_of_run(configuration, study, case)
    scenario = asked.scenario(scenarios)
    problem = asked.problem(f"{study}-{case}", scenario)
    write_dataset(train_case(problem, asked, asked.functions(scenario), root_seed), output)
