from pathlib import Path

from mfnn.pipeline.command import Finished, Results, Table, command
from mfnn.pipeline.costs import plan_of
from mfnn.storage import write_table
from mfnn.verdicts.claims import read_claims
from mfnn.verdicts.numbers import merge
from mfnn.verdicts.power import power, shown


@command
def main(*, finished: Finished, results: Results, claims: Path, output: Table) -> None:
    """Say how many times the replicas of a finished run each claim needs; a command for people, not a rule.

    :param claims: the folder of claims
    """
    plan = plan_of(finished, Path("config/scenarios"))
    table = power(read_claims(claims, plan.claimed), merge(sorted((results / "summary").glob("*.json"))))
    write_table(table, output)
    print(shown(table))
