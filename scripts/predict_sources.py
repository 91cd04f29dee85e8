from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Output, Points, Tolerance, command
from mfnn.storage import read_dataset, write_json
from mfnn.studies.sources.crossing import predicted_sources
from mfnn.verdicts.rates import entry


@command
def main(*, data: Data, points: Points, tolerance: Tolerance, output: Output) -> None:
    """Predict what the start and what the samples contribute to the fluctuations of a scenario's output."""
    given = read_dataset(data)
    parts = predicted_sources(unpack(given), given["evaluation_x"].values[:points], tolerance)
    write_json({source: entry(part) for source, part in parts.items()}, output)
