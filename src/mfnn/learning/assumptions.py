"""What each function assumes of a problem, asked for in one place; docs/assumptions.md is the reader's table of it.

A formula used where its assumption fails gives a wrong number and no error: whoever has one asks `require` first.
"""

from __future__ import annotations

from collections.abc import Callable

from mfnn.errors import SpecError
from mfnn.learning.data import StudentNoise
from mfnn.learning.laws import Student
from mfnn.learning.problem import Problem

Check = Callable[[Problem, str], None]

INSTEAD = "training and the limit's means, outputs and flow hold without"


def _two_derivatives(problem: Problem, function: str) -> None:
    if problem.sigma.derivatives < 2:
        allowed = f"for {function}, which has σ'', a σ with two continuous derivatives; {INSTEAD}"
        raise SpecError("activation", problem.activation, allowed)


def _three_derivatives(problem: Problem, function: str) -> None:
    if problem.sigma.derivatives < 3:
        allowed = f"for {function}, which has σ''', a σ with three continuous derivatives; {INSTEAD}"
        raise SpecError("activation", problem.activation, allowed)


def _all_moments(problem: Problem, function: str) -> None:
    for law in problem.coordinate_laws:
        if isinstance(law, Student):
            allowed = "uniform or normal, which have Gauss rules and all moments; training needs neither"
            raise SpecError("initial.law", law.law, allowed)


def _independent_start(problem: Problem, function: str) -> None:
    if problem.initial.common_shift_std:
        shift = problem.initial.common_shift_std
        raise SpecError("initial.common_shift_std", shift, "0: with a common random shift the limit is random")


def _noise_variance(problem: Problem, function: str) -> None:
    _ = problem.data.noise_deviation


def _one_output(problem: Problem, function: str) -> None:
    if problem.outputs != 1:
        raise SpecError(
            "problem", problem.name, f"for {function} one output, as in the theorem, here {problem.outputs}"
        )


def _one_input(problem: Problem, function: str) -> None:
    if (problem.outputs, problem.dim) != (1, 1):
        raise SpecError("problem", problem.name, f"for {function} one input without intercept and one output")


def _no_noise(problem: Problem, function: str) -> None:
    if problem.temperature:
        raise SpecError("temperature", problem.temperature, f"0 for {function}, which has no formula with noise")


def _no_decay(problem: Problem, function: str) -> None:
    if problem.damping.any():
        raise SpecError("decay", problem.decay, f"0 for {function}, which has no formula with decay")


def _one_hidden_layer(problem: Problem, function: str) -> None:
    if problem.hidden_layers != 1:
        raise SpecError("hidden_layers", problem.hidden_layers, f"1 for {function}")


def _dense(problem: Problem, function: str) -> None:
    if problem.connectivity is not None:
        allowed = f"none for {function}, which has no formula for sparse networks"
        raise SpecError("connectivity", problem.connectivity, allowed)


def _noise_that_settles(problem: Problem, function: str) -> None:
    if not problem.temperature:
        raise SpecError("temperature", problem.temperature, f"above 0 for {function}")
    if not (problem.decay.c and problem.decay.w):
        raise SpecError("decay", problem.decay, f"above 0 for c and w: without it {function} does not exist")


def _bounded(problem: Problem, function: str) -> None:
    if not problem.sigma.bounded:
        raise SpecError("activation", problem.activation, f"for {function} a bounded σ")


_LIMIT = (_independent_start, _all_moments)
_THEOREM = (_no_noise, _no_decay, _dense, _one_hidden_layer)
NEEDS: dict[str, tuple[Check, ...]] = {
    "solve_limit": _LIMIT,
    "the limit with noise": (*_LIMIT, _one_input),
    "the stationary law": (_one_input, _noise_that_settles, _bounded),
    "random_batch_limit": _THEOREM,
    "a limit of two hidden layers": _LIMIT,
    "fluctuations of two hidden layers": (_two_derivatives, _noise_variance),
    "a limit with γ < 1": (*_LIMIT, *_THEOREM),
    "fluctuations with γ < 1": (_noise_variance,),
    "density": (_dense, _two_derivatives),
    "marginal_densities": (_one_input, _two_derivatives, _dense),
    "finite_volumes": (_one_input, *_LIMIT, _two_derivatives, _no_noise, _dense),
    "fluctuations": (_two_derivatives, _noise_variance),
    "finite_width": (_three_derivatives, _noise_variance, _no_noise, _dense),
    "largest_error": (_two_derivatives, _noise_variance, _no_noise, _dense),
    "coupling_constants": (_two_derivatives, _noise_variance, _no_noise, _dense),
    "predicted_sources": (_one_output, _two_derivatives, _noise_variance, _no_noise),
    "the terms of the proof": (_one_output, _noise_variance, *_THEOREM),
    "the constants of the proof": (_one_output, _two_derivatives, _noise_variance, *_THEOREM),
    "film": (_one_input, _two_derivatives, _no_noise, _dense),
}


def require(problem: Problem, function: str) -> None:
    """Raise `SpecError` with the reason, and what still holds, where a problem lacks what a function assumes."""
    for check in NEEDS[function]:
        check(problem, function)


def departures(problem: Problem) -> tuple[str, ...]:
    """The hypotheses of the law of large numbers that a problem does not meet, each in words; none for most.

    The theorem (Sirignano & Spiliopoulos, arXiv:1805.01053) asks for σ in C_b², one output, E|x|⁴ + E|y|⁴ < ∞, θ_0^i
    i.i.d. with E exp(q|c_0|) < ∞ and E|w_0|⁴ < ∞.
    """
    sigma, data = problem.sigma, problem.data
    c, w = problem.coordinate_laws[: problem.outputs], problem.coordinate_laws[problem.outputs :]
    found = {
        f"σ = {problem.activation} has {sigma.derivatives:g} continuous derivatives, not two": sigma.derivatives < 2,
        f"σ = {problem.activation} is not bounded with its derivatives": not sigma.bounded,
        f"{problem.outputs} outputs, not one": problem.outputs != 1,
        "neurons share a random shift, so they are not independent at the start": problem.initial.common_shift_std
        > 0,
        "labels have no fourth moment": data.noise_std > 0
        and isinstance(data.noise_law, StudentNoise)
        and data.noise_law.dof <= 4,
        "c_0 has no exponential moment": any(isinstance(law, Student) for law in c),
        "w_0 has no fourth moment": any(isinstance(law, Student) and law.dof <= 4 for law in w),
        "parameters decay": bool(problem.damping.any()),
        "steps are noisy": problem.temperature > 0,
        "neurons see some of the inputs": problem.connectivity is not None,
    }
    return tuple(words for words, departs in found.items() if departs)
