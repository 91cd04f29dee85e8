"""Tables as pages of the report, in the browser's own type: what the paper typesets, without TeX."""

from __future__ import annotations

import pandas as pd

_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 1em; color: #222 }
table { border-collapse: collapse }
th, td { padding: .2em .8em .2em 0; text-align: left; vertical-align: top; border-bottom: 1px solid #ddd }
th { position: sticky; top: 0; background: white; border-bottom: 1px solid #222 }
"""


def page(table: pd.DataFrame, title: str) -> str:
    """A table as one HTML page that needs no other file; numbers to four digits."""
    body = table.to_html(index=False, border=0, na_rep="", float_format=lambda value: f"{value:.4g}")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def abridged(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Verdict, scenario, claim, value with its interval, and rule; those that do not hold come first."""
    order = verdicts["verdict"].map({"violated": 0, "inconclusive": 1, "holds": 2})
    rows = verdicts.assign(order=order).sort_values("order", kind="stable").to_dict("records")
    return pd.DataFrame(
        {
            "verdict": row["verdict"],
            "scenario": row["scenario"],
            "claim": row["statement"],
            "value": _with_interval(row["value"], row["low"], row["high"]),
            "rule": row["rule"],
        }
        for row in rows
    )


def _with_interval(value: float, low: float, high: float) -> str:
    return f"{value:.3g}" if low == high else f"{value:.3g} [{low:.3g}, {high:.3g}]"
