"""Numbers for the paper: how they look, and the one line that a wrong one gets."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mfnn.verdicts.numbers import NumbersError, Result, merge, parts, render, typeset, used_keys

ROOT = Path(__file__).parents[2]
finite = st.floats(-1e12, 1e12, allow_nan=False)


def bare(tex: str) -> str:
    return re.sub(r"^\\ensuremath\{(.*)\}$", r"\1", tex)


def shown(entry: Any, suffix: str = "") -> str:
    return bare(typeset({"k": entry})[f"k{suffix}"])


def number(text: str) -> float:
    """What a shown number says."""
    mantissa, _, exponent = text.replace(r"\,", "").partition(r"\times10^{")
    return float(f"{mantissa}e{exponent.removesuffix('}') or 0}")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (-0.50123, "-0.501"),
        (2.3456e-9, r"2.35\times10^{-9}"),
        (0.00099996, r"1.00\times10^{-3}"),
        (9.996, "10.0"),
        (0.0, "0"),
        (-1e-30, r"-1.00\times10^{-30}"),
        (123456.7, r"123\,457"),
        (2.5e7, r"2.50\times10^{7}"),
        (5, "5"),
        (1000, "1000"),
        (100_000, r"100\,000"),
        (-12_345_678, r"-12\,345\,678"),
        (1_234_567_890_123, r"1.23\times10^{12}"),
        ({"value": 0.123456, "digits": 2}, "0.12"),
        ({"value": 0.5, "error": 0.0123}, "0.500"),
        ({"value": 0.5, "error": 0.0123, "digits": 1}, "0.5"),
        ({"value": 1.2109630844, "error": 2e-12}, "1.210963084400"),
        ("24 x 48 nodes, 50% of c_0 x", r"24 \ensuremath{\times} 48 nodes, 50\% of c\_0 x"),
        ("~^\\{}", r"\textasciitilde{}\textasciicircum{}\textbackslash{}\{\}"),
    ],
)
def test_values(entry: Any, expected: str) -> None:
    assert shown(entry) == expected


@pytest.mark.parametrize(
    ("value", "low", "high", "expected", "interval"),
    [
        (-0.50123, -0.5132, -0.4893, "-0.501", r"[-0.513,\,-0.489]"),
        (-0.50123, -0.5024, -0.5, "-0.5012", r"[-0.5024,\,-0.5000]"),
        (-0.50123, -0.5082, -0.4943, "-0.501", r"[-0.508,\,-0.494]"),
        (1.4, -0.003, 2.8, "1.4", r"[0.0,\,2.8]"),
        (37.2, 12.1, 62.3, "37", r"[12,\,62]"),
        (12345.6, 12045.6, 12645.6, r"12\,346", r"[12\,046,\,12\,646]"),
        (2.3e-9, 1.1e-9, 3.5e-9, r"2.3\times10^{-9}", r"[1.1,\,3.5]\times10^{-9}"),
        (0.25, 0.25, 0.25, "0.250", r"[0.250,\,0.250]"),
        (0, 0, 0, "0", r"[0,\,0]"),
    ],
)
def test_intervals_share_the_decimals_of_their_value(
    value: float, low: float, high: float, expected: str, interval: str
) -> None:
    entry = {"value": value, "low": low, "high": high, "error": 0.00612, "digits": 3}
    assert shown(entry) == expected
    assert shown(entry, ".interval") == interval
    assert shown(entry, ".error") == "0.0061"


@given(finite)
def test_three_digits_are_right(value: float) -> None:
    (text,) = map(bare, parts(Result(value)).values())
    assert math.isclose(number(text), value, rel_tol=5.1e-3, abs_tol=0)


@given(finite, finite, finite)
def test_nothing_shown_with_an_interval_is_off_by_more_than_its_last_digit(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    text = parts(Result(value, low, high))
    ends, power = re.fullmatch(r"\[(.*)\]((?:\\times10\^\{.*\})?)", bare(text[".interval"])).groups()
    first, second = (number(end + power) for end in ends.split(r",\,"))
    tolerance = max(0.15 * (high - low) / 2, 5.1e-3 * max(abs(low), abs(high)) * (low == high), 1e-12)
    size = max(abs(low), abs(high))
    assert abs(first - low) <= tolerance + 1e-12 * size and abs(second - high) <= tolerance + 1e-12 * size
    assert abs(number(bare(text[""])) - value) <= tolerance + 1e-12 * size


@pytest.mark.parametrize(
    ("key", "entry", "complaint"),
    [
        ("k", math.nan, "finite"),
        ("k", None, "finite"),
        ("k", True, "finite"),
        ("k", {"value": 1.0, "low": math.inf, "high": math.inf}, "finite"),
        ("k", {"value": 1.0, "low": 2.0}, "low and high"),
        ("k", {"value": 1.0, "low": 2.0, "high": 1.0}, "low and high"),
        ("k", {"value": "text", "error": 1.0}, "text"),
        ("k", {"value": 1.0, "digits": 0}, "digits"),
        ("k", {"value": 1.0, "spread": 0.1}, "may have"),
        ("k", {}, "has a value"),
        ("k{}", 1.0, "letters"),
        ("k..l", 1.0, "letters"),
    ],
)
def test_bad_entries_name_their_file_and_key(tmp_path: Path, key: str, entry: Any, complaint: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps({key: entry}), encoding="utf-8")
    with pytest.raises(NumbersError) as refusal:
        merge([tmp_path / "a.json"])
    assert complaint in str(refusal.value) and "a.json" in str(refusal.value) and key in str(refusal.value)


def test_merging_keeps_entries_and_refuses_a_key_twice(tmp_path: Path) -> None:
    a, b, c = (tmp_path / f"{name}.json" for name in "abc")
    a.write_text('{"one": 1}', encoding="utf-8")
    b.write_text('{"two": {"value": 2.0, "error": 0.1}}', encoding="utf-8")
    c.write_text('{"one": 3}', encoding="utf-8")
    assert merge([a, b]) == {"one": 1, "two": {"value": 2.0, "error": 0.1}}
    with pytest.raises(NumbersError, match=r"c\.json: the key one is also in .*a\.json"):
        merge([a, b, c])


def test_a_key_that_reads_like_another_ones_part_is_refused() -> None:
    assert typeset({"s.limit.error": 1e-9})["s.limit.error"] == r"\ensuremath{1.00\times10^{-9}}"
    with pytest.raises(NumbersError, match="both a key and the error"):
        typeset({"s.limit": {"value": 1.0, "error": 0.1}, "s.limit.error": 1e-9})


def test_used_keys_are_found_outside_comments() -> None:
    text = "a \\result{x.y_z} \\result {n}\n% \\result{old}\n5\\% of \\result{m} % \\result{old}\n\\Def{\\result}[1]"
    assert used_keys({"a.tex": text, "b.tex": "\\result{m}\\result{o}"}) == dict.fromkeys(
        ["x.y_z", "n", "m"], "a.tex"
    ) | {"o": "b.tex"}


def test_definitions_are_sorted_and_only_those_used() -> None:
    tex = render(typeset({"b.c_2": 0.5, "a": "one", "unused": 1}), {"b.c_2": "x.tex", "a": "x.tex"})
    assert tex == "\\expandafter\\def\\csname result@a\\endcsname{one}\n" + (
        "\\expandafter\\def\\csname result@b.c_2\\endcsname{\\ensuremath{0.500}}\n"
    )


def test_an_unknown_key_is_one_line_with_its_file_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"chaos.slope": -0.5}', encoding="utf-8")
    (tmp_path / "a.tex").write_text("The slope is \\result{chaos.slop}.", encoding="utf-8")
    output = tmp_path / "numbers.tex"
    options = [
        "--summaries",
        tmp_path / "a.json",
        "--sources",
        tmp_path / "a.tex",
        "--asked",
        "chaos",
        "--output",
        output,
    ]
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "write_numbers.py", *options],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1 and not output.exists()
    assert done.stderr.count("\n") == 1
    assert all(word in done.stderr for word in ("a.tex", "chaos.slop}", "did you mean chaos.slope?"))
