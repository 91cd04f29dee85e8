"""A conda environment without conda: a channel packed from this interpreter, solved and installed by rattler.

Run by an interpreter that has py-rattler: PREFIX CHANNEL SPEC... creates PREFIX. The channel, a folder, gets two packages:
Python with its standard library as it is on this machine, and the pip of the running environment.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import platform
import sys
import tarfile
from importlib.metadata import distribution
from pathlib import Path

import rattler
from rattler.index import index_fs
from rattler.platform import Subdir

STDLIB = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
LEFT_OUT = {"site-packages", "dist-packages", "__pycache__", "test", "idlelib", "EXTERNALLY-MANAGED"}
SITE = f"import site, sys; site.addsitedir(sys.prefix + '/{STDLIB}/site-packages')\n"  # Debian's looks elsewhere


def python_files() -> dict[str, bytes]:
    """The interpreter and its standard library, by their places in a prefix."""
    base, interpreter = Path(sys.base_prefix), Path(sys._base_executable).resolve()
    library = [path for path in (base / STDLIB).rglob("*") if _belongs(path)]
    shared = [path for path in (base / "lib").glob("libpython3*.so*") if path.is_file()]
    files = {str(path.relative_to(base)): path.read_bytes() for path in [*library, *shared]}
    names = ("python", "python3", interpreter.name)
    files |= {f"bin/{name}": interpreter.read_bytes() for name in names}
    return files | {f"{STDLIB}/sitecustomize.py": SITE.encode()}


def _belongs(path: Path) -> bool:
    """Whether a file of the standard library is wanted; its tests and what is for linking against Python are not."""
    return path.is_file() and path.suffix != ".a" and not LEFT_OUT & set(path.parts)


def pip_files() -> dict[str, bytes]:
    """The pip of the running environment, as a package that any Python can take."""
    files = [path for path in distribution("pip").files or [] if path.parts[0].startswith("pip")]
    return {f"site-packages/{path}": path.read_binary() for path in files if "__pycache__" not in path.parts}


def pack(channel: Path, subdir: str, name: str, version: str, files: dict[str, bytes], **facts: object) -> None:
    """Write a conda package with these files to a channel."""
    index = {"name": name, "version": version, "build": "0", "build_number": 0, "subdir": subdir, "depends": []}
    paths = [
        {
            "_path": path,
            "path_type": "hardlink",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size_in_bytes": len(content),
        }
        for path, content in files.items()
    ]
    about = {"info/index.json": index | facts, "info/paths.json": {"paths": paths, "paths_version": 1}}
    if "noarch" in facts:
        about["info/link.json"] = {"noarch": {"type": "python"}, "package_metadata_version": 1}
    content = {name: json.dumps(part).encode() for name, part in about.items()} | files
    (channel / subdir).mkdir(parents=True, exist_ok=True)
    with tarfile.open(channel / subdir / f"{name}-{version}-0.tar.bz2", "w:bz2", compresslevel=1) as archive:
        for path, data in content.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(data), 0o755 if path.startswith("bin/") else 0o644
            archive.addfile(member, io.BytesIO(data))


async def create(prefix: Path, channel: Path, specs: list[str]) -> None:
    """Solve the specifications against the channel and install what they need into a prefix."""
    here = str(Subdir.current())
    pack(channel, here, "python", platform.python_version(), python_files())
    pack(channel, "noarch", "pip", distribution("pip").version, pip_files(), noarch="python", depends=["python"])
    await index_fs(channel)
    records = await rattler.solve([rattler.Channel(channel.as_uri())], specs, platforms=[here, "noarch"])
    await rattler.install(records, prefix, cache_dir=channel / "cache", show_progress=False)


if __name__ == "__main__":
    asyncio.run(create(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
    os._exit(0)  # rattler's threads may abort an interpreter that is being shut down
