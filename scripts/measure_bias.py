from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_table, write_json, write_table
from mfnn.studies.bias.rest import of_cases
from mfnn.verdicts.ensembles import by_case


@command
def main(*, cells: Table, table: Table, summary: Summary) -> None:
    """Fit what is left of the means of finite networks, and hold it against the bias predicted for them."""
    found, numbers = of_cases(by_case(read_table(cells)))
    write_table(found, table)
    write_json(numbers, summary)
