"""Every exception GaitLab raises on purpose.

::

    GaitLabError                     exit code of the command line
    ├── UsageError                   2   the caller asked for something that does not exist or fit
    │   └── MissingExtraError        2   a part of the program that is not installed
    ├── InputError                   3   the file cannot be read as a video or as keypoints
    ├── ModelError                   4   the pose model is missing or not what it should be
    ├── NoPersonError                5   nobody was found in the picture
    ├── StoreError                   6   the session store cannot be read or written
    │   ├── NotFoundError            6   no such session or person
    │   ├── NotAllowedError          6   the role of who asks, or a share, does not go that far
    │   └── StoreBusyError           6   another program holds it at the moment
    ├── SignInError                  1   the server asks who it is, and nobody is signed in
    └── AnalysisCancelled            130 the user stopped the analysis

A message is one line: the expected input, the actual input, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AnalysisCancelled",
    "GaitLabError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "NoPersonError",
    "NotAllowedError",
    "NotFoundError",
    "SignInError",
    "StoreBusyError",
    "StoreError",
    "UsageError",
]


class GaitLabError(Exception):
    """Root of the exceptions above; `exit_code` is what the command line returns.

    Parameters
    ----------
    message : str
    on_page : str, optional
        The message on a page of the app, where `message` names an option or a command of the command line.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str = "", *, on_page: str | None = None) -> None:
        super().__init__(message)
        self.on_page = message if on_page is None else on_page


class UsageError(GaitLabError):
    """An option or a combination of options that makes no sense."""

    exit_code = 2


class MissingExtraError(UsageError):
    """A part of the program whose packages are not installed; the message says which to install."""


class InputError(GaitLabError):
    """The input file cannot be read."""

    exit_code = 3


class ModelError(GaitLabError):
    """The pose model is not available or its checksum is wrong."""

    exit_code = 4


class NoPersonError(GaitLabError):
    """No person was found in the input."""

    exit_code = 5


class StoreError(GaitLabError):
    """The session store cannot be read or written."""

    exit_code = 6


class NotFoundError(StoreError):
    """The session or person asked for is not in the store."""


class NotAllowedError(StoreError):
    """The role of who asks, or what was shared with them, does not go that far."""


class StoreBusyError(StoreError):
    """Another program keeps the session store busy; the same may succeed a little later."""


class SignInError(GaitLabError):
    """Nobody is signed in (any more) where the server asks for it, or the sign-in is not set up as it must be."""


class AnalysisCancelled(GaitLabError):
    """The user stopped the analysis; nothing was saved."""

    exit_code = 130
