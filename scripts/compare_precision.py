from mfnn.learning.scenario import unpack
from mfnn.pipeline.command import Data, Points, Scenario, Seed, Summary, Widths, command
from mfnn.storage import read_dataset, write_json
from mfnn.studies.precision.precision import precision_gap


@command
def main(
    *,
    scenario: Scenario,
    data: Data,
    widths: Widths,
    replicas: int,
    points: Points,
    root_seed: Seed,
    summary: Summary,
) -> None:
    """Train the same networks in single and in double precision and measure the difference of their outputs.

    :param replicas: of each width
    """
    given = read_dataset(data)
    held_out = given["evaluation_x"].values[:points]
    numbers: dict[str, float] = {}
    for name, width in (("narrow", min(widths)), ("wide", max(widths))):
        gap = precision_gap(unpack(given), width, replicas, held_out, root_seed)
        key = f"{scenario}.precision.{name}"
        numbers |= {key: gap["difference"] / gap["spread"], f"{key}_width": width}
    write_json(numbers, summary)
