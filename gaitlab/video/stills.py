"""Still pictures."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from gaitlab.errors import InputError
from gaitlab.types import UInt8Array

__all__ = ["read_picture"]


def read_picture(path: Path) -> UInt8Array:
    """Return a still picture as upright RGB of shape (H, W, 3), its EXIF orientation applied.

    Raises
    ------
    InputError
        When the file is missing or no picture.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; check the path")
    encoded = np.fromfile(path, dtype=np.uint8)
    picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if encoded.size else None
    if picture is None:
        raise InputError(f"{path.name}: this is not a picture that can be read; give a JPEG, PNG or BMP file")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), dtype=np.uint8)
