from mfnn.learning.variants import variants_of_run
from mfnn.particles.variants import train_variants
from mfnn.pipeline.command import Configuration, Output, ScenarioFiles, Seed, command
from mfnn.storage import write_table


@command
def main(*, configuration: Configuration, scenarios: ScenarioFiles, root_seed: Seed, output: Output) -> None:
    """Train the variants of scenarios: consequences of the fluctuation formula and negative controls."""
    write_table(train_variants(variants_of_run(configuration, scenarios), root_seed), output)
