"""An initial value problem to its end, or a refusal: the last state of a solve that stopped early is no solution."""

from __future__ import annotations

from collections.abc import Callable

from scipy.integrate import solve_ivp

from mfnn.errors import ToleranceError
from mfnn.spec import Floats


def end_of(
    derivative: Callable[[float, Floats], Floats],
    start: float,
    end: float,
    state: Floats,
    rtol: float,
    atol: Floats | float,
) -> Floats:
    """The state at time `end` of the solution through `state` at time `start`, by DOP853; raises `ToleranceError`."""
    solved = solve_ivp(derivative, (start, end), state, method="DOP853", rtol=rtol, atol=atol)
    if not solved.success:
        raise ToleranceError(
            f"a relative tolerance of {rtol:.1e} is out of reach for the integrator, which stopped at "
            f"t = {solved.t[-1]:g}: {solved.message}"
        )
    return solved.y[:, -1]
