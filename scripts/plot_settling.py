from pathlib import Path

from mfnn.particles.collect import clouds
from mfnn.pipeline.command import AnyNumber, Figure, Law, Particles, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.settling.figure import draw
from mfnn.studies.settling.replica import clouds as recorded_clouds
from mfnn.studies.settling.replica import read_recorded


@command
def main(
    *,
    law: Law,
    particles: Particles,
    recorded: AnyNumber[Path],
    weight: str,
    accuracy: Table,
    distances: Table,
    outputs: Figure,
) -> None:
    """Draw trained parameters by width, the held-out accuracy, and how much two runs differ.

    :param recorded: summaries of networks that were trained before, NetCDF
    :param weight: the coordinate of w whose law is drawn
    """
    before = recorded_clouds(read_recorded(recorded))
    tables = read_table(accuracy), read_table(distances)
    save(draw(clouds(particles) | before, read_dataset(law), weight, *tables, recorded=set(before)), outputs)
