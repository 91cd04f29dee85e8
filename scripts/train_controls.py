from mfnn.particles.variants import train_variants
from mfnn.pipeline.command import Configuration, Output, ScenarioFiles, Seed, command
from mfnn.pipeline.costs import plan_of
from mfnn.storage import write_table


@command
def main(*, configuration: Configuration, scenarios: ScenarioFiles, root_seed: Seed, output: Output) -> None:
    """Train the variants of scenarios: consequences of the fluctuation formula and negative controls."""
    write_table(train_variants(plan_of(configuration, scenarios).variants, root_seed), output)
