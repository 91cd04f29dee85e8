import sys
from pathlib import Path

from mfnn.pipeline.command import Results, command
from mfnn.pipeline.manifest import compare, read_manifest, report, total


@command
def main(*, manifest: Path, results: Results) -> None:
    """Hold a finished run against the recorded one and say what differs and whether it matters.

    :param manifest: the recorded run, JSON
    """
    published = read_manifest(manifest)
    differences = compare(published, results)
    print(report(differences, total(published)), end="")
    sys.exit(any(difference.matters for difference in differences))
