"""`solve_limit`: the limit law μ̄_t of a problem with a certified error for every functional asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

from mfnn.errors import SpecError
from mfnn.learning.observables import parse_all
from mfnn.learning.problem import Problem
from mfnn.learning.protocol import THEOREM, Protocol
from mfnn.limit.deep import solve_deep
from mfnn.limit.diffusion import solve_diffusion
from mfnn.limit.effort import Effort
from mfnn.limit.lazy import solve_lazy
from mfnn.limit.limit import Limit
from mfnn.limit.transport import solve_transport


def solve_limit(
    problem: Problem,
    times: Sequence[float],
    tolerance: float = 1e-8,
    observables: Sequence[str] = (),
    method: str | None = None,
    protocol: Protocol = THEOREM,
    seconds: float | None = None,
    threads: int = 1,
) -> Limit:
    """Solve the limit equation on a time grid so that functionals are certified to `tolerance`.

    The solve is refined for second moments, products of c and w, cosines, the network's output at data nodes and
    `observables`. A tolerance is absolute for functionals of a size below ten; beyond, it counts in units of the power of
    ten of the functional's largest size, so that 1e-4 is four digits after the first. `method` is "product", product
    Gauss rules, or "sobol", scrambled Sobol' nodes, whose error is an estimate from replicates; by default the one that
    is foreseen to cost less. Two hidden layers have a limit of their own kind; with a `protocol` whose `output_exponent`
    is below 1 parameters stay and the output solves a linear equation.

    With `seconds`, of a limit carried by a flow, the best answer that they, or a Ctrl-C before, are foreseen to give: the
    `tolerance` of the limit then is the one it keeps, perhaps larger than the one asked for. A first level may take ten
    times as long; one that would take longer is refused while it runs. `threads` share out the solves that are compared,
    and change nothing else. The logger "mfnn.limit" tells how well each level is known and what the next takes.

    A σ outside C_b², as relu and linear are, is not within the theorem's hypotheses: the equation is solved, and the
    certificate holds for its solution; `Limit.departures` says what the theorem asks beyond. Raises `SpecError` for bad
    arguments, initial laws without all moments and a random common shift; `ToleranceError`, with what was reached or
    foreseen, when the tolerance is out of reach.
    """
    problem, protocol = Problem.model_validate(problem), Protocol.model_validate(protocol)
    grid = problem.time_grid(times)
    if not (isinstance(tolerance, Real) and 0 < tolerance < 1):
        raise SpecError("tolerance", tolerance, "a number between 0 and 1")
    exponents = protocol.output_exponent, protocol.between_exponent
    if protocol != Protocol(output_exponent=exponents[0], between_exponent=exponents[1]):
        raise SpecError("protocol", protocol, "the theorem's; batches, epochs and smaller steps have the same limit")
    if problem.hidden_layers == 2:
        if protocol.output_exponent != 1:
            raise SpecError("output_exponent", protocol.output_exponent, "1 with two hidden layers")
        return solve_deep(problem, grid, float(tolerance), observables, method, protocol.between_exponent == 2)
    if protocol.between_exponent != 2:
        raise SpecError("between_exponent", protocol.between_exponent, "2, or two hidden layers")
    functions, effort = parse_all(observables, problem), Effort(seconds, threads)
    carried = protocol.output_exponent == 1 and not problem.temperature
    if seconds is not None and not carried:
        raise SpecError("seconds", seconds, "None for a limit that no flow carries")
    if carried:
        return solve_transport(problem, grid, float(tolerance), functions, method, effort)
    if protocol.output_exponent < 1:
        return solve_lazy(problem, grid, float(tolerance), functions, method, protocol.output_exponent)
    return solve_diffusion(problem, grid, float(tolerance), functions, method)
