"""The paper's tables: observables and numbers in mathematics, one row a thing, nothing that TeX would trip over."""

import pytest

from mfnn.show import tables
from mfnn.show.names import formula, grouped


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("c^2", "c^{2}"),
        ("w0^2", "w_{0}^{2}"),
        ("c*w0", r"c\,w_{0}"),
        ("cos(w0)", r"\cos w_{0}"),
        ("c0*w784", r"c_{0}\,w_{784}"),
        ("tanh(c)*w0^12", r"\tanh(c)\,w_{0}^{12}"),
        ("g(0.5)", "g(0.5)"),
        ("g2(0.5, -0.5, 1)", "g_{2}(0.5,{-}0.5,1)"),
        ("risk", r"\mathrm{risk}"),
    ],
)
def test_observables_are_formulas(name, expected):
    assert formula(name) == expected


def test_thousands_are_set_apart_from_five_digits_up():
    assert [grouped(number) for number in (5, 3162, 10_000, 1_000_000)] == ["5", "3162", r"10\,000", r"1\,000\,000"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The largest error of c*w0 on [0, T] falls like N^(-1/2)",
            r"The largest error of $c\,w_{0}$ on $[0, T]$ falls like $N^{-1/2}$",
        ),
        ("g(0.5, -0.5, 1), faster than N^(-0.3)", "$g(0.5,{-}0.5,1)$, faster than $N^{-0.3}$"),
        ("W1 of the law of w0 at time T", "$W_{1}$ of the law of $w_{0}$ at time $T$"),
        ("The code costs < 5 % & is_certified", r"The code costs $<$ 5 \% \& is\_certified"),
        ("NTK, Temperature and tanh stay words", "NTK, Temperature and tanh stay words"),
    ],
)
def test_sentences_have_their_mathematics_typeset(text, expected):
    assert tables.prose(text) == expected
