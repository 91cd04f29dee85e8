from mfnn.particles.collect import by_width
from mfnn.pipeline.command import Limit, Particles, Predicted, Scenario, Summary, Table, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.chaos import groups
from mfnn.verdicts.groups import products_table


@command
def main(
    *,
    scenario: Scenario,
    limit: Limit,
    predicted: Predicted,
    particles: Particles,
    observable: str,
    rates_from: int,
    judged_from: int,
    products: Table,
    sizes: Table,
    summary: Summary,
) -> None:
    """Hold products over groups of neurons, and means over groups that grow with the width, against their prediction.

    :param observable: f, whose products over groups are measured
    :param rates_from: the least width of the order of four neurons
    :param judged_from: the least width held against the limit
    """
    solved, constants = read_dataset(limit), read_dataset(predicted)
    variance, pair = groups.constants_at_end(constants, observable)
    sums = groups.sums_at_end(by_width(particles), solved, constants, observable)
    by_product, by_size = products_table(sums, variance, pair), groups.sizes_table(sums, variance, pair)
    write_table(by_product, products)
    write_table(by_size, sizes)
    write_json(groups.summary(scenario, by_product, by_size, pair, rates_from, judged_from), summary)
