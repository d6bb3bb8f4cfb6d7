"""The session's clip and its curves as one Streamlit component: `player.html`, `.css` and the scripts beside it.

The curves here are drawn by the component itself, not by Plotly: they follow the clip frame by frame, which needs
one script that holds both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final, Literal

import numpy as np
import streamlit as st

from gaitlab.metrics.words import angle_label
from gaitlab.motion.body_figure import FIGURE_PLAN
from gaitlab.motion.kinematics import Segment
from gaitlab.records import Analysis, Edit, PoseTrack, Repetition
from gaitlab.records.skeleton import SIDE_COLORS, side_of_name
from gaitlab.repetitions.exercises import standard_of
from gaitlab.repetitions.sets import best_and_worst
from gaitlab.reports.angle_arcs import drawn_arms
from gaitlab.reports.charts import SPAN_MIN_DEG
from gaitlab.reports.key_moments import front_words, stances
from gaitlab.reports.sentences import pair_words
from gaitlab.ui.shared.component_script import component_script, no_callback
from gaitlab.ui.shared.figures import angle_joints
from gaitlab.ui.shared.packed import LARGEST, packed

__all__ = ["Told", "player_data", "session_player"]

_HERE = files("gaitlab.ui.session")
#: Eleven minutes at 30 frames per second; of a longer clip fewer moments are sent, and it loads as fast.
_ROWS_MAX: Final = 20_000
_ROOM: Final = 0.08

#: Names of the colours of the sides in the style sheet.
_COLORS: Final = "".join(f"--{side}: {color};" for side, color in SIDE_COLORS.items())


#: Parts of a degree and of a pixel that are told apart.
_PER_DEG, _PER_PX_MAX = 10.0, 10.0


def _poses(track: PoseTrack, rows: slice) -> dict[str, Any] | None:
    """Return the poses; None where nobody is seen."""
    xy_px = track.drawn_px(rows)
    if not np.isfinite(xy_px).any():
        return None
    per_px = min(_PER_PX_MAX, LARGEST / max(1.0, float(np.nanmax(np.abs(xy_px)))))
    return {"packed": packed(xy_px, per_px), "per_px": per_px, "n_points": xy_px.shape[1]}


def player_data(analysis: Analysis, *, src: str | None, version: str) -> dict[str, Any]:
    """Return the data of the component as JSON values.

    Parameters
    ----------
    analysis : Analysis
    src : str or None
        Address of the annotated clip; None shows the stick figure alone.
    version : str
        A new version makes the component redraw everything.
    """
    track = analysis.track
    rows = slice(None, None, max(1, -(-len(track) // _ROWS_MAX)))
    is_real_time = np.allclose(track.time_s, analysis.track_raw.time_s)
    return {
        "version": version,
        "src": src,
        "time_s": track.time_s[rows].round(4).tolist(),
        "file_s": None if is_real_time else analysis.track_raw.time_s[rows].round(4).tolist(),
        "poses": _poses(track, rows),
        "image_wh": track.image_wh,
        "box": _box(track, rows),
        "plan": FIGURE_PLAN,
        "span_min_deg": SPAN_MIN_DEG,
        "first_look_s": _first_look_s(analysis),
        "curves": _curves(analysis, rows),
        "spans": [_span(rep) for rep in _repetitions(analysis)],
        "steps": _steps(analysis),
        "lanes": _lanes(analysis),
        "tiles": list(_repetition_tiles(analysis)),
        "takes_repetitions": analysis.exercise is not None,
        "pair": _pair(analysis),
    }


def _box(track: PoseTrack, rows: slice) -> list[float]:
    """Return left, top, right and bottom of the window for the stick figure, the same for the whole track."""
    points = track.xy_px[rows].reshape(-1, 2)
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        return [0.0, 0.0, 1.0, 1.0]
    low, high = np.percentile(known, [0.5, 99.5], axis=0)
    room = _ROOM * max(1.0, float((high - low).max()))
    return [round(float(v), 1) for v in (*(low - room), *(high + room))]


def _first_look_s(analysis: Analysis) -> float | None:
    """Return the start of the movement, before which the picture may be empty; None if none was found."""
    contacts = analysis.gait.contacts if analysis.gait else ()
    return min([rep.start_s for rep in _repetitions(analysis)] + [contact.time_s for contact in contacts], default=None)


def _curves(analysis: Analysis, rows: slice) -> list[dict[str, Any]]:
    joints = angle_joints(analysis.angles)
    standard = standard_of(analysis.activity.kind)
    chosen = next((joint for joint in (standard.angle, "knee") if joint in joints), None)
    return [
        {
            "label": f"{angle_label(joint)}{front_words(analysis)}",
            "chosen": joint == chosen,
            "lines": [
                {
                    "side": side_of_name(name),
                    "deg": packed(analysis.angles.angle(name)[rows], _PER_DEG),
                    "arms": _arms(analysis, name, rows),
                }
                for name in names
            ],
        }
        for joint, names in joints.items()
    ]


def _arms(analysis: Analysis, name: str, rows: slice) -> dict[str, Any] | None:
    """Return where an angle lies in the picture, as numbers of keypoints; None where it is not to be drawn there."""
    arms = drawn_arms(analysis, name, rows)
    if arms is None:
        return None
    reference = arms.reference if isinstance(arms.reference, str) else _indices(arms.reference)
    return {"reference": reference, "arm": _indices(arms.arm)}


def _indices(segment: Segment) -> list[list[int]]:
    return [[int(keypoint) for keypoint in place] for place in segment]


def _repetitions(analysis: Analysis) -> tuple[Repetition, ...]:
    return analysis.exercise.repetitions if analysis.exercise else ()


def _mark(
    label: str, side: str, start_s: float, end_s: float | None, *, corrects: Literal["contact", "repetition"] | None
) -> dict[str, Any]:
    until = f" to {end_s:.2f}" if end_s is not None else ""
    words = f"{label}, {start_s:.2f}{until} s"
    return {"label": words, "side": side, "start_s": start_s, "end_s": end_s, "corrects": corrects}


def _span(rep: Repetition) -> dict[str, Any]:
    label = f"Repetition {rep.index}{', shallow' * rep.is_shallow}"
    number = f"({rep.index})" if rep.is_shallow else str(rep.index)
    return {**_mark(label, rep.side, rep.start_s, rep.end_s, corrects="repetition"), "number": number}


def _lanes(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the row of marks under the curve: the parts of every repetition; the script adds a row for each foot."""
    marks = [mark for rep in _repetitions(analysis) for mark in _parts(rep)]
    return [{"label": "", "side": "", "marks": marks}] if marks else []


