from pathlib import Path

from mfnn.pipeline.command import Output, Results, command
from mfnn.pipeline.costs import plan_of, typical
from mfnn.storage import write_text

HEAD = "# Seconds of a job, c_0 + sum c_a z_a with the work z_a of mfnn.pipeline.work, by rule and part.\n"


@command
def main(*, finished: Path, results: Results, output: Output) -> None:
    """Record what jobs typically cost, from the benchmarks of a finished run; a command for people, not a rule.

    :param finished: the configuration of the finished run
    """
    table = typical(plan_of(finished, Path("config/scenarios")), results)
    lines = [
        f"{rule}:\n" + "".join(f'  "{part}": {costs}\n' for part, costs in parts.items())
        for rule, parts in table.items()
    ]
    write_text(HEAD + "".join(lines), output)
