"""The paper's sources as a run shows them: what it does not ask for is blanked, so that nothing stands empty.

In TeX a line `% only TOKEN ...` opens a part and `% end` closes it; parts nest. A part is shown where the run asks for
all its tokens: `convergence`, a study; `constants/teacher2d`, a study on a scenario; `chaos.groups`, a part of a study
that a run may leave out; `scenarios/mnist`, a scenario that the run uses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from mfnn.errors import MfnnError, reason
from mfnn.storage import UnreadableError

BLANK = "%"  # in TeX no blank line, which would end a paragraph
_INPUT = re.compile(r"\\input\{([^}]+)\}")
_GUARD = re.compile(r"\s*%\s*(only|end)\b(.*)")


class PaperError(MfnnError):
    """A source of the paper whose guards do not pair."""


def shown(text: str, asked: Collection[str]) -> str:
    """The source with every line of a part that is not asked for made a comment, so that line numbers stay.

    Raises `PaperError` naming the line of a guard that names no token, is never closed, or closes nothing.
    """
    lines: list[str] = []
    opened: list[tuple[int, bool]] = []  # of each part around a line, where it begins and whether it is asked for
    for number, line in enumerate(text.split("\n"), 1):
        guard = _GUARD.fullmatch(line)
        word, tokens = (guard[1], guard[2].split()) if guard else ("", [])
        if word == "only":
            if not tokens:
                raise PaperError(f"line {number}: `% only` names neither study nor scenario")
            opened.append((number, set(tokens) <= set(asked)))
        lines.append(line if all(wanted for _, wanted in opened) else BLANK)
        if word == "end":
            if tokens or not opened:
                raise PaperError(f"line {number}: `% end` {'stands alone' if tokens else 'closes nothing'}")
            opened.pop()
    if opened:
        raise PaperError(f"line {opened[-1][0]}: `% only` is not closed by `% end`")
    return "\n".join(lines)


def read_shown(paths: Iterable[Path], asked: Collection[str]) -> dict[Path, str]:
    r"""The sources as `shown`, without those whose every `\input` is blanked.

    Raises `PaperError` naming file and line, and `UnreadableError` naming a file that cannot be read.
    """
    texts, left_out = {}, set[str]()
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
            texts[path] = shown(text, asked)
        except PaperError as error:
            raise PaperError(f"{path}, {error}") from None
        except (OSError, ValueError) as error:
            raise UnreadableError(f"{path}: not readable ({reason(error)})") from None
        left_out |= set(_INPUT.findall(text)) - set(_INPUT.findall(texts[path]))
    return {
        path: text for path, text in texts.items() if not path.with_suffix("").as_posix().endswith(tuple(left_out))
    }
