from mfnn.pipeline.command import Figure, Law, Record, command
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.finite_volumes.density_figure import draw


@command
def main(*, law: Law, particles: Record, outputs: Figure) -> None:
    """Draw the joint density of the limit law over time with the particles of one network."""
    save(draw(read_dataset(particles)["theta"], read_dataset(law)), outputs)
