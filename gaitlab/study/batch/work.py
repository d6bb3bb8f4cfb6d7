"""One clip of a batch, in the process that analyses it: on this computer or on a worker of a cluster."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from gaitlab import sessions
from gaitlab.errors import GaitLabError, InputError
from gaitlab.extras import need_extra
from gaitlab.paths import safe_file_name
from gaitlab.pipeline import PoseEngine, open_engine
from gaitlab.records import Analysis
from gaitlab.sessions import AnalysisRequest
from gaitlab.settings import PoseSettings
from gaitlab.workspace import work_folder

__all__ = ["BatchClip", "Outcome", "Problem", "analyse_clip", "is_address", "local_file", "problem_of"]

_SCHEME: Final = "://"
_PIECE_BYTES: Final = 1 << 20
#: A worker of a cluster may have several threads; an engine serves one analysis after another.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchClip:
    """A clip of a batch and what is asked of it; can be sent to another process.

    Attributes
    ----------
    place : str
        Path, or an address that fsspec can open.
    label : str
        How it is called in table and messages: as the user named it.
    request : AnalysisRequest
    columns : mapping of str
        Further columns of its row in a manifest.
    """

    place: str
    label: str
    request: AnalysisRequest
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A clip that could not be analysed, and why.

    Attributes
    ----------
    file : str
    exit_code : int
        What `gaitlab analyze` would end with.
    reason : str
    """

    file: str
    exit_code: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What the analysis of one clip gave: an analysis or a problem."""

    analysis: Analysis | None = None
    problem: Problem | None = None


def is_address(place: str) -> bool:
    """Return whether a place is an address such as ``s3://clips/walk.mp4`` and not a path."""
    return _SCHEME in place


def analyse_clip(clip: BatchClip) -> Outcome:
    """Analyse one clip; what is wrong with it comes back as a `Problem`."""
    try:
        with _ONE_AT_A_TIME, local_file(clip.place) as path:
            analysed = sessions.run(
                path, clip.request, store=None, open_engine=lambda _: _engine(clip.request.settings.pose)
            )
            return Outcome(analysis=analysed.analysis)
    except (GaitLabError, OSError) as error:
        return Outcome(problem=problem_of(clip, error))


def problem_of(clip: BatchClip, error: GaitLabError | OSError) -> Problem:
    """Return the problem of a clip that cannot be read or analysed."""
    if isinstance(error, GaitLabError):
        return Problem(file=clip.label, exit_code=error.exit_code, reason=str(error))
    told = f"it cannot be read ({error}); check the path and start again"  # a disk or a share that goes away
    if isinstance(error, FileNotFoundError):
        told = "no such file; check the path"
    return Problem(file=clip.label, exit_code=InputError.exit_code, reason=told)


@contextmanager
def local_file(place: str) -> Iterator[Path]:
    """Give a clip as a file of this computer; what lies at an address is copied, piece by piece, and removed again.

    Raises
    ------
    InputError
        When the address cannot be opened or read.
    MissingExtraError
        For an address, without the extra "cluster".
    """
    if not is_address(place):
        yield Path(place)
        return
    need_extra("cluster", "a clip at an address")
    import fsspec  # noqa: PLC0415 (an extra)

    with work_folder() as folder:
        path = folder / safe_file_name(PurePosixPath(place.split("?", 1)[0]).name)
        try:
            with fsspec.open(place, "rb") as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, _PIECE_BYTES)
        except (OSError, ValueError, ImportError) as error:  # no such file, no such protocol, a package for it missing
            raise InputError(f"{place}: it cannot be read ({error}); check the address") from error
        yield path


def _engine(settings: PoseSettings) -> PoseEngine:
    return _engine_of(settings.model, settings.workers, settings.feet)


@lru_cache(maxsize=1)
def _engine_of(model: str, workers: int | None, feet: bool) -> PoseEngine:
    return open_engine(PoseSettings(model=model, workers=workers, feet=feet))
