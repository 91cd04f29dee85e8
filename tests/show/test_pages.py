"""Tables as pages of the report."""

import pandas as pd

from mfnn.show.pages import abridged, page


def test_what_does_not_hold_comes_first():
    verdicts = pd.DataFrame(
        {
            "scenario": "sine1d",
            "statement": ["one", "two", "three"],
            "value": [-0.5, 1.0, 2.0],
            "low": [-0.6, 1.0, 1.0],
            "high": [-0.4, 1.0, 3.0],
            "rule": "= 1",
            "verdict": ["holds", "inconclusive", "violated"],
        }
    )
    brief = abridged(verdicts)
    assert brief["verdict"].tolist() == ["violated", "inconclusive", "holds"]
    assert brief["value"].tolist() == ["2 [1, 3]", "1", "-0.5 [-0.6, -0.4]"]
    assert "<td>three</td>" in page(brief, "verdicts")
    assert "&lt;b&gt;" in page(pd.DataFrame({"a": ["<b>"]}), "escaped")
