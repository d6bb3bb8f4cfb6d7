"""Clips that were accepted for analysis, each with its order beside it, so that a restart or a crash loses none.

::

    inbox/PROGRAM.lock                  locked while the program lives
    inbox/PROGRAM/ORDER/order.json      what is to be done, how often it began, and why it failed
    inbox/PROGRAM/ORDER/clip/NAME.mp4   gone as soon as the analysis is over

The next start takes over the orders of a program that died. A failed analysis leaves its message until it was read.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from gaitlab.errors import StoreError
from gaitlab.paths import data_dir
from gaitlab.storage.entities import normal_name
from gaitlab.storage.rows import LOCAL_OWNER
from gaitlab.workspace import WorkFolder, held_by_nobody

__all__ = ["Inbox", "Order", "forget_orders", "inbox_clips", "inbox_dir", "inbox_faults"]

_NOTE: Final = "order.json"
_CLIP: Final = "clip"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An accepted clip and what is to be done with it.

    Attributes
    ----------
    id : str
        Cannot be guessed.
    folder : Path
        Its own; only `Inbox` changes what is in it.
    file : str
        Name of the clip.
    person : str
    settings : mapping
        JSON values, as `AnalysisSettings.to_json` gives them.
    accepted_at : datetime
    fps : float or None
    image_wh : tuple of int or None
        What was told of keypoints that do not tell it: frames per second, size of the picture.
    starts : int
        How often its analysis began.
    started_at : datetime or None
        When it began last.
    message : str or None
        Why it failed; then there is no clip any more.
    owner : str
        Whose session it becomes.
    """

    id: str
    folder: Path
    file: str
    person: str
    settings: Mapping[str, Any]
    accepted_at: datetime
    fps: float | None = None
    image_wh: tuple[int, int] | None = None
    starts: int = 0
    started_at: datetime | None = None
    message: str | None = None
    owner: str = LOCAL_OWNER

    @property
    def clip(self) -> Path:
        """Path of the clip."""
        return self.folder / _CLIP / self.file


class Inbox:
    """The orders of this program, until `close`; every method may be called from any thread.

    Raises
    ------
    StoreError
        From every method, when the data folder cannot be written.
    """

    def __init__(self) -> None:
        self._own = _written(lambda: WorkFolder(inbox_dir()))

    def accept(
        self,
        clip: Path,
        *,
        person: str,
        settings: Mapping[str, Any],
        fps: float | None = None,
        image_wh: tuple[int, int] | None = None,
        owner: str = LOCAL_OWNER,
    ) -> Order:
        """Take a clip with its folder; from now on a crash does not lose it."""
        order_id = uuid.uuid4().hex
        order = Order(
            id=order_id,
            folder=self._own.path / order_id,
            file=clip.name,
            person=person,
            settings=settings,
            accepted_at=datetime.now(UTC),
            fps=fps,
            image_wh=image_wh,
            owner=owner,
        )

        def take() -> Order:
            order.clip.parent.mkdir(parents=True, mode=0o700)
            _write(order)
            os.replace(clip, order.clip)
            return order

        try:
            taken = _written(take)
        except StoreError:
            self.remove(order)
            raise
        shutil.rmtree(clip.parent, ignore_errors=True)
        return taken

    def begin(self, order: Order) -> Order:
        """Note that the analysis begins."""
        return self._changed(replace(order, starts=order.starts + 1, started_at=datetime.now(UTC)))

    def fail(self, order: Order, message: str) -> Order:
        """Remove the clip and note why it was not analysed, until `remove`."""
        shutil.rmtree(order.clip.parent, ignore_errors=True)
        return self._changed(replace(order, message=message))

    def remove(self, order: Order) -> None:
        """Remove an order with its clip; twice is no error."""
        shutil.rmtree(order.folder, ignore_errors=True)

    def take_over(self) -> tuple[Order, ...]:
        """Take the orders of programs that died, and return them in the order of their acceptance."""
        taken = []
        for note in _notes():
            with held_by_nobody(note) as folder:
                if folder is None:
                    continue
                for order in _orders_in(folder):
                    here = self._own.path / order.id
                    with suppress(OSError):
                        os.replace(order.folder, here)
                        taken.append(replace(order, folder=here))
                shutil.rmtree(folder, ignore_errors=True)
                note.unlink(missing_ok=True)
        for order in taken:
            _remove_unfinished(order)
        return tuple(sorted(taken, key=lambda order: order.accepted_at))

    def close(self) -> None:
        """Leave the orders to the next start; without any, nothing stays."""
        self._own.leave()

    def _changed(self, order: Order) -> Order:
        def write() -> Order:
            _write(order)
            return order

        return _written(write)


