from pathlib import Path

from mfnn.pipeline.command import Asked, Output, Summaries, command
from mfnn.pipeline.sections import read_shown
from mfnn.storage import write_text
from mfnn.verdicts.numbers import merge, render, typeset, used_keys


@command
def main(*, summaries: Summaries, sources: list[Path], asked: Asked, output: Output) -> None:
    r"""Define every number that the paper's sources ask for with \result{key}, out of the summaries of the results.

    :param sources: the paper's TeX files
    """
    used = used_keys({str(path): text for path, text in read_shown(sources, asked).items()})
    write_text(render(typeset(merge(summaries)), used), output)
