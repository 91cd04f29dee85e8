from pathlib import Path

import numpy as np

from mfnn.learning.idx import read_verified
from mfnn.learning.images import image_data
from mfnn.learning.scenario import ImageData, evaluation_set, pack
from mfnn.learning.scenario import Scenario as Specification
from mfnn.pipeline.command import AnyNumber, Json, Output, Scenario, command
from mfnn.storage import write_dataset


@command
def main(*, scenario: Scenario, spec: Json, images: AnyNumber[Path] = (), output: Output) -> None:
    """Write a scenario's data law as the rest of the DAG uses it: the problem, its points, its evaluation set.

    :param spec: its specification
    :param images: the four idx files, training first
    """
    specification = Specification.model_validate(spec)
    if isinstance(specification.data, ImageData):
        pictures, labels, test_pictures, test_labels = map(read_verified, images)
        (x, y), test = image_data(specification.data.reduced, (pictures, labels), (test_pictures, test_labels))
        problem = specification.problem(scenario, {"law": "finite", "x": x, "y": y})
        evaluation = *test, np.full(len(test[0]), 1 / len(test[0]))
    else:
        problem = specification.problem(scenario)
        evaluation = evaluation_set(problem)
    write_dataset(pack(problem, evaluation), output)
