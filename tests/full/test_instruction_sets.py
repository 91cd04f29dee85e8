"""Across instruction sets: training and the limit with AVX2 alone against what this machine has, to a stated tolerance.

The switches are the libraries' own: numba's for the kernels, OpenBLAS' for matrix products, NumPy's for its loops.
"""

import os
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
# Rounding errors of 1e-16 a step, some 2000 steps, and the flow's own stretching over [0, T]; relative to the largest
# value of each quantity. In single precision the unit is 6e-8.
TOLERANCE, SINGLE = 1e-12, 1e-5
AVX2 = {
    "NUMBA_CPU_NAME": "haswell",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
}
COMPUTE = """
import sys, warnings
import numpy as np
warnings.simplefilter("ignore")  # features that this NumPy cannot switch off
from mfnn import Problem, Protocol, solve_limit, train
uniform = lambda low, high: {"law": "uniform", "low": low, "high": high}
rng = np.random.default_rng(3)
laws = {
    "finite": {"law": "finite", "x": [[-1.0], [0.5], [1.5]], "y": [0.8, -0.6, 0.9]},
    "wide": {"law": "finite", "x": rng.uniform(0, 1, (50, 40)), "y": rng.normal(size=(50, 2))},
}
def problem(name):
    own = {"name": name, "activation": "tanh", "learning_rate": 2.0, "horizon": 2.0, "data": laws[name]}
    return Problem.model_validate({**own, "initial": {"c": uniform(-0.5, 1.5), "w": uniform(-2, 2)}})
found = {}
for name, observables in {"finite": ["c^2", "w0^2", "g(0.5)"], "wide": ["c0^2", "w3^2", "c1*w0"]}.items():
    for precision in ("double", "single")[: 1 + (name == "wide")]:
        protocol = Protocol(precision=precision)
        runs = train(problem(name), 1000, range(2), [0.0, 1.0, 2.0], observables, 2, 0, protocol=protocol)
        found |= {f"{name}_{precision}_{key}": runs[key].values for key in [*observables, "theta"]}
limit = solve_limit(problem("finite"), times=[0.0, 1.0, 2.0], tolerance=1e-9)
found |= {f"limit_double_{key}": limit.mean(key) for key in ("c^2", "w0^2", "c*w0")}
np.savez(sys.argv[1], **found)
"""


def computed(folder: Path, name: str, switches: dict[str, str]) -> dict[str, np.ndarray]:
    command = [sys.executable, "-W", "ignore", "-c", COMPUTE, folder / f"{name}.npz"]
    plain = {key: value for key, value in os.environ.items() if key not in AVX2}
    subprocess.run(command, env={**plain, **switches}, check=True, timeout=600)
    with np.load(folder / f"{name}.npz") as file:
        return dict(file)


@pytest.mark.full
@pytest.mark.skipif(not llvm.get_host_cpu_features().get("avx512f"), reason="this machine has no AVX-512")
def test_avx2_and_avx512_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own, again, avx2 = (computed(tmp_path, name, s) for name, s in {"own": {}, "again": {}, "avx2": AVX2}.items())
    differences = {key: np.abs(avx2[key] - own[key]).max() / np.abs(own[key]).max() for key in own}
    worst = {kind: max(v for k, v in differences.items() if kind in k) for kind in ("double", "single", "limit")}
    with capsys.disabled():
        print("\nAVX2 against AVX-512, largest relative difference:", {k: f"{v:.1e}" for k, v in worst.items()})
    assert all(np.array_equal(own[key], again[key]) for key in own)
    assert any(differences.values()), "the switches had no effect"
    for key, difference in differences.items():
        assert difference < (SINGLE if "single" in key else TOLERANCE), key


@pytest.mark.full
def test_elementary_functions_are_as_accurate_with_avx2_alone() -> None:
    """Their tests against 60-digit arithmetic, and those of the limit's sums, in a process that has no AVX-512."""
    tests = [ROOT / "tests/numerics/test_elementary.py", ROOT / "tests/limit/test_sums.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, tests)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **AVX2}, capture_output=True, encoding="utf-8", check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_users_own_processor_is_obeyed() -> None:
    code = "import mfnn.numerics.elementary, numba; print(numba.config.CPU_NAME, numba.config.CPU_FEATURES)"
    environment = {**os.environ, "NUMBA_CPU_NAME": "haswell"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.split() == ["haswell", "None"]
