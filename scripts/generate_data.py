from pathlib import Path

import numpy as np

from mfnn.learning.idx import verify
from mfnn.learning.images import image_data, read_pictures
from mfnn.learning.scenario import ImageData, evaluation_set, load_scenario, pack
from mfnn.pipeline.command import AnyNumber, Output, command
from mfnn.storage import write_dataset


@command
def main(*, specification: Path, images: AnyNumber[Path] = (), output: Output) -> None:
    """Write a scenario's data law as the rest of the DAG uses it: the problem, its points, its evaluation set.

    :param specification: a file of config/scenarios
    :param images: the four idx files, training first, MNIST's own unless the scenario names others
    """
    name, scenario = specification.stem, load_scenario(specification)
    if isinstance(scenario.data, ImageData):
        if not scenario.data.files:
            for path in images:
                verify(path)
        training, others = read_pictures(*images[:2]), read_pictures(*images[2:])
        (x, y), test = image_data(scenario.data.reduced, training, others)
        problem = scenario.problem(name, {"law": "finite", "x": x, "y": y})
        evaluation = *test, np.full(len(test[0]), 1 / len(test[0]))
    else:
        problem = scenario.problem(name)
        evaluation = evaluation_set(problem)
    write_dataset(pack(problem, evaluation), output)
