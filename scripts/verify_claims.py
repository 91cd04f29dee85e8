from pathlib import Path

from mfnn.pipeline.command import Summaries, Summary, Table, command
from mfnn.storage import write_json, write_table, write_text
from mfnn.verdicts import claims as claimed
from mfnn.verdicts.families import asked_of
from mfnn.verdicts.numbers import merge


@command
def main(*, claims: Path, asked: str, summaries: Summaries, verdicts: Table, screen: Path, summary: Summary) -> None:
    """Give every claim its verdict and say in the terminal how they came out.

    :param claims: the folder of claims, a file a study
    :param asked: what the run asks of each study, JSON
    :param screen: the verdicts as text
    """
    judged = claimed.judge(claimed.read_claims(claims, asked_of(asked)), merge(summaries))
    write_table(judged, verdicts)
    write_text(claimed.screen(judged), screen)
    write_json(claimed.counts(judged), summary)
