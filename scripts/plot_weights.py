from mfnn.pipeline.command import Figure, Record, command
from mfnn.show.style import save
from mfnn.storage import read_dataset
from mfnn.studies.settling.weights_figure import draw


@command
def main(*, particles: Record, outputs: Figure) -> None:
    """Draw the first-layer weights of a few neurons of the first run of a training job as images."""
    save(draw(read_dataset(particles)["path"].isel(replica=0)), outputs)
