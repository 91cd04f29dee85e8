from pathlib import Path

from mfnn.pipeline import coverage, power, scrambles
from mfnn.pipeline.command import Seed, command
from mfnn.storage import write_text


@command
def main(
    *,
    repetitions: int,
    runs: int,
    solves: int,
    claims: Path,
    scenario: str,
    root_seed: Seed,
    output: Path,
    page: Path,
) -> None:
    """Measure how often all intervals cover, and what the verdicts catch, on data of which the truth is known.

    :param repetitions: data sets for each estimator, size and law
    :param runs: synthetic runs for each way of being wrong
    :param solves: replicated limits of each problem with a known answer
    :param claims: the folder of claims, a file a study
    :param scenario: whose claims are judged on synthetic runs
    :param output: the folder of both tables, TeX and CSV
    :param page: the documentation's page, Markdown
    """
    covered = coverage.coverage(coverage.cases(), repetitions, root_seed)
    caught = power.power(claims, scenario, runs, root_seed)
    replicated = scrambles.coverage(scrambles.problems(), solves, root_seed)
    for name, table in (("coverage", coverage.table(covered)), ("power", power.table(caught))):
        table.write(output / f"{name}.tex", output / f"{name}.csv")
    write_text(coverage.page(covered, caught) + scrambles.page(replicated), page)
