"""One run at a time holds a results folder, until it ends, however it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mfnn.pipeline.hold import HeldError, hold, sweep
from mfnn.storage import replacing

ROOT = Path(__file__).parents[2]
HOLDER = "import sys, time; from pathlib import Path; from mfnn.pipeline.hold import hold; hold(Path(sys.argv[1])); "
HOLDER += "print('held', flush=True); time.sleep(60)"


def test_a_held_folder_is_refused_until_its_holder_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
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
        mine.write_text("half")
        theirs.write_text("half")
        (tmp_path / "whole.nc").write_text("whole")
        sweep(tmp_path)
        assert not mine.exists()
        assert theirs.exists()
        assert (tmp_path / "whole.nc").exists()
        mine.write_text("whole")
    os.close(other)


def test_a_folder_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        hold(tmp_path / "file")
