"""Write a scenario's data law as the rest of the DAG uses it: the problem, its points, its evaluation set."""

import argparse
import json
from pathlib import Path

import numpy as np

from mfnn.learning.images import image_data
from mfnn.learning.mnist import read_verified
from mfnn.learning.scenario import MnistData, Scenario, evaluation_set, pack
from mfnn.pipeline.command import run
from mfnn.storage import write_dataset


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True, help="its name")
    parser.add_argument("--spec", required=True, help="its specification, JSON")
    parser.add_argument("--mnist", type=Path, nargs="*", default=[], help="the four idx files, training first")
    parser.add_argument("--output", required=True, type=Path)
    args = parser.parse_args()
    scenario = Scenario.model_validate(json.loads(args.spec))
    if isinstance(scenario.data, MnistData):
        images, labels, test_images, test_labels = map(read_verified, args.mnist)
        (x, y), (test_x, test_y) = image_data(scenario.data.reduced, (images, labels), (test_images, test_labels))
        problem = scenario.problem(args.scenario, {"law": "finite", "x": x, "y": y})
        evaluation = test_x, test_y, np.full(len(test_x), 1 / len(test_x))
    else:
        problem = scenario.problem(args.scenario)
        evaluation = evaluation_set(problem)
    write_dataset(pack(problem, evaluation), args.output)


if __name__ == "__main__":
    run(main)
