"""A folder, or a zip, of numbered pictures: the frames of a video, whose numbers are time."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Final, Self

from gaitlab.errors import InputError, UsageError
from gaitlab.formats.detections import FrameNumbers, numbered_files
from gaitlab.formats.picture_files import holds_pictures, pictures_in
from gaitlab.records import Frame, Picture, VideoInfo
from gaitlab.records.findings import Said, said
from gaitlab.video.reader import VideoReader
from gaitlab.video.repeats import RepeatWatch
from gaitlab.video.stills import decoded_still

__all__ = ["PictureFolder", "frames", "open_clip"]

_FILE_MAX_BYTES: Final = 64 << 20  # of one picture; the size in pixels is bounded, too


class PictureFolder:
    """Numbered pictures, read as `VideoReader` reads a file: one at a time, in the order of their numbers.

    Parameters
    ----------
    path : Path
        A folder, or a zip of one.
    fps : float or None
        Frames per second of the numbering.

    Attributes
    ----------
    info : VideoInfo
    findings : tuple of Said
        After the last frame.
    other_videos : tuple of str
        Always empty.
    n_damaged : int
        Pictures so far that could not be read; they are gaps in time.

    Raises
    ------
    InputError
        When the names have no numbers, or not those of one recording, or no picture can be read.
    UsageError
        Without `fps`.
    """

    other_videos: tuple[str, ...] = ()

    def __init__(self, path: Path, *, fps: float | None) -> None:
        self.findings: tuple[Said, ...] = ()
        self.n_damaged = 0
        names = pictures_in(path)
        if len({PurePosixPath(name).parent for name in names}) > 1:
            raise InputError(f"{path.name}: pictures lie in several folders of this zip; zip one recording alone")
        if fps is None:
            told = f"{path.name}: {len(names)} pictures tell no time"
            raise UsageError(
                f"{told}; give the frames per second with --fps",
                on_page=f"{told}; choose the file again and fill in Frames per second",
            )
        self._path, self._fps = path, fps
        self._files = dict(sorted(numbered_files(names, path.name).items()))
        self._numbers = FrameNumbers.of(set(self._files), file=path.name)
        self._archive = None if path.is_dir() else zipfile.ZipFile(path)
        first = next(self._pictures(), None)
        if first is None:
            self.close()
            raise InputError(f"{path.name}: none of its {len(names)} pictures can be read{self._why}")
        self.n_damaged = 0
        rate = fps / self._numbers.step
        self.info = VideoInfo(
            path=path,
            width_px=first[1].wh[0],
            height_px=first[1].wh[1],
            fps_nominal=rate,
            n_frames=len(self._files),
            duration_s=self._numbers.n / rate,
            rotation_deg=0,
        )

    def close(self) -> None:
        """Close the zip."""
        if self._archive is not None:
            self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pictures(self) -> Iterator[tuple[int, Picture]]:
        """Yield number and picture; those that cannot be read are counted."""
        self._why = ""
        for number, name in self._files.items():
            try:
                picture = Picture.of_rgb(decoded_still(self._bytes_of(name), PurePosixPath(name).name))
            except (OSError, InputError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
                self.n_damaged += 1
                self._why = self._why or f"; {error}"
                continue
            yield number, picture

    def _bytes_of(self, name: str) -> bytes:
        if self._archive is None:
            with (self._path / name).open("rb") as stored:
                data = stored.read(_FILE_MAX_BYTES + 1)
        else:
            with self._archive.open(name) as packed:
                data = packed.read(_FILE_MAX_BYTES + 1)
        if len(data) > _FILE_MAX_BYTES:
            raise InputError(f"{name}: expected at most {_FILE_MAX_BYTES >> 20} MB of a picture; make it smaller")
        return data

    def __iter__(self) -> Iterator[Frame]:
        """Yield frames in the order of their numbers; the time of a frame is its number over the rate."""
        self.n_damaged, watch = 0, RepeatWatch()
        for index, (number, picture) in enumerate(self._pictures()):
            time_s = (number - self._numbers.first) / self._fps
            if picture.wh != (self.info.width_px, self.info.height_px):
                self.findings += (said("size_changes", after_s=time_s),)
                break
            yield Frame(index=index, time_s=time_s, picture=picture, is_repeat=watch.is_repeat(picture, time_s))
        self.findings = (
            said("pictures_read", n=len(self._files), fps=self.info.fps_nominal),
            *self._numbers.findings(self._fps),
            *self.findings,
            *((said("pictures_unreadable", n=self.n_damaged),) if self.n_damaged else ()),
            *watch.findings(),
        )


def open_clip(path: Path, *, fps: float | None = None) -> VideoReader | PictureFolder:
    """Open a video file, or a folder or zip of pictures, which needs `fps`."""
    return PictureFolder(path, fps=fps) if holds_pictures(path) else VideoReader(path)


def frames(path: Path, *, fps: float | None = None) -> Iterator[Frame]:
    """Yield the frames of a video file, or of a folder or zip of pictures; errors as `open_clip`."""
    with open_clip(path, fps=fps) as reader:
        yield from reader