def inbox_dir() -> Path:
    """Folder of the accepted clips, within the data folder."""
    return data_dir() / "inbox"


def forget_orders(person: str, *, owner: str = LOCAL_OWNER) -> tuple[Path, ...]:
    """Remove the orders of a person whom no program works for, and the messages of those that failed.

    Returns
    -------
    tuple of Path
        Clips of theirs that a program will analyse or analyses now.
    """
    name, stays = normal_name(person), []
    for note in _notes():
        with held_by_nobody(note) as folder:
            for order in _orders_in(note.with_suffix("")):
                if order.owner == owner and normal_name(order.person) == name:
                    if folder is None and order.message is None:
                        stays.append(order.clip)
                    else:
                        shutil.rmtree(order.folder, ignore_errors=True)
    return tuple(stays)


def inbox_faults() -> Iterator[str]:
    """Yield a line for each accepted clip that cannot be analysed, since its note or the clip itself is damaged."""
    for folder in sorted(inbox_dir().glob("*/")):
        whole = {order.id for order in _orders_in(folder)}
        for own in sorted(folder.glob("*/")):
            # What a program that lives takes in or removes at this moment is half there, too.
            if own.name not in whole and _is_given_up(folder.with_suffix(".lock")) and own.exists():
                yield (
                    f"inbox: the order {own.name} has no note that can be read, or no clip; the next start of "
                    "`gaitlab app` removes it, so choose the clip again"
                )


def inbox_clips() -> tuple[Path, ...]:
    """Return the accepted clips that wait for the next start, as no program works for them."""
    given_up = (note.with_suffix("") for note in _notes() if _is_given_up(note))
    return tuple(order.clip for folder in given_up for order in _orders_in(folder) if order.message is None)


def _is_given_up(note: Path) -> bool:
    with held_by_nobody(note) as folder:
        return folder is not None


def _notes() -> list[Path]:
    return sorted(inbox_dir().glob("*.lock"))


def _orders_in(folder: Path) -> Iterator[Order]:
    """Yield the orders in the folder of a program; what cannot be read was never accepted."""
    for own in sorted(folder.glob("*/")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            values = json.loads((own / _NOTE).read_text(encoding="utf-8"))
            for name in ("accepted_at", "started_at"):
                values[name] = values[name] and datetime.fromisoformat(values[name])
            values["image_wh"] = values["image_wh"] and tuple(values["image_wh"])
            order = Order(id=own.name, folder=own, **values)
            if order.message is not None or order.clip.is_file():
                yield order


def _write(order: Order) -> None:
    """Write the note of an order in one step."""
    kept = ("file", "person", "settings", "fps", "image_wh", "starts", "message", "owner")
    values = {name: getattr(order, name) for name in kept}
    for name in ("accepted_at", "started_at"):
        moment = getattr(order, name)
        values[name] = moment and moment.isoformat()
    part = order.folder / f"{_NOTE}.part"
    with open(part, "w", encoding="utf-8", opener=_private) as file:
        json.dump(values, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, order.folder / _NOTE)


def _remove_unfinished(order: Order) -> None:
    """Remove what an analysis that broke off left beside the clip."""
    for path in order.clip.parent.glob("*"):
        if path != order.clip:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _written(write: Callable[[], _T]) -> _T:
    try:
        return write()
    except OSError as error:
        raise StoreError(f"{inbox_dir()}: it cannot be written ({error.strerror}); free some space") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
