import xarray as xr

from mfnn.learning.scenario import unpack
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.largest_error import largest_error
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import AnyNumber, Data, Observables, Output, Times, Tolerance, command
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.chaos.coupling import coupling_constants


@command
def main(
    *,
    data: Data,
    times: Times,
    grid: Times,
    largest: AnyNumber[str],
    observables: Observables,
    tolerance: Tolerance,
    coupling_nodes: AnyNumber[int],
    output: Output,
) -> None:
    """Predict the fluctuations of a scenario: covariances between observables and times, the coupling's constants.

    And the mean square of the largest error on the whole grid of times.

    :param grid: all times at which networks are observed
    :param largest: observables whose largest error is predicted
    :param coupling_nodes: a coordinate of the start
    """
    limit = solve_limit(unpack(read_dataset(data)), grid, tolerance, observables)
    predicted = fluctuations(limit, observables, times)
    names = ("initial", "sgd", "covariance", "pair_covariance", "error")
    record = xr.Dataset({name: getattr(predicted, name) for name in names})
    if largest:
        paths = largest_error(limit, largest)
        record = record.assign(largest=paths.mean_square, largest_error=paths.error)
    if coupling_nodes:
        coupling = coupling_constants(limit, times, coupling_nodes)
        record = record.assign(coupling=coupling["constant"], coupling_error=coupling["error"])
    write_dataset(record, output)
