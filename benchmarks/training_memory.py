"""Peak memory of a training job: a process of its own that trains, observes and writes, only for a shorter time."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from problems import SINE1D

from mfnn.storage import write_table

TIMES = [0.0, 0.005, 0.01]
FUSED_WIDTH, REPLICAS, KEEP = 100_000, 4, 1000
OBSERVABLES = ["c^2", "w0^2", "c*w0", "cos(w0)", "g(0.5)"]
BLOCKED_WIDTH, SMALL_WIDTH, FEATURES = 20_000, 200, 785

FUSED = f"""
import sys
from pathlib import Path
import numpy as np
from mfnn import Problem, train
from mfnn.storage import write_dataset
runs = train(Problem.model_validate({SINE1D}), {FUSED_WIDTH}, range({REPLICAS}), {TIMES}, {OBSERVABLES}, {KEEP},
             evaluate=np.linspace(-1, 1, 200)[:, None], log=True)
write_dataset(runs, Path(sys.argv[1]))
"""

BLOCKED = f"""
import sys
from pathlib import Path
import numpy as np
from mfnn import Problem, train
from mfnn.storage import write_dataset
rng = np.random.default_rng(0)
data = {{"law": "finite", "x": rng.random((100, {FEATURES})), "y": rng.random(100)}}
problem = Problem.model_validate({{**{SINE1D}, "name": "images", "data": data}})
runs = train(problem, int(sys.argv[2]), [0], {TIMES}, ["c^2"], log=True)
write_dataset(runs, Path(sys.argv[1]))
"""


WAIT = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_megabytes(job: str, *arguments: object) -> float:
    """The largest resident set a job ever had, in MB, measured by a parent that waits for no other child."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", job, str(Path(folder) / "runs.nc"), *map(str, arguments)]
        parent = [sys.executable, "-c", WAIT, *command]
        peak = float(subprocess.run(parent, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout)
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6  # bytes there, kilobytes elsewhere


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the CSV file")
    output = parser.parse_args().output
    fused, blocked = peak_megabytes(FUSED), peak_megabytes(BLOCKED, BLOCKED_WIDTH)
    parameters = BLOCKED_WIDTH * (FEATURES + 1) * 8 / 1e6
    besides = blocked - peak_megabytes(BLOCKED, SMALL_WIDTH)  # without the interpreter, the data and the compiler
    common = {"benchmark": "training_memory"}
    rows = [
        {**common, "N": FUSED_WIDTH, "d": 1, "replicas": REPLICAS, "peak_megabytes": fused},
        {**common, "N": BLOCKED_WIDTH, "d": FEATURES, "replicas": 1, "peak_megabytes": blocked}
        | {"over_parameters": besides / parameters},
    ]
    write_table(pd.DataFrame(rows), output)


if __name__ == "__main__":
    main()
