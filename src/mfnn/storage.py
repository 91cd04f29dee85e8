"""Files the pipeline leaves behind: written under a temporary name and renamed, so that none is ever half there.

Arrays are NetCDF with named dimensions, tables CSV, results JSON. Nothing volatile is stored in them: equal content
gives equal bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mfnn.errors import MfnnError

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class UnreadableError(MfnnError):
    """A file that is missing, truncated or not what it should be."""


def is_temporary(name: str) -> bool:
    """Whether a file's name is one that `replacing` gives while the file is being written."""
    return name.startswith(".") and name.endswith(".part")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; renamed to `path` on success, removed on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_dataset(dataset: xr.Dataset, path: Path) -> None:
    """Write an xarray Dataset as NetCDF."""
    with replacing(path) as temporary:
        dataset.to_netcdf(temporary, engine="h5netcdf")


def read_dataset(path: Path) -> xr.Dataset:
    """Read a whole NetCDF file into memory; raises `UnreadableError` naming a damaged one."""
    import xarray as xr

    try:
        with xr.open_dataset(path, engine="h5netcdf") as dataset:
            return dataset.load()
    except (OSError, ValueError, KeyError, RuntimeError) as reason:
        raise UnreadableError(f"{path}: not a readable NetCDF file ({str(reason).splitlines()[0]})") from None


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write a mapping as sorted, indented JSON; raises `MfnnError` naming an entry that is not a finite number."""
    for key, entry in content.items():
        try:
            json.dumps(entry, allow_nan=False)
        except ValueError:
            raise MfnnError(f"{path}: {key} is not finite: {entry}") from None
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises `UnreadableError` naming a damaged file."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as reason:
        raise UnreadableError(f"{path}: not a readable JSON file ({str(reason).splitlines()[0]})") from None
    if not isinstance(content, dict):
        raise UnreadableError(f"{path}: a JSON object was expected")
    return content


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV with all digits."""
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False)


def write_text(text: str, path: Path) -> None:
    """Write a text file."""
    with replacing(path) as temporary:
        temporary.write_text(text)
