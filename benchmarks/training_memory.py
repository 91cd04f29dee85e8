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

WIDTH, REPLICAS, KEEP = 100_000, 4, 1000
TIMES = [0.0, 0.005, 0.01]
OBSERVABLES = ["c^2", "w0^2", "c*w0", "cos(w0)", "g(0.5)"]

JOB = f"""
import sys
import numpy as np
from mfnn import Problem, train
runs = train(Problem.model_validate({SINE1D}), {WIDTH}, range({REPLICAS}), {TIMES}, {OBSERVABLES}, {KEEP},
             evaluate=np.linspace(-1, 1, 200)[:, None], log=True)
runs.to_netcdf(sys.argv[1], engine="h5netcdf")
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
    pd.DataFrame([result]).to_csv(output, index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
