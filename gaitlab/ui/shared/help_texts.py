"""Texts of the pages: help, labels, stages and durations in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from gaitlab.metrics.words import spoken
from gaitlab.repetitions.activities import activity_label

__all__ = [
    "COMMENTS_HELP",
    "EDIT_HELP",
    "HIDE_HELP",
    "LIVE_HELP",
    "LOOKING_HELP",
    "NOBODY_HELP",
    "ONE_PAGE_HELP",
    "PROGRAMME_CHOICE_HELP",
    "PROGRAMME_HELP",
    "QUESTION_HELP",
    "RANGE_HELP",
    "SCALE_HELP",
    "SETS_HELP",
    "SHARE_HELP",
    "TEMPO_HELP",
    "UNDO_HELP",
    "WHOM_HELP",
    "duration_words",
    "live_model_label",
    "live_place_label",
    "live_unit",
    "markdown_text",
    "stage_words",
]

EDIT_HELP: Final = (
    "Select a row of the table, or take the moment that the player shows. The numbers follow at once; what was "
    "found is kept, every correction can be taken back, and the report tells of it. Labels in the video stay."
)
LIVE_HELP: Final = (
    "Of several people the nearest one is followed; tap or click another one in the picture to follow them. What "
    "leaves this browser is said below the picture; points and frames are not kept. The recording stays in the browser "
    "until you save it. On another device the page must be opened over HTTPS, or the browser gives it no "
    "camera (see the README)."
)
LOOKING_HELP: Final = "Finding out who is in the clip, and how it was filmed…"
SETS_HELP: Final = (
    "A set begins by itself two seconds after you are in sight, or when you raise one hand over your head. It ends "
    "with its last repetition, with a raised hand, or ten seconds after you went away. *Voice* and *Sounds* below the "
    "picture say what happens."
)
TEMPO_HELP: Final = (
    "Seconds of the way down, the hold at the bottom, the way up and the hold at the top. A bar in the picture shows "
    "the target, and the time that you took for the last repetition."
)
PROGRAMME_CHOICE_HELP: Final = (
    "What this person trains; it is changed under *History*, on the page of the person. A click chooses exercise, "
    "sets, rest, tempo and range; sets and tempo can be changed for today under *Sets and rests*."
)
PROGRAMME_HELP: Final = (
    "What this person trains. *Live* offers it first: one click on an exercise chooses its sets, tempo and range, and "
    "after the last set the page goes on to the next exercise."
)
RANGE_HELP: Final = (
    "How far this side shall go, in percent of a full repetition; empty for a full one. On Live the band to reach "
    "begins there. Where both sides move as one, the smaller number holds."
)
SHARE_HELP: Final = (
    "Reports hold numbers and drawn figures; pictures only where you choose the clip. Faces can be hidden there; look "
    "through it before you hand it on."
)
ONE_PAGE_HELP: Final = "To print, with drawn figures. A question, pictures of the clip and Letter paper: under *Share*."
QUESTION_HELP: Final = "It stands on the page and is not kept with the session."
COMMENTS_HELP: Final = (
    "Each is pinned to its moment: a click on it goes there. They are in the file only and are not kept with the "
    "session. The player shows the moment."
)
UNDO_HELP: Final = "The button takes it back until this browser tab is closed."
HIDE_HELP: Final = (
    "A face is hidden where the pose model sees a head. A mirror image is not, nor a picture on a wall; of everybody, "
    "people who are less than half as large as the largest are not. Everybody takes about as long as the analysis."
)
NOBODY_HELP: Final = (
    "Nobody was found in a first look at this clip. The whole body should be in the picture, in good light and near "
    "enough. You can analyse it all the same."
)
SCALE_HELP: Final = (
    "Click two points in the picture whose distance you know, as far away as the person walks: the ends of a mat, two "
    "cones, a door frame. Or type them in pixels. Without a scale nothing is given in metres."
)
WHOM_HELP: Final = (
    "Click on a person in the picture, or choose a number. Automatic takes the one who stands out most by size, place "
    "and movement."
)
_LIVE_MODELS: Final[Mapping[str, str]] = {
    "movenet-thunder-fp16": "Exact (Thunder FP16)",
    "movenet-thunder-int8": "Quick (Thunder INT8)",
    "movenet-lightning-web": "Lightning",
    "movenet-thunder-web": "Thunder",
}
_STAGES: Final[Mapping[str, str]] = {
    "": "Starting",
    "model": "Loading the pose model",
    "pose": "Finding the person in every frame",
    "overlay": "Drawing the skeleton on the clip",
    "saving": "Saving the session",
    "waiting": "Waiting until another program is done with the sessions",
}
_ADDRESS: Final = re.compile(r"https?(?=:)|www(?=\.)|@", re.IGNORECASE)
_WORD_JOINER: Final = "\u2060"
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@/])")


def markdown_text(text: str) -> str:
    """Escape text of a user or a file, so that a page shows it literally.

    Pages make links of web and mail addresses after they have removed the escapes, unless something invisible is in
    them.
    """
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub(f"\\g<0>{_WORD_JOINER}", " ".join(text.split())))


def live_unit(activity: str, *, shallow: int = 0) -> str:
    """Return the label of the number on the Live page, with how many of it are shallow; empty before it is known."""
    known = {"gait": "steps per minute", "auto": "", "repeated": "Repetitions"}
    label = known.get(activity, activity_label(activity))
    return f"{label}, {shallow} shallow" if shallow else label


def live_model_label(model: str) -> str:
    """Return the label of a pose model on the Live page."""
    return _LIVE_MODELS.get(model, model)


def live_place_label(place: str) -> str:
    """Return the label of a place where the pose model may run: "computer", "server", or a network for browsers."""
    if place in _LIVE_MODELS:
        return f"On this computer: {live_model_label(place)}"
    return {"computer": "On this computer", "server": "On the server"}[place]


def stage_words(stage: str) -> str:
    """Return the description of a stage of an analysis."""
    return _STAGES.get(stage, spoken(stage))


def duration_words(seconds: float) -> str:
    """Return the time left in words, rounded as an estimate."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 90:
        return f"about {math.ceil(seconds / 10) * 10} seconds left"
    return f"about {math.ceil(seconds / 60)} minutes left"
