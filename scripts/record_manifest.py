import json

from mfnn.pipeline.command import Output, Results, command
from mfnn.pipeline.manifest import manifest
from mfnn.storage import write_text


@command
def main(*, results: Results, output: Output) -> None:
    """Record what a finished run found, to be committed: digests, numbers and verdicts."""
    write_text(json.dumps(manifest(results), indent=1, sort_keys=True) + "\n", output)
