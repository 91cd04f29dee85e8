from mfnn.particles.collect import clouds
from mfnn.pipeline.command import Figure, Law, Particles, command
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.distances.histograms_figure import draw


@command
def main(*, law: Law, particles: Particles, outputs: Figure) -> None:
    """Draw trained parameters, of each width's first job, with the marginal densities of the limit law."""
    save(draw(clouds(particles), read_dataset(law)), outputs)
