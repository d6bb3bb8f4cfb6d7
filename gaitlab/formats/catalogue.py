"""The formats of keypoints that are read and written, as one table, and the writer that goes by the name of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gaitlab.errors import UsageError
from gaitlab.formats.c3d import write_c3d
from gaitlab.formats.coco import write_coco
from gaitlab.formats.csv import write_track
from gaitlab.formats.deeplabcut import write_deeplabcut
from gaitlab.formats.movement_nc import write_movement
from gaitlab.formats.openpose import write_openpose
from gaitlab.formats.trc import write_trc
from gaitlab.records import PoseTrack

__all__ = ["FORMATS", "WRITTEN_BY_CONVERT", "FileFormat", "write_keypoints"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A format of other programs.

    Attributes
    ----------
    name : str
        As people call it.
    files : str
        What its files are called.
    is_read : bool
    written_as : str
        Name for `gaitlab export`; empty = not written.
    needs : str
        What has to be given on the command line; empty = nothing.
    """

    name: str
    files: str
    is_read: bool = True
    written_as: str = ""
    needs: str = ""


FORMATS: Final[tuple[FileFormat, ...]] = (
    FileFormat(name="GaitLab CSV, also as saved by Excel", files="*.csv, *.csv.gz, *.tsv", written_as="keypoints"),
    FileFormat(
        name="OpenPose, Pose2Sim, Sports2D JSON (25, 18, 17, 26 points)",
        files="folder or zip of *.json",
        written_as="openpose",
        needs="--fps",
    ),
    FileFormat(name="COCO keypoints", files="*.json", written_as="coco", needs="--fps, unless times are in it"),
    FileFormat(name="COCO results, AlphaPose", files="*.json", needs="--fps"),
    FileFormat(name="MMPose inferencer", files="*.json", needs="--fps"),
    FileFormat(name="Ultralytics, a list of frames", files="*.json", needs="--fps"),
    FileFormat(name="MediaPipe, 33 landmarks", files="*.json, *.csv", needs="--image-wh; --fps"),
    FileFormat(name="DeepLabCut", files="*.csv, *.h5", written_as="deeplabcut", needs="--fps"),
    FileFormat(name="SLEAP analysis", files="*.csv, *.h5", needs="--fps"),
    FileFormat(name="movement netCDF", files="*.nc", written_as="movement", needs="--fps, unless times are in it"),
    FileFormat(name="OpenSim, Vicon, Sports2D markers", files="*.trc", written_as="trc"),
    FileFormat(name="C3D markers", files="*.c3d", written_as="c3d"),
    FileFormat(name="OpenSim motion", files="*.mot", is_read=False, written_as="mot"),
    FileFormat(name="angles over time", files="*.csv", is_read=False, written_as="angles"),
    FileFormat(name="angles over time, Parquet", files="*.parquet", is_read=False, written_as="angles-parquet"),
    FileFormat(name="Motion-BIDS", files="*.zip", is_read=False, written_as="bids"),
    FileFormat(name="FHIR R4 observations", files="*.json", is_read=False, written_as="fhir"),
)

#: Ending of a file, the longest first → writer.
_WRITERS: Final[Mapping[str, Callable[[Path, PoseTrack, str], None]]] = {
    ".dlc.csv": lambda path, track, _: write_deeplabcut(path, track),
    ".csv.gz": lambda path, track, _: write_track(path, track),
    ".csv": lambda path, track, _: write_track(path, track),
    ".json": lambda path, track, file: write_coco(path, track, file=file),
    ".trc": lambda path, track, _: write_trc(path, track, px_per_m=None),
    ".c3d": lambda path, track, _: write_c3d(path, track, px_per_m=None),
    ".nc": lambda path, track, file: write_movement(path, track, file=file),
}
WRITTEN_BY_CONVERT: Final = (*_WRITERS, "a name without ending, for a folder of OpenPose JSON")


def write_keypoints(path: Path, track: PoseTrack, *, file: str) -> None:
    """Write a track in the format that the ending of the name tells; a name without ending is a folder of OpenPose.

    Parameters
    ----------
    path : Path
    track : PoseTrack
    file : str
        Name of the clip or file that the track comes from.

    Raises
    ------
    UsageError
        For another ending, or a folder that has files in it.
    """
    for ending, write in _WRITERS.items():
        if path.name.lower().endswith(ending):
            write(path, track, file)
            return
    if path.suffix:
        raise UsageError(f"{path}: expected a name that ends in {', '.join(WRITTEN_BY_CONVERT)}")
    if path.is_dir() and any(path.iterdir()):
        raise UsageError(f"{path}: this folder has files in it; choose a new one")
    write_openpose(path, track, stem=Path(file).stem or "clip")
