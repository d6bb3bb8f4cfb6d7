"""A trial of a model file nobody knows: a program of its own loads it and lets it look at a picture.

What a damaged or hostile file does to the interpreter, it does to that program: ``python -m
gaitlab.pose.networks.trial FILE``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

import gaitlab
from gaitlab.errors import GaitLabError, ModelError
from gaitlab.limits import MODEL_MEMORY_MAX_BYTES, MODEL_TRIAL_MAX_S
from gaitlab.pose.networks.load import load_pose_model

__all__ = ["require_usable"]

_REFUSED: Final = 4
_NOT_USED: Final = "so it is not used; it is damaged or no pose model"


def require_usable(path: Path, *, max_s: float = MODEL_TRIAL_MAX_S) -> None:
    """Return when a model file can be loaded and looks at a picture; this program is safe whatever the file is.

    Parameters
    ----------
    path : Path
    max_s : float
        Time for all of it.

    Raises
    ------
    ModelError
        With the reason.
    """
    places = (str(Path(gaitlab.__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(path)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(place for place in places if place)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=max_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{path}: the file took more than {max_s:g} s to look at a picture, {_NOT_USED}") from error
    if done.returncode == _REFUSED:
        raise ModelError(done.stdout.decode("utf-8", "replace").strip())
    if done.returncode != 0:
        raise ModelError(f"{path}: the file ended the program that tried it ({done.returncode}), {_NOT_USED}")


def _bound_memory() -> None:
    """Let this program have no more memory than it needs for a pose model; only Linux keeps to it."""
    if sys.platform == "linux":
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MODEL_MEMORY_MAX_BYTES, MODEL_MEMORY_MAX_BYTES))


def _try(path: Path) -> None:
    """Load a file and show it a grey picture; ModelError for whatever comes of it."""
    try:
        model = load_pose_model(path, threads=1, several=True)
        width, height = model.input_wh
        model(np.full((height, width, 3), 128, dtype=np.uint8))
    except GaitLabError:
        raise
    except Exception as error:  # the interpreter raises whatever comes
        raise ModelError(f"{path}: the file fails at a picture ({type(error).__name__}), {_NOT_USED}") from error


def _main() -> int:
    _bound_memory()
    try:
        _try(Path(sys.argv[1]))
    except GaitLabError as error:
        sys.stdout.buffer.write(str(error).encode("utf-8"))
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main())
