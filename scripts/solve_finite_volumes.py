from mfnn.learning.problem import Problem
from mfnn.learning.scenario import unpack
from mfnn.limit.solve import solve_limit
from mfnn.pipeline.command import Data, Json, Observables, Summary, Table, Times, Tolerance, command
from mfnn.storage import read_dataset, write_json, write_table
from mfnn.studies.finite_volumes.refinement import grid_study, grid_summary


@command
def main(
    *,
    data: Data,
    name: str,
    initial: Json,
    times: Times,
    observables: Observables,
    tolerance: Tolerance,
    cells: int,
    table: Table,
    summary: Summary,
) -> None:
    """Solve a limit equation by finite volumes on three grids and hold the result against characteristics.

    :param name: what the problem is called with its initial law
    :param initial: the initial law
    :param cells: a direction, on the coarsest of three grids
    """
    spec = unpack(read_dataset(data)).model_dump()
    problem = Problem.model_validate({**spec, "name": name, "initial": initial})
    study = grid_study(solve_limit(problem, times, tolerance, observables), observables, cells)
    write_table(study, table)
    write_json(grid_summary(problem.name, study), summary)
