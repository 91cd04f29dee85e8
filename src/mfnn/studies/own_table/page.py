"""One page that opens without a network: the answer first, then what it rests on."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from string import Template

import pandas as pd

from mfnn.studies.own_table.answer import Answer
from mfnn.studies.own_table.rows import Scale


def page(
    template: str,
    name: str,
    answer: Answer,
    scale: Scale,
    notes: Sequence[str],
    settings: Mapping[str, object],
    pictures: Mapping[str, bytes],
) -> str:
    """The template filled in; `settings` are what was assumed, `pictures` PNG by name."""
    embedded = {key: base64.b64encode(png).decode("ascii") for key, png in pictures.items()}
    return Template(template).substitute(
        name=html.escape(name),
        sentences="".join(f"<p>{html.escape(text)}</p>" for text in sentences(answer, scale)),
        notes="".join(f"<li>{html.escape(note)}</li>" for note in notes) or "<li>nothing was left out</li>",
        settings="".join(
            f"<tr><td>{html.escape(key)}</td><td>{html.escape(str(value))}</td></tr>"
            for key, value in settings.items()
        ),
        others="".join(
            f"<tr><td>{html.escape(key)}</td><td>{loss:.3f}</td></tr>" for key, loss in _compared(answer).items()
        ),
        rows=_table(answer.rows.head(10)),
        spread=_table(answer.spread),
        **embedded,
    )


def sentences(answer: Answer, scale: Scale) -> list[str]:
    """The answer in three sentences with numbers."""
    last, widest, target = answer.losses.iloc[-1], answer.spread.iloc[-1], scale.target
    whole = sum(answer.sources.values())
    start, samples = (answer.sources[name] / whole for name in ("start", "samples"))
    deviation = (whole / widest["width"]) ** 0.5 * float(scale.deviation[target])
    first = (
        f"An infinitely wide network leaves {last['held_out']:.1%} of the variance of {target} on held-out rows "
        f"({last['training']:.1%} on training rows)."
    )
    second = (
        f"Two trainings of a network with {widest['width']:.0f} neurons differ: on an average row each is off it by "
        f"{deviation:.3g}, one standard deviation in units of {target}; {start:.0%} of the variance is from where it "
        f"starts and {samples:.0%} from the order of its samples ({_start_share(answer.spread)} measured from the start)."
    )
    third = f"To be within {answer.error:.3g} of it on nine rows in ten, at 95 %, takes {answer.needed:,} neurons"
    if answer.checked:
        _, share, count = answer.checked
        third += f"; of networks of that width {share:.1%} were, of {count} outputs on all rows"
    return [first, second, third + "."]


def _start_share(spread: pd.DataFrame) -> str:
    """The start's share of the variance as measured at the largest width where it was, with its 95 % interval's ends."""
    row = spread.dropna(subset=["start"]).iloc[-1]
    return f"{row['start_low'] / row['variance']:.0%} to {row['start_high'] / row['variance']:.0%}"


def _compared(answer: Answer) -> dict[str, float]:
    return {"the limit, N = ∞": float(answer.losses["held_out"].iloc[-1]), **answer.others}


def _table(table: pd.DataFrame) -> str:
    return table.to_html(index=False, border=0, float_format=lambda value: f"{value:.4g}")
