from mfnn.particles.collect import by_width
from mfnn.pipeline.command import Figure, Limit, Particles, command
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.convergence.paths_figure import draw


@command
def main(*, limit: Limit, particles: Particles, observable: str, replicas: int, outputs: Figure) -> None:
    """Draw the paths of an observable for many replicas of several widths beside the limit's.

    :param observable: a test function, such as c*w0
    :param replicas: paths a width at most
    """
    save(draw(by_width(particles), read_dataset(limit), observable, replicas), outputs)
