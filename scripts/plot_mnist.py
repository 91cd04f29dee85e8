from mfnn.particles.collect import clouds
from mfnn.pipeline.command import Figure, Law, Particles, Table, command
from mfnn.show.style import save
from mfnn.storage import read_dataset, read_table
from mfnn.studies.settling.figure import draw


@command
def main(*, law: Law, particles: Particles, accuracy: Table, distances: Table, outputs: Figure) -> None:
    """Draw trained parameters on handwritten digits by width, the accuracy, and how much two runs differ."""
    save(draw(clouds(particles), read_dataset(law), read_table(accuracy), read_table(distances)), outputs)
