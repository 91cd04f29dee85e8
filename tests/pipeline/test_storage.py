"""Files that cannot be read or written: a good one is never called damaged, and no number of the system reaches a user."""

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from mfnn.errors import reason, told
from mfnn.storage import (
    UnreadableError,
    UnwritableError,
    read_dataset,
    read_json,
    read_table,
    read_yaml,
    replacing,
    write_dataset,
    write_text,
)

READERS = {read_dataset: "a.nc", read_json: "a.json", read_table: "a.csv", read_yaml: "a.yaml"}
DATASET = xr.Dataset({"a": ("x", np.arange(5.0))})
READ = """
import sys
from pathlib import Path
from mfnn.storage import read_dataset
print(*read_dataset(Path(sys.argv[1])).a.values)
"""


@pytest.mark.parametrize("wanted", ["TRUE", "FALSE", "BEST_EFFORT"])
def test_a_file_that_cannot_be_locked_is_read(tmp_path: Path, wanted: str) -> None:
    """Held by another process, whatever the user told HDF5 of locks: reading a whole file needs none."""
    write_dataset(DATASET, tmp_path / "a.nc")
    with (tmp_path / "a.nc").open("rb+") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        command = [sys.executable, "-c", READ, tmp_path / "a.nc"]
        environment = {**os.environ, "HDF5_USE_FILE_LOCKING": wanted}
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "0.0 1.0 2.0 3.0 4.0\n"), done.stderr


@pytest.mark.parametrize(("read", "name"), READERS.items())
def test_what_is_not_there_is_one_line(tmp_path: Path, read, name: str) -> None:
    with pytest.raises(
        UnreadableError, match=rf"^.*/{name}: not .*\(No such file or directory; see whether"
    ) as refusal:
        read(tmp_path / name)
    assert "Errno" not in str(refusal.value)


@pytest.mark.parametrize(("read", "name"), READERS.items())
def test_what_may_not_be_read_is_not_called_damaged(tmp_path: Path, read, name: str, monkeypatch) -> None:
    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    (tmp_path / name).write_text("a", encoding="utf-8")
    monkeypatch.setattr(Path, "open", refused)
    monkeypatch.setattr("pandas.read_csv", refused)
    with pytest.raises(UnreadableError, match=rf"/{name}: .*\(Permission denied; allow it there"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("number", "advice"), [(errno.ENOSPC, "free some space"), (errno.EROFS, "take another folder"), (errno.EIO, "")]
)
def test_what_cannot_be_written_names_file_cause_and_remedy(tmp_path: Path, number: int, advice: str) -> None:
    with (
        pytest.raises(UnwritableError, match=r"/a\.txt: cannot be written \(") as refusal,
        replacing(tmp_path / "a.txt"),
    ):
        raise OSError(number, os.strerror(number), "somewhere")
    assert os.strerror(number) in str(refusal.value) and advice in str(refusal.value)
    assert "Errno" not in str(refusal.value)


def test_an_error_of_the_system_is_told_in_words() -> None:
    assert told(FileNotFoundError(errno.ENOENT, "No such file or directory", "a.csv")).startswith(
        "a.csv: No such file"
    )
    assert told(OSError("MNIST is in none of them")) == "MNIST is in none of them"
    assert reason(ValueError("first\nsecond")) == "first"


def test_texts_are_utf8(tmp_path: Path) -> None:
    write_text("N → ∞", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_bytes() == "N → ∞".encode()