def _parts(rep: Repetition) -> Iterator[dict[str, Any]]:
    """Yield the outward, hold and return phases of a repetition; without their durations, only the turning point."""
    if rep.outward_s is None or rep.hold_s is None or rep.return_s is None:
        yield _mark(f"Turn of repetition {rep.index}", rep.side, rep.turn_s, None, corrects=None)
        return
    hold_s = rep.start_s + rep.outward_s
    back_s = hold_s + rep.hold_s
    parts = (("way there", rep.start_s, hold_s), ("hold", hold_s, back_s), ("way back", back_s, back_s + rep.return_s))
    for what, start_s, end_s in parts:
        if end_s > start_s:
            yield _mark(f"Repetition {rep.index}, {what}", rep.side, start_s, end_s, corrects=None)


def _steps(analysis: Analysis) -> dict[str, Any] | None:
    """Return the heel strikes, a list for each of their times; None without any. The script finds the words."""
    gait = analysis.gait
    contacts = gait.contacts if gait else ()
    strikes = [contact for contact in contacts if contact.kind == "heel_strike"]
    if gait is None or not strikes:
        return None
    strides = {(stride.side, stride.start_s): stride.end_s for stride in gait.strides}
    usual_s = float(np.median([end_s - start_s for (_, start_s), end_s in strides.items()])) if strides else 0.0
    last_s = float(analysis.track.time_s[-1])
    lifted_s = {(stance.side, stance.start_s): stance.end_s for stance in stances(contacts)}
    return {
        "feet": "".join(strike.side[0] for strike in strikes),
        "at_s": [strike.time_s for strike in strikes],
        "until_s": [strides.get((one.side, one.time_s), min(one.time_s + usual_s, last_s)) for one in strikes],
        "lifted_s": [lifted_s.get((one.side, one.time_s)) for one in strikes],
    }


