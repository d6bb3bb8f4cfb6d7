"""Two to six sessions in phase, one over the other: their clips or figures, and their mean curves in one chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from gaitlab.gait.cycle_curves import cycle_curves
from gaitlab.gait.events import N_MIN_STRIDES
from gaitlab.gait.mean_walk import mean_walk
from gaitlab.history.sessions import ComparedMetric
from gaitlab.metrics.words import angle_label, date_words
from gaitlab.records import Analysis
from gaitlab.records.skeleton import SIDES, Side
from gaitlab.repetitions.exercises import standard_of
from gaitlab.repetitions.repetition_curves import N_MIN_REPETITIONS, repetition_curves
from gaitlab.storage import StoredSession
from gaitlab.ui.compare.changes import change_words
from gaitlab.ui.compare.movements import Movement, body_height_px, choose_repetition, cycle_of, lengths_px, movements
from gaitlab.ui.shared.clip_route import clip_url
from gaitlab.ui.shared.overlay import Curve, Cycle, Kind, Line, Take, overlay_data

__all__ = ["LaidOver", "laid_over"]

#: Joint of a curve -> the numbers that say what changed there.
_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "knee_flexion": ("knee_range", "knee_flexion_peak"),
    "hip_flexion": ("hip_range",),
    "trunk_lean": ("trunk_lean_mean",),
}
_HINT: Final = "Both run in step, as large as each other, hips on hips; who faces left is mirrored. "
_HINT_ON_CURVES: Final = "Move over the curve to see that moment. Bands: one SD between {each}."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOver:
    """The data of the overlay; None where the pair cannot be laid over one another, and why not.

    Attributes
    ----------
    data : dict, optional
    why_not : str
        A sentence; empty where there is an overlay.
    unseen : bool
        Whether filming in another way helps.
    left_out : tuple of StoredSession
        Those beside the pair that cannot be shown in its size.
    """

    data: dict[str, Any] | None = None
    why_not: str = ""
    unseen: bool = False
    left_out: tuple[StoredSession, ...] = ()


def laid_over(
    sessions: Sequence[StoredSession],
    pair: tuple[int, int],
    *,
    rows: Sequence[ComparedMetric],
    repetitions: Mapping[int, int],
    zone: tzinfo | None,
) -> LaidOver:
    """Return the data of the overlay, or why there is none.

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
    found = [_movements(stored, repetitions.get(stored.header.id)) for stored in sessions]
    labels = _labels(sessions, zone)
    for number in pair:
        if not found[number]:
            asked = repetitions.get(sessions[number].header.id)
            return _not_seen(labels[number], asked)
    common = _common_sides([found[number] for number in pair])
    if not common:
        whole = "stride" if sessions[0].analysis.gait else "repetition"
        own = ", ".join(f"of {labels[number]} the {' and the '.join(found[number])} one" for number in pair)
        return LaidOver(why_not=f"No {whole} of the same side can be shown: {own}.")
    cycles = _cycles([stored.analysis for stored in sessions], found, pair, common)
    if not cycles[pair[0]]:
        why = "No part of the body, of trunk, thighs and shanks, was seen in both, so they cannot be made as large."
        return LaidOver(why_not=why, unseen=True)
    kept = [number for number, own in enumerate(cycles) if own]
    takes = [_take(sessions[number], cycles[number], labels[number]) for number in kept]
    data = _data(
        [sessions[number] for number in kept],
        takes,
        (kept.index(pair[0]), kept.index(pair[1])),
        rows=rows,
    )
    return LaidOver(data=data, left_out=tuple(stored for n, stored in enumerate(sessions) if n not in kept))


def _not_seen(label: str, repetition: int | None) -> LaidOver:
    if repetition is None:
        return LaidOver(why_not=f"Hips and knees were not seen well enough on {label}.", unseen=True)
    why = f"Repetition {repetition} of {label} cannot be shown: the hips were not seen at its start and its end."
    return LaidOver(why_not=f"{why} Choose another one.")


def _data(
    sessions: Sequence[StoredSession], takes: Sequence[Take], pair: tuple[int, int], *, rows: Sequence[ComparedMetric]
) -> dict[str, Any]:
    analyses = [stored.analysis for stored in sessions]
    first, second = (takes[i] for i in pair)
    sides = {*first.cycles, "both"}
    curves = [
        curve
        for curve in _curves(analyses, rows)
        if set(pair) <= {line.take for line in curve.lines} and (curve.side in sides or "both" in first.cycles)
    ]
    is_walk = analyses[0].gait is not None
    lengths = [cycle.events_s[-1] - cycle.events_s[0] for take in (first, second) for cycle in take.cycles.values()]
    names = " and ".join(take.label for take in (first, second))
    shown = [[cycle.title for cycle in take.cycles.values()] for take in takes]
    return overlay_data(
        takes,
        label=f"{'Strides' if is_walk else 'Repetitions'} of {names} over one another",
        version=str(
            [
                pair,
                *(
                    (stored.header.id, hash(stored.analysis.edits), *own)
                    for stored, own in zip(sessions, shown, strict=True)
                ),
            ]
        ),
        whole="gait cycle" if is_walk else "repetition",
        is_cycle=is_walk,
        lap_s=sum(lengths) / len(lengths),
        kinds=tuple(_kinds(first, second)),
        curves=curves,
        pair=pair,
        hint=_HINT + (_about_curves(is_walk) if curves else _why_no_curves(is_walk)),
    )


def _about_curves(is_walk: bool) -> str:
    return _HINT_ON_CURVES.format(each="strides" if is_walk else "repetitions, whose turning point is at 50 %")


def _why_no_curves(is_walk: bool) -> str:
    needed = f"{N_MIN_STRIDES} strides of the same leg" if is_walk else f"{N_MIN_REPETITIONS} repetitions"
    return f"There are no mean curves: they need {needed}, seen as a whole, in both sessions."


def _movements(stored: StoredSession, repetition: int | None) -> dict[Side, Movement]:
    if repetition is None:
        return movements(stored.analysis)
    return choose_repetition(stored.analysis, repetition)


def _common_sides(pair: Sequence[Mapping[Side, Movement]]) -> list[Side]:
    """Return the sides of which all have a movement, their own or one of both sides together."""
    sides: tuple[Side, ...] = (*SIDES, "both")
    own = [side for side in sides if any(side in moved for moved in pair)]
    return [side for side in own if all(side in moved or "both" in moved for moved in pair)]


def _cycles(
    analyses: Sequence[Analysis],
    found: Sequence[Mapping[Side, Movement]],
    pair: tuple[int, int],
    common: Sequence[Side],
) -> list[dict[Side, Cycle]]:
    """Return the movements of the sides that the pair has in common, as large as each other.

    The pair has its size from the lengths that both show; another session has that of the first of the pair by the
    lengths that all three show, and no movement where there is none.
    """
    cycles: list[dict[Side, Cycle]] = [{} for _ in found]
    for side in common:
        own = {n: moved.get(side) or moved["both"] for n, moved in enumerate(found) if side in moved or "both" in moved}
        lengths = {number: lengths_px(analyses[number], movement) for number, movement in own.items()}
        of_pair = [lengths[number] for number in pair]
        pair_px = body_height_px(of_pair)
        if not pair_px:
            continue
        heights_px = dict(zip(pair, pair_px, strict=True))
        for number in own.keys() - heights_px.keys():
            if of_three := body_height_px([*of_pair, lengths[number]]):
                heights_px[number] = of_three[-1] * pair_px[0] / of_three[0]
        for number, height_px in heights_px.items():
            cycles[number][side] = cycle_of(analyses[number], own[number], height_px=height_px)
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
