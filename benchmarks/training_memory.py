"""Peak memory of a training job: a process of its own that trains, observes and writes, only for a shorter time."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from problems import SINE1D

from mfnn.storage import write_table

WIDTH, REPLICAS, KEEP = 100_000, 4, 1000
TIMES = [0.0, 0.005, 0.01]
OBSERVABLES = ["c^2", "w0^2", "c*w0", "cos(w0)", "g(0.5)"]

JOB = f"""
import sys
from pathlib import Path
import numpy as np
from mfnn import Problem, train
from mfnn.storage import write_dataset
runs = train(Problem.model_validate({SINE1D}), {WIDTH}, range({REPLICAS}), {TIMES}, {OBSERVABLES}, {KEEP},
             evaluate=np.linspace(-1, 1, 200)[:, None], log=True)
write_dataset(runs, Path(sys.argv[1]))
"""


def peak_megabytes() -> float:
    """The largest resident set the job ever had, in MB; it must be the only child this process has waited for."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", JOB, str(Path(folder) / "runs.nc")], check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6  # bytes there, kilobytes elsewhere


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    result = {
        "benchmark": "training_memory",
        "N": WIDTH,
        "d": 1,
        "replicas": REPLICAS,
        "peak_megabytes": peak_megabytes(),
    }
    write_table(pd.DataFrame([result]), output)


if __name__ == "__main__":
    main()
