from pathlib import Path

import numpy as np

from mfnn.learning.idx import read_verified
from mfnn.learning.images import image_data
from mfnn.learning.scenario import ImageData, evaluation_set, load_scenario, pack
from mfnn.pipeline.command import AnyNumber, Output, command
from mfnn.storage import write_dataset


@command
def main(*, specification: Path, images: AnyNumber[Path] = (), output: Output) -> None:
    """Write a scenario's data law as the rest of the DAG uses it: the problem, its points, its evaluation set.

    :param specification: a file of config/scenarios
    :param images: the four idx files, training first
    """
    name, scenario = specification.stem, load_scenario(specification)
    if isinstance(scenario.data, ImageData):
        pictures, labels, test_pictures, test_labels = map(read_verified, images)
        (x, y), test = image_data(scenario.data.reduced, (pictures, labels), (test_pictures, test_labels))
        problem = scenario.problem(name, {"law": "finite", "x": x, "y": y})
        evaluation = *test, np.full(len(test[0]), 1 / len(test[0]))
    else:
        problem = scenario.problem(name)
        evaluation = evaluation_set(problem)
    write_dataset(pack(problem, evaluation), output)
