"""Files the pipeline leaves behind: written under a temporary name and renamed, so that none is ever half there.

Arrays are NetCDF with named dimensions, tables CSV, results JSON. Nothing volatile is stored in them: equal content
gives equal bytes. Beside each, in the folder `.sha256`, lies the digest of the bytes that were written: what is read
back must still have it, so that a truncated or altered file is named and never computed with.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from mfnn.errors import MfnnError, reason

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STATE_SAVED = "state saved"  # ends a line of how far a long training is, in its job's log


class UnreadableError(MfnnError):
    """A file that is missing, truncated or not what it should be."""


class UnwritableError(MfnnError):
    """A file that cannot be written."""


def is_temporary(name: str) -> bool:
    """Whether a file's name is one that `replacing` gives while the file is being written."""
    return name.startswith(".") and name.endswith(".part")


def version() -> str:
    """The package's version, "unknown" where it runs from a folder without being installed."""
    try:
        return metadata.version("mfnn")
    except metadata.PackageNotFoundError:
        return "unknown"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; renamed to `path` on success, removed on failure.

    Raises `UnwritableError` naming `path` where the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise UnwritableError(f"{path}: cannot be written ({reason(error)})") from None
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def recorded(path: Path) -> Iterator[Path]:
    """`replacing`, and the digest of what was written kept for `intact`."""
    with replacing(path) as temporary:
        yield temporary
        write_text(_digest(temporary) + "\n", _digest_file(path))


def intact(path: Path) -> Path:
    """The path, once its bytes are found to be those that were written; raises `UnreadableError` otherwise.

    A file that came without a digest, such as one written by hand, is taken as it is.
    """
    kept = _digest_file(path)
    try:
        if kept.exists() and kept.read_text(encoding="utf-8").strip() != _digest(path):
            raise UnreadableError(f"{path}: not what was written (its sha256 differs); remove it and run again")
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{path}: not readable ({reason(error)})") from None
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _digest_file(path: Path) -> Path:
    return path.parent / ".sha256" / path.name


def write_dataset(dataset: xr.Dataset, path: Path) -> None:
    """Write an xarray Dataset as NetCDF, made in memory: HDF5 crashes where a disk fills under it."""
    content = dataset.to_netcdf(engine="h5netcdf")
    with recorded(path) as temporary:
        temporary.write_bytes(content)


def read_dataset(path: Path) -> xr.Dataset:
    """Read a whole NetCDF file into memory; raises `UnreadableError` naming a damaged one."""
    import xarray as xr

    try:
        # From an open file: HDF5 locks what it opens itself, and fails where the file system has no locks.
        with intact(path).open("rb") as content, xr.open_dataset(content, engine="h5netcdf") as dataset:
            return dataset.load()
    except UnreadableError:
        raise
    except Exception as error:  # whatever the libraries below make of a damaged file
        raise UnreadableError(f"{path}: not a readable NetCDF file ({reason(error)})") from None


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a mapping as sorted, indented JSON; raises `MfnnError` naming an entry that is not a finite number."""
    for key, entry in content.items():
        try:
            json.dumps(entry, allow_nan=False)
        except ValueError:
            raise MfnnError(f"{path}: {key} is not finite: {entry}") from None
    with recorded(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises `UnreadableError` naming a damaged file."""
    try:
        content = json.loads(intact(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableError(f"{path}: not a readable JSON file ({reason(error)})") from None
    if not isinstance(content, dict):
        raise UnreadableError(f"{path}: a JSON object was expected")
    return content


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV with all digits."""
    with recorded(path) as temporary:
        table.to_csv(temporary, index=False, encoding="utf-8")


def read_table(path: Path) -> pd.DataFrame:
    """Read a table; raises `UnreadableError` naming a damaged one."""
    import pandas as pd

    try:
        return pd.read_csv(intact(path), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{path}: not a readable table ({reason(error)})") from None


def read_yaml(path: Path) -> Any:
    """What a YAML file says, plain values only; raises `UnreadableError` naming a file that cannot be read."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise UnreadableError(f"{path}: not readable ({reason(error)})") from None


def write_text(text: str, path: Path) -> None:
    """Write a text file in UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
