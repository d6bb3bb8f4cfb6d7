"""Model files: found on this machine, else fetched, and always checked against the manifest's checksums.

A model is looked for in ``GAITLAB_MODEL_DIR``, the project's ``models/`` folder and the user's cache, in this order; a
file named by the caller goes before all of them. A fetched file always goes into the user's cache.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

from gaitlab.errors import ModelError, UsageError
from gaitlab.paths import bundled_path, user_model_dir
from gaitlab.pose.download import OnProgress, copy_stream, download
from gaitlab.types import Progress

__all__ = [
    "ModelFile",
    "ModelPlaces",
    "ModelSource",
    "ModelSpec",
    "fetch_model",
    "find_model",
    "load_manifest",
    "model_places",
    "resolve_model",
    "spec",
    "verify",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """Where a model file comes from.

    Attributes
    ----------
    location : str
        A URL, or a folder relative to the project's root.
    sha256 : str or None
        Of the file there; None = not known, then nothing is downloaded from a URL.
    size_bytes : int or None
    """

    location: str
    sha256: str | None = None
    size_bytes: int | None = None

    @property
    def is_url(self) -> bool:
        """Whether this is a download and not a folder."""
        return "://" in self.location


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One model of the manifest; `sources` in the order they are tried."""

    name: str
    file: str
    licence: str
    sources: tuple[ModelSource, ...]

    @property
    def sha256s(self) -> tuple[str, ...]:
        """The accepted checksums, without repeats."""
        return tuple(dict.fromkeys(source.sha256 for source in self.sources if source.sha256))

    def accepts(self, sha256: str) -> bool:
        """Whether a file with this checksum is this model."""
        return sha256 in self.sha256s


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A model file on this machine; `sha256` is what the file has, not what it should have."""

    path: Path
    sha256: str
    spec: ModelSpec

    @property
    def is_accepted(self) -> bool:
        """Whether the checksum is one of the manifest's; only a file named by the caller may be otherwise."""
        return self.spec.accepts(self.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlaces:
    """Folders on this machine.

    Attributes
    ----------
    folders : tuple of Path
        Where the user may have put model files, in order; never written to.
    cache : Path
        Looked at last; fetched files go there.
    root : Path
        What relative sources of the manifest refer to.
    """

    folders: tuple[Path, ...]
    cache: Path
    root: Path


def model_places() -> ModelPlaces:
    """Return the folders that the environment and the installation give."""
    configured = os.environ.get("GAITLAB_MODEL_DIR")
    project = bundled_path("models")
    folders = (Path(configured), project) if configured else (project,)
    return ModelPlaces(folders=folders, cache=user_model_dir(), root=project.parent)


def load_manifest(path: Path | None = None) -> tuple[ModelSpec, ...]:
    """Read the models of a manifest, by default the one that travels with the program."""
    with (path or bundled_path("models/manifest.toml")).open("rb") as handle:
        entries: list[dict[str, Any]] = tomllib.load(handle)["model"]
    return tuple(
        ModelSpec(
            name=entry["name"],
            file=entry["file"],
            licence=entry["licence"],
            sources=tuple(ModelSource(**source) for source in entry["source"]),
        )
        for entry in entries
    )


def spec(name: str, *, manifest: Sequence[ModelSpec] | None = None) -> ModelSpec:
    """Return the manifest's entry for a name; UsageError that lists the names when there is none."""
    models = load_manifest() if manifest is None else manifest
    for model in models:
        if model.name == name:
            return model
    raise UsageError(f"no model is called {name!r}; expected one of {', '.join(model.name for model in models)}")


def find_model(
    name: str,
    *,
    explicit: Path | None = None,
    manifest: Sequence[ModelSpec] | None = None,
    places: ModelPlaces | None = None,
) -> ModelFile | None:
    """Return the file of a model on this machine, or None.

    Parameters
    ----------
    name : str
    explicit : Path, optional
        A file the user insists on. It is taken whatever its checksum, which the result carries.
    manifest : sequence of ModelSpec, optional
        Default: the program's own.
    places : ModelPlaces, optional
        Default: what the environment says.

    Raises
    ------
    UsageError
        Unknown name.
    ModelError
        `explicit` does not exist, or the first file found has a checksum that is not in the manifest. It is not passed
        over for a later one: a damaged file in a folder the user chose must come to light.
    """
    wanted = spec(name, manifest=manifest)
    if explicit is not None:
        if not explicit.is_file():
            raise ModelError(f"{explicit}: expected a model file, found none; check the path or leave it out")
        return _on_disk(explicit, wanted)
    here = places or model_places()
    return _first_in(here.folders, wanted) or _first_in((here.cache,), wanted)


def fetch_model(
    name: str,
    *,
    on_progress: OnProgress | None = None,
    manifest: Sequence[ModelSpec] | None = None,
    places: ModelPlaces | None = None,
) -> ModelFile:
    """Make sure that a model is on this machine: a good file stays, a damaged one in the cache is replaced.

    Parameters
    ----------
    name : str
    on_progress : callable, optional
        Called with the bytes done; an exception it raises stops the download, which the next call continues.
    manifest, places : optional
        As for `find_model`.

    Raises
    ------
    UsageError
        Unknown name.
    ModelError
        No source has the file with an accepted checksum; the message says what to put where.
    """
    wanted = spec(name, manifest=manifest)
    here = places or model_places()
    if (chosen := _first_in(here.folders, wanted)) is not None:
        return chosen
    target = here.cache / wanted.file
    try:
        here.cache.mkdir(parents=True, exist_ok=True)
        with _exclusive(here.cache / f"{wanted.file}.lock"):
            if target.is_file() and (cached := _on_disk(target, wanted)).is_accepted:
                return cached
            return _from_sources(wanted, here, on_progress or _ignore)
    except OSError as error:
        raise ModelError(
            f"{here.cache}: expected a folder that model files can be written to, got: {_reason(error)}; "
            f"make it writable or put {wanted.file} into a folder and set GAITLAB_MODEL_DIR to it"
        ) from error


def resolve_model(
    name: str,
    *,
    explicit: Path | None = None,
    on_progress: OnProgress | None = None,
    manifest: Sequence[ModelSpec] | None = None,
    places: ModelPlaces | None = None,
) -> ModelFile:
    """Find a model on this machine, else fetch it; parameters and errors as for `find_model` and `fetch_model`."""
    found = find_model(name, explicit=explicit, manifest=manifest, places=places)
    return found or fetch_model(name, on_progress=on_progress, manifest=manifest, places=places)


def verify(*, manifest: Sequence[ModelSpec] | None = None, places: ModelPlaces | None = None) -> tuple[ModelFile, ...]:
    """Return every model file in every folder, good or damaged (`ModelFile.is_accepted`), in manifest order."""
    here = places or model_places()
    candidates = (
        (folder / wanted.file, wanted)
        for wanted in (load_manifest() if manifest is None else manifest)
        for folder in dict.fromkeys((*here.folders, here.cache))
    )
    return tuple(_on_disk(path, wanted) for path, wanted in candidates if path.is_file())


def _ignore(progress: Progress) -> None:
    """Stand in for a caller who does not want to know."""


def _on_disk(path: Path, wanted: ModelSpec) -> ModelFile:
    try:
        with path.open("rb") as handle:
            return ModelFile(path=path, sha256=hashlib.file_digest(handle, "sha256").hexdigest(), spec=wanted)
    except OSError as error:
        raise ModelError(f"{path}: expected a readable model file, got: {_reason(error)}; check its rights") from error


def _first_in(folders: Sequence[Path], wanted: ModelSpec) -> ModelFile | None:
    """Return the first file of that name; ModelError when it is not the model."""
    path = next((folder / wanted.file for folder in folders if (folder / wanted.file).is_file()), None)
    if path is None:
        return None
    found = _on_disk(path, wanted)
    if not found.is_accepted:
        raise ModelError(
            f"{path}: expected the model {wanted.name} with SHA-256 {_either(wanted)}, got {found.sha256}; "
            f"delete the file, then run `gaitlab models fetch {wanted.name}`"
        )
    return found


def _either(wanted: ModelSpec) -> str:
    return " or ".join(wanted.sha256s)


def _reason(error: Exception) -> str:
    """Say in one line what went wrong, without the wrapping that urllib puts around it."""
    inner = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
    return " ".join(str(inner).split()) or type(error).__name__


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Wait until no other process fetches this file; the system lets go of the lock even when a process is killed."""
    with path.open("ab") as handle:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _from_sources(wanted: ModelSpec, places: ModelPlaces, report: OnProgress) -> ModelFile:
    failures: list[str] = []
    for source in wanted.sources:
        try:
            if source.is_url and source.sha256:
                return _from_url(wanted, source.location, places.cache, report)
            if source.is_url:
                failures.append(f"{source.location}: no checksum is known that a download could be checked against")
            elif (origin := places.root / source.location / wanted.file).is_file():
                return _from_folder(wanted, origin, places.cache, report)
        except (OSError, HTTPException, ModelError) as error:
            failures.append(f"{source.location}: {_reason(error)}")
    raise _unavailable(wanted, places.cache, failures)


def _unavailable(wanted: ModelSpec, cache: Path, failures: Sequence[str]) -> ModelError:
    official = [source.location for source in wanted.sources if source.is_url and source.sha256]
    origin = f"from {' or '.join(official)} " if official else ""
    why = "; ".join(failures) or "there is no official download"
    return ModelError(
        f"model {wanted.name} is not on this machine and was not fetched ({why}); get {wanted.file} {origin}"
        f"with SHA-256 {_either(wanted)} and put it into {cache}, or into a folder that GAITLAB_MODEL_DIR names"
    )


def _from_folder(wanted: ModelSpec, origin: Path, cache: Path, report: OnProgress) -> ModelFile:
    copy = cache / f"{wanted.file}.copy"
    try:
        with origin.open("rb") as reader, copy.open("wb") as writer:
            copy_stream(reader, writer, Progress(stage=_stage(wanted), done=0, total=origin.stat().st_size), report)
        return _keep(copy, wanted, cache)
    finally:
        copy.unlink(missing_ok=True)


def _from_url(wanted: ModelSpec, url: str, cache: Path, report: OnProgress) -> ModelFile:
    part = cache / f"{wanted.file}.part"
    resumed = part.is_file() and part.stat().st_size > 0
    download(url, part, stage=_stage(wanted), on_progress=report)
    try:
        return _keep(part, wanted, cache)
    except ModelError:
        if not resumed:
            raise
    # What was kept of an earlier download may have been of another version of the file: once more from the start.
    download(url, part, stage=_stage(wanted), on_progress=report)
    return _keep(part, wanted, cache)


def _stage(wanted: ModelSpec) -> str:
    return f"download {wanted.name}"


def _keep(fetched: Path, wanted: ModelSpec, cache: Path) -> ModelFile:
    """Give a complete file its name in the cache; delete it and refuse when it is not the model."""
    got = _on_disk(fetched, wanted)
    if not got.is_accepted:
        fetched.unlink()
        raise ModelError(f"expected SHA-256 {_either(wanted)}, got {got.sha256}, so the file was not kept")
    target = cache / wanted.file
    os.replace(fetched, target)
    return ModelFile(path=target, sha256=got.sha256, spec=wanted)
