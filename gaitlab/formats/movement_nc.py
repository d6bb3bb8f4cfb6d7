"""netCDF files of `movement`, which are HDF5: positions, confidences, and the names of points and people.

Needs the extra `formats` (h5py). `hdf5` reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from gaitlab.extras import need_extra
from gaitlab.records import PoseTrack
from gaitlab.records.skeleton import KEYPOINT_NAMES

__all__ = ["write_movement"]

#: The axes of movement's positions.
_DIMENSIONS: Final = ("time", "space", "keypoints", "individuals")


def write_movement(path: Path, track: PoseTrack, *, file: str, provenance: str = "") -> None:
    """Write a track as a dataset of poses, in pixels, with times in seconds; an unknown position is NaN.

    Parameters
    ----------
    path : Path
    track : PoseTrack
    file : str
        Name of the clip that it comes from.
    provenance : str
        A line for the attribute "gaitlab".

    Raises
    ------
    MissingExtraError
        When h5py is not installed.
    """
    need_extra("formats", "movement's netCDF")
    import h5py  # noqa: PLC0415 (an extra)

    texts = h5py.string_dtype("utf-8")
    with h5py.File(path, "w", track_order=True) as out:
        scales: dict[str, Any] = {
            "time": out.create_dataset("time", data=track.time_s),
            "space": out.create_dataset("space", data=["x", "y"], dtype=texts),
            "keypoints": out.create_dataset("keypoints", data=list(KEYPOINT_NAMES), dtype=texts),
            "individuals": out.create_dataset("individuals", data=["person"], dtype=texts),
        }
        for name, scale in scales.items():
            scale.make_scale(name)
        confidence = np.where(np.isfinite(track.xy_px).all(axis=2), track.score, 0.0)
        for name, values, axes in (
            ("position", np.moveaxis(track.xy_px, 1, 2)[..., np.newaxis], _DIMENSIONS),
            ("confidence", confidence[..., np.newaxis], ("time", "keypoints", "individuals")),
        ):
            data = out.create_dataset(name, data=values, fillvalue=np.nan)
            for axis, dimension in enumerate(axes):
                data.dims[axis].attach_scale(scales[dimension])
        about = {"fps": track.fps_mean, "time_unit": "seconds", "source_software": "GaitLab", "source_file": file}
        for key, value in {**about, "ds_type": "poses", "gaitlab": provenance}.items():
            out.attrs[key] = value
