"""The networks that browsers run: their files, found on this machine or fetched from npm, and checked.

They lie in the folders of the other models, `GAITLAB_MODEL_DIR`, the project's ``models/`` and the user's cache, and go
into the cache when they are fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gaitlab.errors import ModelError, UsageError
from gaitlab.pose.weights.convert import Machine, take_packed
from gaitlab.pose.weights.download import OnProgress, reason_of
from gaitlab.pose.weights.manifest import PackedFile, WebModel, load_web_models
from gaitlab.pose.weights.resolve import ModelPlaces, cache_to_write, model_places
from gaitlab.pose.weights.sidecar import sha256_of_file

__all__ = ["WebFile", "fetch_web_models", "find_web_model", "verify_web", "web_model"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebFile:
    """A file for browsers on this machine; `is_accepted` tells whether it has the checksum of the manifest."""

    path: Path
    packed: PackedFile
    is_accepted: bool


def web_model(name: str, *, models: Sequence[WebModel] | None = None) -> WebModel:
    """Return a network for browsers by its name; UsageError that lists the names when there is none."""
    known = load_web_models() if models is None else models
    for model in known:
        if model.name == name:
            return model
    raise UsageError(f"no network for browsers is called {name!r}; expected one of {', '.join(m.name for m in known)}")


def find_web_model(model: WebModel, *, places: ModelPlaces | None = None) -> Mapping[str, Path] | None:
    """Return all files of a network for browsers by their names; None when one of them is not on this machine.

    Raises
    ------
    ModelError
        When a file does not have its checksum; it is not passed over for one in a later folder.
    """
    found = {packed.file: _first(packed, places or model_places()) for packed in model.files}
    for file in found.values():
        if file is not None and not file.is_accepted:
            raise ModelError(
                f"{file.path}: expected {file.packed.path} of {file.packed.label} with SHA-256 {file.packed.sha256}; "
                f"delete the file, then run `gaitlab models fetch {model.name}`"
            )
    paths = {name: file.path for name, file in found.items() if file is not None}
    return paths if len(paths) == len(found) else None


def fetch_web_models(
    wanted: Sequence[WebModel],
    *,
    on_progress: OnProgress,
    on_start: Callable[[], None] = lambda: None,
    places: ModelPlaces | None = None,
    machine: Machine | None = None,
) -> None:
    """Fetch what is missing of networks for browsers into the user's cache.

    Parameters
    ----------
    wanted : sequence of WebModel
        What they share is fetched once.
    on_progress : callable
    on_start : callable, optional
        Called before npm is asked, when anything is missing.
    places, machine : optional
        Default: what the environment says, and this computer.

    Raises
    ------
    ModelError
        npm is not on this machine, fails, or gives another file; or the cache cannot be written.
    """
    here = places or model_places()
    files = list(dict.fromkeys(packed for model in wanted for packed in model.files))
    with cache_to_write(here.cache, [packed.file for packed in files]):
        missing = [packed for packed in files if not _is_here(packed, here)]
        if missing:
            on_start()
            take_packed(missing, here.cache, on_progress=on_progress, machine=machine)


def verify_web(*, models: Sequence[WebModel] | None = None, places: ModelPlaces | None = None) -> tuple[WebFile, ...]:
    """Return every file for browsers in every folder, good or damaged, in manifest order."""
    here = places or model_places()
    files = dict.fromkeys(
        packed for model in (load_web_models() if models is None else models) for packed in model.files
    )
    candidates = ((folder / packed.file, packed) for packed in files for folder in (*here.folders, here.cache))
    return tuple(_checked(path, packed) for path, packed in dict(candidates).items() if path.is_file())


def _first(packed: PackedFile, places: ModelPlaces) -> WebFile | None:
    paths = (folder / packed.file for folder in (*places.folders, places.cache))
    path = next((path for path in paths if path.is_file()), None)
    return None if path is None else _checked(path, packed)


def _checked(path: Path, packed: PackedFile) -> WebFile:
    try:
        return WebFile(path=path, packed=packed, is_accepted=sha256_of_file(path) == packed.sha256)
    except OSError as error:
        raise ModelError(
            f"{path}: expected a readable file of {packed.label}, got: {reason_of(error)}; check its rights"
        ) from error


def _is_here(packed: PackedFile, places: ModelPlaces) -> bool:
    """Whether a good file is there; a damaged one in the cache is fetched anew, one in another folder is the user's."""
    found = _first(packed, places)
    return found is not None and (found.is_accepted or found.path.parent != places.cache)
