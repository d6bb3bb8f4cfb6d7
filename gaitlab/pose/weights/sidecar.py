"""The sidecar of a converted model file: the checksum of the file, and the package it was converted from.

The bytes that a converter writes differ from one release to the next, so no manifest can pin them. The manifest pins
the input of the conversion, a test picture checks its output, and the sidecar keeps the checksum of the checked file.
It counts wherever the two files lie together. It shows damage, a file of another origin and a package that is no longer
pinned. It is no signature: whoever can write a model file can write a sidecar, so trust a file only as its source.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from gaitlab.pose.weights.manifest import ModelPackage

__all__ = ["Conversion", "drop_leftovers", "keep_converted", "read_conversion", "sha256_of_file", "sidecar_path"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """The conversion that made a model file, on this machine or on another.

    Attributes
    ----------
    sha256 : str
        Of the converted file.
    package : str
        npm package and version, as in ``name@version``.
    graph_sha256, weights_sha256 : str
        Of the files of the package.
    tensorflow : str
        Version of the converter.
    converted_at : str
        ISO 8601, UTC.
    """

    sha256: str
    package: str
    graph_sha256: str
    weights_sha256: str
    tensorflow: str
    converted_at: str

    def vouches_for(self, sha256: str, package: ModelPackage) -> bool:
        """Whether a file with this checksum came out of this package, as the manifest pins it today."""
        return (self.sha256, self.package, self.graph_sha256, self.weights_sha256) == (
            sha256,
            package.label,
            package.graph_sha256,
            package.weights_sha256,
        )


def sidecar_path(model: Path) -> Path:
    """Return the path of the sidecar of a model file."""
    return model.with_name(f"{model.name}.converted.json")


def read_conversion(model: Path) -> Conversion | None:
    """Return the conversion that made a model file; None when there is no sidecar that can be understood."""
    try:
        return Conversion(**json.loads(sidecar_path(model).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def keep_converted(made: Path, conversion: Conversion, target: Path) -> None:
    """Put a converted file and its sidecar into the cache; until the last step nothing there counts as a model.

    Parameters
    ----------
    made : Path
        May be on another disk.
    conversion : Conversion
    target : Path
        Replaced when it exists.

    Raises
    ------
    OSError
    """
    copy, note = _copies(target)
    try:
        shutil.copyfile(made, copy)
        note.write_text(json.dumps(asdict(conversion), indent=1) + "\n", "utf-8")
        for path in (copy, note):
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
        # A sidecar without its model is nothing; a model without its sidecar would be a damaged one.
        os.replace(note, sidecar_path(target))
        os.replace(copy, target)
    finally:
        drop_leftovers(target)


def drop_leftovers(target: Path) -> None:
    """Delete what a program killed in the middle of `keep_converted` left behind."""
    lonely = () if target.is_file() else (sidecar_path(target),)
    for path in (*_copies(target), *lonely):
        path.unlink(missing_ok=True)


def sha256_of_file(path: Path) -> str:
    """Return the checksum of a file as hexadecimal digits."""
    found = path.stat()
    return _sha256(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, size_bytes: int, mtime_ns: int) -> str:
    """Return the checksum of a file, computed once for a size and a time of change: a page asks at every run."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _copies(target: Path) -> tuple[Path, Path]:
    return target.with_name(f"{target.name}.copy"), target.with_name(f"{target.name}.converted.json.copy")
