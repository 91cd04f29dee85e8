"""Whatever stands for an observable: it means what it says, or is refused in one line."""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mfnn.errors import MfnnError
from mfnn.learning.observables import parse
from mfnn.learning.problem import Problem

fuzzed = settings.get_profile("fuzzed")
Tried, OneLine = Counter[str], Callable[[Exception], None]

PROBLEM = Problem.model_validate(
    {
        **{"name": "p", "activation": "tanh", "learning_rate": 1.0, "horizon": 1.0},
        "data": {"law": "finite", "x": [[1.0, 0.5]], "y": [0.5]},
        "initial": {"c": {"law": "uniform", "low": 0, "high": 1}, "w": {"law": "uniform", "low": 0, "high": 1}},
    }
)
THETA = np.array([[0.7, -1.3], [0.2, 0.9], [-1.1, 0.4]])
ROW = {"c": 0, "w0": 1, "w1": 2}


@st.composite
def a_factor(draw: st.DrawFn) -> tuple[str, np.ndarray]:
    name = draw(st.sampled_from(sorted(ROW)))
    value = THETA[ROW[name]]
    match draw(st.sampled_from(["plain", "power", "cos", "sin", "tanh"])):
        case "plain":
            return name, value
        case "power":
            power = draw(st.integers(1, 99))
            return f"{name}^{power}", value**power
        case function:
            return f"{function}({name})", getattr(np, function)(value)


@fuzzed
@given(st.lists(a_factor(), min_size=1, max_size=5), st.sampled_from(["*", " * ", "* "]))
def test_products_mean_what_they_say(tried: Tried, factors: list[tuple[str, np.ndarray]], times: str) -> None:
    tried["products"] += 1
    value = parse(times.join(name for name, _ in factors), PROBLEM)(THETA)
    np.testing.assert_allclose(value, np.prod([factor for _, factor in factors], axis=0), rtol=1e-12)


@fuzzed
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_outputs_mean_what_they_say(tried: Tried, a: float, b: float) -> None:
    tried["outputs"] += 1
    expected = THETA[0] * np.tanh(a * THETA[1] + b * THETA[2])
    np.testing.assert_allclose(parse(f"g({a!r}, {b!r})", PROBLEM)(THETA), expected, rtol=1e-9, atol=1e-9)


@fuzzed
@given(st.text(alphabet="cwgsintaho0123456789^*(),.+-e_ \n１²", max_size=14) | st.text(max_size=10))
@example("c^1２")
@example("g(1_0, 1)")
@example("g(1 2, 3)")
@example("c o s(c)")
@example("c^1 2")
@example("c*" * 5000)
@example("g(" + "1" * 5000)
@example("__import__('os').system('id')")
def test_anything_else_is_refused(tried: Tried, one_line: OneLine, name: str) -> None:
    tried["names"] += 1
    try:
        observable = parse(name, PROBLEM)
    except MfnnError as refusal:
        return one_line(refusal)
    assert name.isascii()
    assert not set(name) - set("cwgsintaho0123456789^*(),.+-eE \n\t\r\x0b\x0c\x1c\x1d\x1e\x1f")
    assert observable(THETA).shape == (2,)


@pytest.mark.parametrize(
    "name", ["c^1２", "g(1_0, 1)", "g(1 2, 3)", "c^1 2", "c o s(c)", "g(1e400, 0)", "w２", "c^0"]
)
def test_what_only_looks_like_an_observable_is_refused(name: str) -> None:
    with pytest.raises(MfnnError):
        parse(name, PROBLEM)
