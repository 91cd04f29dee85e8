from pathlib import Path

import yaml

from mfnn.pipeline.command import Finished, Output, Results, command
from mfnn.pipeline.costs import plan_of, typical
from mfnn.storage import write_text

HEAD = (
    "# Seconds and megabytes of a job, c_0 + sum c_a z_a with the work z_a of mfnn.pipeline.work, by rule and part.\n"
)


@command
def main(*, finished: Finished, results: Results, output: Output) -> None:
    """Record what jobs typically cost, from the benchmarks of a finished run; a command for people, not a rule."""
    table = typical(plan_of(finished, Path("config/scenarios")), results)
    lines = (yaml.safe_dump({rule: parts}, default_flow_style=None, width=1000) for rule, parts in table.items())
    write_text(HEAD + "".join(lines), output)
