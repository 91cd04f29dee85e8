from mfnn.pipeline.command import Summary, Table, command
from mfnn.storage import read_table, write_json, write_table
from mfnn.studies.sparsity.cost import numbers
from mfnn.studies.sparsity.cost import table as of_cases
from mfnn.verdicts.ensembles import by_case


@command
def main(*, inputs: list[int], from_width: int, cells: Table, table: Table, summary: Summary) -> None:
    """Compare the constants of networks whose neurons see some of the inputs.

    :param inputs: how many a neuron sees, one a case
    :param from_width: the width from which the cells are judged
    """
    tables = by_case(read_table(cells))
    found = of_cases(dict(zip(tables, inputs, strict=True)), tables, from_width)
    write_table(found, table)
    write_json(numbers(found), summary)
