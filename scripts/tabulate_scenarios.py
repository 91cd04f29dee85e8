from mfnn.pipeline import tables
from mfnn.pipeline.command import Configuration, Digits, ScenarioFiles, Tabular, command
from mfnn.pipeline.costs import plan_of


@command
def main(*, configuration: Configuration, scenarios: ScenarioFiles, table: Tabular, csv: Digits) -> None:
    """Tabulate the scenarios that a run trains and what it does with them."""
    plan = plan_of(configuration, scenarios)
    specs = {name: plan.experiments[name].scenario.model_dump(mode="json") for name in plan.trained}
    plans = {name: plan.run.scenarios[name].model_dump(mode="json") for name in plan.trained}
    tables.scenarios(specs, plans).write(table, csv)
