from pathlib import Path

from mfnn.pipeline.command import Finished, Results, command
from mfnn.pipeline.costs import plan_of, predict, shown, state_gb


@command
def main(*, finished: Finished, results: Results, wanted: Path) -> None:
    """Predict what a run would cost from the benchmarks of a finished one; a command for people, not a rule.

    :param wanted: the configuration of the run to come
    """
    done, to_come = (plan_of(path, Path("config/scenarios")) for path in (finished, wanted))
    print(shown(predict(done, results, to_come)))
    print(f"saved states: at most {2 * state_gb(to_come):.2f} GB a training job at a time, nothing once it is done")
