"""One run at a time holds a results folder, until it ends, however it ends."""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mfnn.pipeline.hold import HeldError, hold, sweep
from mfnn.storage import UnwritableError, replacing

ROOT = Path(__file__).parents[2]
HOLDER = "import sys, time; from pathlib import Path; from mfnn.pipeline.hold import hold; hold(Path(sys.argv[1])); "
HOLDER += "print('held', flush=True); time.sleep(60)"


def test_a_held_folder_is_refused_until_its_holder_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HeldError, match=rf"^another run is writing .* \(process {holder.pid}\); wait"):
            hold(tmp_path)
        holder.send_signal(signal.SIGKILL)
    os.close(hold(tmp_path))


def test_what_a_killed_job_left_is_removed_and_what_another_run_writes_is_not(tmp_path: Path) -> None:
    (tmp_path / "nested").mkdir()
    other = hold(tmp_path / "nested")
    with replacing(tmp_path / "a.nc") as mine, replacing(tmp_path / "nested/b.nc") as theirs:
        mine.write_text("half", encoding="utf-8")
        theirs.write_text("half", encoding="utf-8")
        (tmp_path / "whole.nc").write_text("whole", encoding="utf-8")
        sweep(tmp_path)
        assert not mine.exists()
        assert theirs.exists()
        assert (tmp_path / "whole.nc").exists()
        mine.write_text("whole", encoding="utf-8")
    os.close(other)


def test_a_folder_that_cannot_be_written_is_one_line_without_the_systems_number(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UnwritableError, match=r"^.*/file: cannot be written \([A-Z][a-z ]+\)$"):
        hold(tmp_path / "file")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.EIO])
def test_a_file_system_without_locks_is_said_once_and_written(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A safety lock made a condition for running: the errors of NFS and Lustre, as flock(2) and their clients have them."""

    def refused(*_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refused)
    os.close(hold(tmp_path / "results"))
    (said,) = caplog.messages
    assert said.startswith(f"{tmp_path}/results cannot be locked ({os.strerror(number)}): ") and "Errno" not in said
