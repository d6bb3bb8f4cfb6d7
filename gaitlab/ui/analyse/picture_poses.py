"""A picture among the files that wait: it holds no movement, so its poses are shown and nothing is measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from gaitlab.formats.picture_files import is_picture
from gaitlab.pipeline import PoseEngine, find_poses
from gaitlab.records import Picture
from gaitlab.records.tracks import Report
from gaitlab.ui.shared.help_texts import markdown_text
from gaitlab.video import read_picture
from gaitlab.video.overlay import with_poses
from gaitlab.video.picture import jpeg_of

__all__ = ["SeenPoses", "is_picture", "look_at_picture", "show_poses"]

_SIDE_MAX_PX: Final = 1280
_SHOWN_MAX_WH: Final = (576, 480)  # CSS pixels: all of it is to be seen at once
_NO_MODEL: Final = "the pose models are not on this computer yet; the analysis of a first video fetches them"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPoses:
    """The poses of a picture.

    Attributes
    ----------
    jpeg : bytes or None
        The picture with the skeletons drawn on it; None when no model was there to look at it.
    n : int
        How many people were found.
    image_wh : tuple of int
    """

    jpeg: bytes | None
    n: int = 0
    image_wh: tuple[int, int] = (1, 1)

    @property
    def shown_width(self) -> int:
        """Width on a wide page, in CSS pixels; on a narrow one the picture shrinks as a whole."""
        wide, high = self.image_wh
        return max(1, round(wide * min(_SHOWN_MAX_WH[0] / wide, _SHOWN_MAX_WH[1] / high)))


def look_at_picture(path: Path, *, engine_at_hand: Callable[[], PoseEngine | None], report: Report) -> SeenPoses:
    """Find everybody in a picture and draw the poses on it.

    Raises
    ------
    InputError
        When it cannot be read as a picture, or is too large.
    MissingExtraError
        For a HEIC picture without the extra `heic`.
    """
    report("looking", None)
    rgb = read_picture(path)
    engine = engine_at_hand()
    if engine is None:
        return SeenPoses(jpeg=None)
    picture = Picture.of_rgb(rgb)
    poses = find_poses(picture, engine)
    drawn = with_poses(rgb, [(pose.xy_px, pose.score) for pose in poses])
    return SeenPoses(jpeg=jpeg_of(Picture.of_rgb(drawn), side_max_px=_SIDE_MAX_PX), n=len(poses), image_wh=picture.wh)


def show_poses(pictures: Sequence[tuple[str, SeenPoses]]) -> None:
    """Show pictures, each with its name, and how many people are in them."""
    for name, seen in pictures:
        if seen.jpeg is None:
            st.info(f"{markdown_text(name)}: {_NO_MODEL}.", icon=":material/image:")
            continue
        people = "nobody was found" if seen.n == 0 else "1 person" if seen.n == 1 else f"{seen.n} people"
        alt = f"The picture {name} with the poses drawn on it: {people}"
        st.image(seen.jpeg, width=seen.shown_width, alt=alt)
        st.caption(f"{markdown_text(name)}: {people}. A picture shows no movement; to measure one, choose a video.")
