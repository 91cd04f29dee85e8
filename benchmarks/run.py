"""Every benchmark, each in a process of its own; then the tables, and whether each target is reached.

All run on one core but for the benchmark of threads. A ratio is the peer's processor time (there, wall time) over ours
for the same work, the median over interleaved rounds, with the smallest and the largest round beside it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd

BENCHMARKS = [
    "training",
    "activations",
    "growth",
    "blocked_kernel",
    "threads",
    "training_memory",
    "limit_solver",
    "deep",
    "limit_sums",
]
ONE_CORE = {
    **dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "NPROC"), "1"
    ),
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}

# Every library's own switch; what a compiled file is made for follows NUMBA_CPU_NAME in peers/c_sgd.py.
AVX2 = {
    "NUMBA_CPU_NAME": "haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Haswell",
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "XLA_FLAGS": f"{ONE_CORE['XLA_FLAGS']} --xla_cpu_max_isa=AVX2",
}
INSTRUCTIONS = {"all": {}, "avx2": AVX2}


class Target(NamedTuple):
    """What the rows of one benchmark must reach in one column, all of them."""

    claim: str
    benchmark: str
    rows: str  # a pandas query
    column: str
    at_least: float | None = None
    at_most: float | None = None


TRAINING, ACTIVATIONS, GROWTH, BLOCKED, THREADS, MEMORY, LIMIT, DEEP, SUMS = BENCHMARKS
MATVEC = "peer == 'numpy matvec'"
SHARED = "activation in ['sigmoid', 'erf', 'sin', 'gaussian']"
TARGETS = [
    Target(
        "numpy.tanh / step, d = 1, N ≥ 10^3", TRAINING, "peer == 'numpy.tanh' and d == 1 and N >= 1000", "ratio", 1.25
    ),
    Target("jax / step, d = 1, N ≥ 10^2", TRAINING, "peer == 'jax' and d == 1", "ratio", 2),
    Target("torch / step, d = 1, N ≥ 10^2", TRAINING, "peer == 'torch' and d == 1", "ratio", 8),
    Target("C / step, every shape", TRAINING, "peer == 'C'", "ratio", 1),
    Target(
        "arithmetic bound / step, d = 1, N ≥ 10^3",
        TRAINING,
        "peer == 'arithmetic bound' and d == 1 and N >= 1000",
        "ratio",
        0.5,
    ),
    Target("sigmoid, erf, sin, gaussian / tanh", ACTIVATIONS, SHARED, "ratio", at_most=1.5),
    Target("exponents of N and K: largest", GROWTH, "variable != 'd'", "exponent", at_most=1.1),
    Target("numpy / blocked step, d = 784", BLOCKED, MATVEC, "ratio", 10),
    Target("  parameters against numpy's", BLOCKED, MATVEC, "difference", at_most=1e-12),
    Target("dgemm / blocked step, d = 784", BLOCKED, "peer == 'dgemm'", "ratio", 0.6),
    Target("one thread / two, N ≥ 10^5 or d = 784", THREADS, "peer == '1 threads'", "ratio", 1.5),
    Target("training job at N = 10^5, d = 1: peak MB", MEMORY, "N == 100000", "peak_megabytes", at_most=500),
    Target("  d = 785: peak besides the rest / parameters", MEMORY, "d == 785", "over_parameters", at_most=1.5),
    Target("jax / step, two hidden layers, N = 2000", DEEP, "peer == 'jax' and N == 2000", "ratio", 3),
    Target("torch / step, two hidden layers, N = 2000", DEEP, "peer == 'torch' and N == 2000", "ratio", 3),
    Target(
        "memory bound / step, two hidden layers, N = 2000",
        DEEP,
        "peer == 'memory bound' and N == 2000",
        "ratio",
        1 / 1.3,
    ),
    Target("numpy / velocity of the limit, every shape", SUMS, "peer == 'numpy'", "ratio", 1),
    Target("limit of sine1d to 1e-9: seconds", LIMIT, "tolerance == 1e-9", "seconds", at_most=1),
    Target("  error against the ten known digits", LIMIT, "tolerance == 1e-9", "error", at_most=1e-9),
]


def verdict(target: Target, results: dict[str, pd.DataFrame]) -> str:
    """One line: the claim, the worst row's value, the bound, and whether it is kept."""
    values = results[target.benchmark].query(target.rows)[target.column]
    if values.empty:
        return f"{target.claim:44}{'not measured here':>21}"
    if target.at_least is not None:
        worst, bound = values.min(), f"≥ {target.at_least:g}"
        reached = worst >= target.at_least
    else:
        worst, bound = values.max(), f"≤ {target.at_most:g}"
        reached = worst <= target.at_most
    return f"{target.claim:44}{worst:10.3g}   {bound:8}{'reached' if reached else 'missed'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks"), help="the folder of the CSV files")
    parser.add_argument(
        "--instructions", choices=INSTRUCTIONS, default="all", help="of the processor's, those to use"
    )
    given = parser.parse_args()
    folder = given.output if given.instructions == "all" else given.output / given.instructions
    folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for name in BENCHMARKS:
        script, table = Path(__file__).with_name(f"{name}.py"), folder / f"{name}.csv"
        cores = {"NUMBA_NUM_THREADS": "2"} if name == THREADS else {}
        environment = {**os.environ, **ONE_CORE, **INSTRUCTIONS[given.instructions], **cores}
        subprocess.run([sys.executable, script, "--output", table], env=environment, check=True)
        results[name] = pd.read_csv(table)
    subprocess.run([sys.executable, Path(__file__).with_name("kernel_table.py"), folder], check=True)
    for table in results.values():
        print("\n" + table.to_string(index=False, na_rep="", float_format="{:.4g}".format))
    print("\nTarget, and the worst of its rows")
    for target in TARGETS:
        print(verdict(target, results))


if __name__ == "__main__":
    main()
