"""Two to six sessions in phase, one over the other: their clips or figures, and their mean curves in one chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final

from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.gait.mean_walk import mean_walk
from gaitlab.history.sessions import ComparedMetric
from gaitlab.metrics.words import angle_label, date_words
from gaitlab.records import Analysis
from gaitlab.records.skeleton import SIDES, Side
from gaitlab.repetitions.exercises import standard_of
from gaitlab.repetitions.repetition_curves import repetition_curves
from gaitlab.storage import StoredSession
from gaitlab.ui.compare.changes import change_words
from gaitlab.ui.compare.movements import Movement, body_height_px, choose_repetition, cycle_of, lengths_px, movements
from gaitlab.ui.shared.clip_route import clip_url
from gaitlab.ui.shared.overlay import Curve, Cycle, Kind, Line, Take, overlay_data

__all__ = ["laid_over"]

#: Joint of a curve -> the numbers that say what changed there.
_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "knee_flexion": ("knee_range", "knee_flexion_peak"),
    "hip_flexion": ("hip_range",),
    "trunk_lean": ("trunk_lean_mean",),
}
_HINT: Final = (
    "Both run in step, as large as each other, hips on hips; who faces left is mirrored. Move over the curve to see "
    "that moment. Bands: one SD between {each}."
)


def laid_over(
    sessions: Sequence[StoredSession],
    pair: tuple[int, int],
    *,
    rows: Sequence[ComparedMetric],
    repetitions: Mapping[int, int],
    zone: tzinfo | None,
) -> dict[str, Any] | None:
    """Return the data of the overlay; None where a stride or repetition of the pair was not seen well enough.

    Parameters
    ----------
    sessions : sequence of StoredSession
        Of one activity and view, the earliest first.
    pair : tuple of int
        Which of them lie over one another.
    rows : sequence of ComparedMetric
        What changed between these two.
    repetitions : mapping of int to int
        Session -> number of the repetition to show; default: the most typical one.
    zone : tzinfo or None
        Of the dates.
    """
    analyses = [stored.analysis for stored in sessions]
    found = [_movements(stored, repetitions.get(stored.header.id)) for stored in sessions]
    cycles = _cycles(analyses, found)
    labels = _labels(sessions, zone)
    takes = [_take(*one) for one in zip(sessions, cycles, labels, strict=True)]
    curves = [curve for curve in _curves(analyses, rows) if set(pair) <= {line.take for line in curve.lines}]
    first, second = (takes[i] for i in pair)
    if not first.cycles.keys() & second.cycles.keys():
        return None
    is_walk = analyses[0].gait is not None
    lengths = [cycle.events_s[-1] - cycle.events_s[0] for take in (first, second) for cycle in take.cycles.values()]
    names = " and ".join(take.label for take in (first, second))
    return overlay_data(
        takes,
        label=f"{'Strides' if is_walk else 'Repetitions'} of {names} over one another",
        version=str(
            [
                (stored.header.id, hash(stored.analysis.edits), str(own))
                for stored, own in zip(sessions, found, strict=True)
            ]
        ),
        whole="gait cycle" if is_walk else "repetition",
        is_cycle=is_walk,
        lap_s=sum(lengths) / len(lengths),
        kinds=tuple(_kinds(first, second)),
        curves=curves,
        pair=pair,
        hint=_HINT.format(each="strides" if is_walk else "repetitions, whose turning point is at 50 %"),
    )


def _movements(stored: StoredSession, repetition: int | None) -> dict[Side, Movement]:
    chosen = {} if repetition is None else choose_repetition(stored.analysis, repetition)
    return chosen or movements(stored.analysis)


def _cycles(analyses: Sequence[Analysis], found: Sequence[Mapping[Side, Movement]]) -> list[dict[Side, Cycle]]:
    """Return the movements of a side as large as each other; of people of whom no length is seen there are none."""
    cycles: list[dict[Side, Cycle]] = [{} for _ in found]
    sides: tuple[Side, ...] = (*SIDES, "both")
    for side in sides:
        own = [(number, moved[side]) for number, moved in enumerate(found) if side in moved]
        heights_px = body_height_px([lengths_px(analyses[number], movement) for number, movement in own])
        for (number, movement), height_px in zip(own, heights_px, strict=False):
            cycles[number][side] = cycle_of(analyses[number], movement, height_px=height_px)
    return cycles


def _labels(sessions: Sequence[StoredSession], zone: tzinfo | None) -> list[str]:
    """Return the days of sessions, with the time of day where two are of one day."""
    full = [date_words(stored.header.recorded_at, zone) for stored in sessions]
    days = [words.partition(",")[0] for words in full]
    return days if len(set(days)) == len(days) else full


def _take(stored: StoredSession, cycles: Mapping[Side, Cycle], label: str) -> Take:
    analysis, path = stored.analysis, stored.media.get("overlay")
    walk = mean_walk(analysis.gait, cycle_curves(analysis)) if analysis.gait else None
    return Take(
        label=label,
        cycles=cycles,
        walk=walk,
        src=clip_url(stored.header.id) if path is not None and path.is_file() else None,
        image_wh=analysis.track.image_wh,
    )


def _kinds(first: Take, second: Take) -> Iterator[Kind]:
    if all(take.src and take.image_wh for take in (first, second)):
        yield "clip"
    yield "figure"
    if first.walk and second.walk:
        yield "walk"


def _curves(analyses: Sequence[Analysis], rows: Sequence[ComparedMetric]) -> Iterator[Curve]:
    """Yield the mean curves of all sessions, an angle and a side at a time."""
    lines: dict[tuple[str, Side], list[Line]] = {}
    for take, analysis in enumerate(analyses):
        for one in cycle_curves(analysis):
            line = Line(take=take, n=one.n, mean_deg=one.mean_deg, sd_deg=one.sd_deg)
            lines.setdefault((one.name, one.side), []).append(line)
        for own in repetition_curves(analysis):
            line = Line(take=take, n=own.n, mean_deg=own.mean_deg, sd_deg=own.sd_deg)
            joint = own.angle.removeprefix(f"{own.side}_")
            lines.setdefault((joint, own.side), []).append(line)
    chosen = standard_of(analyses[0].activity.kind).angle or "knee_flexion"
    for (joint, side), own_lines in lines.items():
        numbers = _NUMBERS.get(joint, ()) if joint != chosen or analyses[0].gait else ("range_of_motion",)
        said = [change_words(row) for row in rows if row.name in numbers and row.side in {side, "both", None}]
        yield Curve(
            joint=joint,
            label=angle_label(joint),
            side=side,
            lines=tuple(own_lines),
            said=" ".join(said),
            is_chosen=joint == chosen,
        )
