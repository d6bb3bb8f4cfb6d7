"""What the page asks for files of keypoints: what such files may not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from gaitlab.formats.any_keypoints import holds_keypoints
from gaitlab.formats.picture_files import holds_pictures
from gaitlab.sessions import AnalysisRequest
from gaitlab.ui.analyse.waiting_clips import WaitingClip

__all__ = ["KEYPOINT_FILES", "KeypointFacts", "ask_keypoints", "is_keypoints"]

#: Endings of files of keypoints for the browser's dialog.
KEYPOINT_FILES: Final = ".csv,.gz,.tsv,.json,.trc,.c3d,.h5,.nc,.zip"
_RATE_HELP: Final = "Many keypoint files tell no time, and pictures never do. Leave it empty where the file has times."
_SIZE_HELP: Final = "Needed where coordinates go from 0 to 1, as MediaPipe writes them."
_PERSON_HELP: Final = "Where several people are in the file, in the order in which they appear. 0: found automatically."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeypointFacts:
    """What was typed: frames per second, size of the picture, number of the person; None and 0 = not told."""

    fps: float | None = None
    image_wh: tuple[int, int] | None = None
    person: int = 0

    def added_to(self, request: AnalysisRequest) -> AnalysisRequest:
        """Return the request with these facts."""
        settings = request.settings
        if self.person:
            settings = replace(settings, pose=replace(settings.pose, subject=str(self.person)))
        return replace(request, settings=settings, fps=self.fps, image_wh=self.image_wh)


def is_keypoints(clip: WaitingClip) -> bool:
    """Return whether a file that waits holds keypoints or numbered pictures: neither tells all that is needed."""
    return holds_keypoints(clip.path) or holds_pictures(clip.path)


def ask_keypoints(clips: Sequence[WaitingClip]) -> KeypointFacts:
    """Ask for what files of keypoints may not tell; nothing is shown when all clips are videos."""
    if not any(is_keypoints(clip) for clip in clips):
        return KeypointFacts()
    st.caption("Keypoints of another program, or a zip of pictures: there is no first look.")
    rate, wide, high, person = st.columns(4)
    fps = rate.number_input(
        "Frames per second", min_value=1.0, max_value=1000.0, value=None, help=_RATE_HELP, key="keypoints-fps"
    )
    width = wide.number_input("Width, px", min_value=1, value=None, help=_SIZE_HELP, key="keypoints-width")
    height = high.number_input("Height, px", min_value=1, value=None, help=_SIZE_HELP, key="keypoints-height")
    number = person.number_input(
        "Person", min_value=0, max_value=99, value=0, help=_PERSON_HELP, key="keypoints-person"
    )
    return KeypointFacts(fps=fps, image_wh=(width, height) if width and height else None, person=int(number))
