from mfnn.learning.variants import jobs_of
from mfnn.particles.variants import train_variants
from mfnn.pipeline.command import Output, Seed, command
from mfnn.storage import write_table


@command
def main(*, spec: str, root_seed: Seed, output: Output) -> None:
    """Train the variants of scenarios: consequences of the fluctuation formula and negative controls.

    :param spec: the variants, JSON
    """
    write_table(train_variants(jobs_of(spec), root_seed), output)
