import numpy as np

from mfnn.particles.collect import by_width
from mfnn.pipeline.command import Particles, Scenario, Seed, Summary, Table, command
from mfnn.storage import write_json, write_table
from mfnn.studies.chaos import joint_law


@command
def main(*, scenario: Scenario, particles: Particles, root_seed: Seed, joint: Table, summary: Summary) -> None:
    """Measure how far the joint law of two neurons is from the product of its marginals."""
    pairs = {width: runs["path"].isel(time=-1) for width, runs in by_width(particles).items()}
    table = joint_law.joint_law_table(pairs, np.random.default_rng([root_seed, 8]))
    write_table(table, joint)
    write_json(joint_law.summary(scenario, table), summary)
