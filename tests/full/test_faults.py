"""Full disks, read-only folders, damaged files and clocks that moved: named in one line, or computed again."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from mfnn.pipeline.hold import hold

pytestmark = pytest.mark.full
TINY = Path("results/tiny")
ERRORS = [
    *("--data", TINY / "data/three_points.nc", "--limit", TINY / "limit/three_points.nc", "--particles"),
    *(TINY / f"particles/three_points/N{width}/batch{batch}.nc" for width in (20, 40) for batch in (0, 1)),
    *("--resamples", 400, "--root-seed", 18050105, "--errors", "out/errors.csv", "--sup", "out/sup.csv"),
    *("--fits", "out/fits.csv", "--summary", "out/errors.json"),
]


@pytest.fixture
def mounted(project) -> Iterator[None]:
    """A small file system of its own as the results folder, where this user may mount one."""
    place = project.folder / TINY
    place.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", place], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("this user cannot mount a tmpfs")
    yield
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_stops_the_run_and_space_lets_it_end(project, finished, mounted):
    full = project.run()
    assert full.returncode != 0
    told = [line for line in (full.stdout + full.stderr).splitlines() if "No space left" in line]
    assert told, full.stderr[-3000:]
    assert "Traceback" not in full.stdout + full.stderr
    for name, content in project.contents().items():
        assert finished.contents()[name] == content, f"{name} was left half-written"
    subprocess.run(["mount", "-o", "remount,size=100m", project.folder / TINY], check=True)
    assert project.run().returncode == 0
    assert project.contents() == finished.contents()


def test_a_read_only_folder_is_refused_in_one_line(project, mounted):
    subprocess.run(["mount", "-o", "remount,ro", project.folder / TINY], check=True)
    done = project.run()
    assert done.returncode != 0
    refusals = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(refusals) == 1, done.stderr
    assert "Read-only file system" in refusals[0]
    assert "results/tiny" in refusals[0]
    assert "Traceback" not in done.stderr


def test_a_second_run_is_refused_in_one_line_while_the_first_one_writes(project):
    held = hold(project.folder / TINY)
    refused = project.run()
    assert refused.returncode != 0
    assert [line for line in refused.stderr.splitlines() if line.startswith("error: ")] == [
        f"error: another run is writing {TINY} (process {os.getpid()}); wait for it or stop it"
    ]
    assert "Traceback" not in refused.stderr
    assert project.outputs() == {}
    os.close(held)


@pytest.mark.parametrize("bytes_allowed", [0, 4096])
def test_a_file_that_cannot_grow_is_named_in_one_line(script, bytes_allowed):
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (bytes_allowed, bytes_allowed))
    arguments = ["--data", TINY / "data/three_points.nc", "--width", 20, "--replicas", 0, 4, "--times", 0, 1, 2]
    arguments += ["--observables", "c^2", "--keep", 2, "--keep-times", 0, 2, "--keep-coordinates", "c", "w0"]
    arguments += ["--follow", 0, "--precision", "double", "--threads", 1, "--root-seed", 0, "--output", "x/a.nc"]
    done = script("train_particles", *arguments, preexec_fn=limit)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("error: x/a.nc: cannot be written")
    assert "Traceback" not in done.stderr


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[2 * len(content) // 3] ^= 4
    path.write_bytes(content)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flipped, truncated])
@pytest.mark.parametrize(
    "name", ["data/three_points.nc", "limit/three_points.nc", "particles/three_points/N40/batch1.nc"]
)
def test_a_damaged_array_is_named_in_one_line(finished, script, damage, name):
    path = finished.folder / TINY / name
    whole, status = path.read_bytes(), path.stat()
    damage(path)
    done = script("measure_errors", *ERRORS)
    path.write_bytes(whole)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert f"error: {TINY / name}: not what was written" in done.stderr
    assert not (finished.folder / "out").exists()


@pytest.mark.parametrize("damage", [flipped, truncated])
def test_a_damaged_table_is_named_in_one_line(finished, script, damage):
    copy = finished.folder / "tables"
    shutil.copytree(finished.folder / TINY / "convergence/three_points", copy)
    damage(copy / "fits.csv")
    done = script(
        "tabulate_slopes", "--scenarios", "a", "--fits", "tables/fits.csv", "--table", "t.tex", "--csv", "t.csv"
    )
    shutil.rmtree(copy)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "error: tables/fits.csv: not what was written" in done.stderr


@pytest.mark.parametrize("seconds", [-(10**9), 10**6])
def test_a_clock_that_moved_changes_no_result(project, finished, seconds):
    shutil.copytree(finished.folder / "results", project.folder / "results")
    shutil.copytree(finished.folder / ".snakemake", project.folder / ".snakemake")
    for name in ("data/three_points.nc", "particles/three_points/N20/batch0.nc"):
        path = project.folder / TINY / name
        os.utime(path, (path.stat().st_mtime + seconds,) * 2)
    done = project.run()
    assert done.returncode == 0, done.stderr[-3000:]
    assert project.contents() == finished.contents()
