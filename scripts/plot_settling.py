from mfnn.particles.collect import clouds
from mfnn.pipeline.command import Figure, Law, Particles, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.settling.figure import draw


@command
def main(*, law: Law, particles: Particles, weight: str, accuracy: Table, distances: Table, outputs: Figure) -> None:
    """Draw trained parameters by width, the held-out accuracy, and how much two runs differ.

    :param weight: the coordinate of w whose law is drawn
    """
    tables = read_table(accuracy), read_table(distances)
    save(draw(clouds(particles), read_dataset(law), weight, *tables), outputs)
