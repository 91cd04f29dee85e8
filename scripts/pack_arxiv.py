"""Pack the paper's staged sources for arXiv: .tex, .bbl and figures, which pdflatex alone builds."""

import argparse
import gzip
import io
import tarfile
from pathlib import Path

from mfnn.pipeline.command import run
from mfnn.storage import replacing

PACKED = {".tex", ".bbl", ".pdf"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build-folder", required=True, type=Path, help="where the paper was built")
    parser.add_argument("--epoch", required=True, type=int, help="the date of all files in seconds since 1970")
    parser.add_argument("--output", required=True, type=Path, help="a .tar.gz")
    args = parser.parse_args()
    files = sorted(path for path in args.build_folder.rglob("*") if path.suffix in PACKED)
    files.remove(args.build_folder / "main.pdf")
    with (
        replacing(args.output) as temporary,
        temporary.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=args.epoch) as packed,
        tarfile.open(None, "w", packed) as archive,
    ):
        for path in files:
            entry = tarfile.TarInfo(path.relative_to(args.build_folder).as_posix())
            entry.size, entry.mtime = path.stat().st_size, args.epoch
            archive.addfile(entry, io.BytesIO(path.read_bytes()))


if __name__ == "__main__":
    run(main)