def _repetition_tiles(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Yield a tile for each repetition; those done best and least well say so where they differ."""
    repetitions = _repetitions(analysis)
    best, weakest = best_and_worst(repetitions) or (None, None)
    for rep in repetitions:
        yield _repetition_tile(rep, "best" if rep is best else "weakest" if rep is weakest else "")


def _repetition_tile(rep: Repetition, place: str) -> dict[str, Any]:
    """Return the tile of a repetition: its picture is the turn; `place` is its place in the set."""
    span = _span(rep)
    details = [f"{rep.range_deg:.0f}°"] if rep.range_deg is not None else []
    side = f", {rep.side}" if rep.side != "both" else ""
    label = f"Repetition {rep.index}{', shallow' * rep.is_shallow}{side}, turns at {rep.turn_s:.2f} s"
    facts = [*(f"{detail} of movement" for detail in details), *(note.text for note in rep.form), place]
    label = ", ".join(filter(None, [label, *facts]))
    words = " ".join(filter(None, [span["number"], *details, *("!" for _ in rep.form[:1]), place]))
    return {**span, "label": label, "key_s": rep.turn_s, "words": words}


def _pair(analysis: Analysis) -> list[dict[str, Any]]:
    pair = best_and_worst(_repetitions(analysis))
    if pair is None or not np.isfinite(analysis.track.xy_px).any():
        return []
    return [
        {
            "label": f"{word}: number {rep.index}",
            "why": why,
            "start_s": rep.start_s,
            "turn_s": rep.turn_s,
            "end_s": rep.end_s,
        }
        for word, rep, why in zip(("Best", "Weakest"), pair, pair_words(pair), strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the player just told: a moment chosen for a correction in seconds, or a correction made on the marks."""

    moment_s: float | None = None
    correction: Edit | None = None


def session_player(data: dict[str, Any], *, key: str, seek_s: float | None = None) -> Told:
    """Show clip and curves, and return what was just chosen or corrected there.

    Parameters
    ----------
    data : dict
        Of `player_data`.
    key : str
    seek_s : float, optional
        Go to this moment; passing the same moment again has no effect.
    """
    # Registered on every run, as Streamlit does not keep it over a restart of its runtime; the same again is no change.
    player = st.components.v2.component(
        "gaitlab.session_player",
        html=_HERE.joinpath("player.html").read_text(encoding="utf-8"),
        css=f".player {{ {_COLORS} }}\n{_HERE.joinpath('player.css').read_text(encoding='utf-8')}",
        js=component_script("session/player.js"),
    )
    seek = None if seek_s is None else {"time_s": seek_s, "key": f"{seek_s:.4f}"}
    result = player(
        key=key,
        data={**data, "seek": seek, "takes_moments": True},
        on_moment_change=no_callback,
        on_correction_change=no_callback,
    )
    return Told(
        moment_s=None if result.moment is None else float(result.moment),
        correction=None if result.correction is None else _edit(result.correction),
    )


def _edit(told: Mapping[str, Any]) -> Edit:
    to_s = told.get("to_s")
    return Edit(
        kind=told["kind"],
        time_s=float(told["time_s"]),
        to_s=None if to_s is None else float(to_s),
        side=told.get("side"),
        contact=told.get("contact"),
        created_at=datetime.now(UTC),
    )
