from mfnn.particles.collect import by_width
from mfnn.pipeline.command import Particles, Points, Scenario, Summary, Table, command
from mfnn.storage import write_json, write_table
from mfnn.studies.sources import crossing


@command
def main(*, scenario: Scenario, particles: Particles, points: Points, table: Table, summary: Summary) -> None:
    """Measure N times the variance of the outputs at held-out points over the replicas of each width."""
    outputs = {N: runs["output"].values[:, -1, :points] for N, runs in by_width(particles).items()}
    parts = crossing.totals(outputs)
    write_table(crossing.table({width: {"total": part} for width, part in parts.items()}), table)
    write_json(crossing.totals_summary(scenario, parts), summary)
