import xarray as xr

from mfnn.learning.scenario import unpack
from mfnn.limit.fluctuations import fluctuations
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import AnyNumber, Data, Observables, Output, Times, Tolerance, command
from mfnn.storage import read_dataset, write_dataset
from mfnn.studies.chaos.coupling import coupling_constants


@command
def main(
    *,
    data: Data,
    times: Times,
    observables: Observables,
    tolerance: Tolerance,
    coupling_nodes: AnyNumber[int],
    output: Output,
) -> None:
    """Predict the fluctuations of a scenario: covariances between observables and times, the coupling's constants.

    :param coupling_nodes: a coordinate of the start
    """
    limit = solve_limit(unpack(read_dataset(data)), times, tolerance, observables)
    predicted = fluctuations(limit, observables, times)
    names = ("initial", "sgd", "covariance", "pair_covariance", "error")
    record = xr.Dataset({name: getattr(predicted, name) for name in names})
    if coupling_nodes:
        coupling = coupling_constants(limit, times, coupling_nodes)
        record = record.assign(coupling=coupling["constant"], coupling_error=coupling["error"])
    write_dataset(record, output)
