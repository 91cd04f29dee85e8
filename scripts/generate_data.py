"""Write a scenario's data law as the rest of the DAG uses it: the problem, its points, its evaluation set."""

import argparse
import json
from pathlib import Path

import numpy as np

from mfnn.command import run
from mfnn.mnist import read_verified
from mfnn.scenario import MnistData, Scenario, evaluation_set, image_features, one_hot, pack
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
        points = {"law": "finite", "x": image_features(images), "y": one_hot(labels)}
        problem = scenario.problem(args.scenario, points)
        held_out = np.full(len(test_images), 1 / len(test_images))
        evaluation = image_features(test_images), one_hot(test_labels), held_out
    else:
        problem = scenario.problem(args.scenario)
        evaluation = evaluation_set(problem)
    write_dataset(pack(problem, evaluation), args.output)


if __name__ == "__main__":
    run(main)
