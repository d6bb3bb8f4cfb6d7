"""Every sentence on an analysis in English: why a number is missing and how to film it better, and notes.

A sentence is plain and short. Numbers are rounded here, not where they are measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

__all__ = ["CORRECTIONS", "SENTENCES"]

_LISTED_MAX: Final = 3

#: What speaks against an exercise.
_DOUBTS: Final[Mapping[str, str]] = {
    "position": "the body is in another position",
    "rest": "the movement does not begin where it usually does",
    "hands_stay": "the hands move along",
    "body_stays": "the body moves along",
    "feet_stay": "the feet leave their place",
    "knees_differ": "both knees are equally high",
    "knees_alike": "one knee is higher than the other",
    "legs_part": "the legs do not part",
    "hands_low": "the hands stay high",
    "elbows_down": "the elbows go up",
    "arms_raised": "the upper arms hang down",
    "not_overhead": "the arms go overhead",
    "thighs_steep": "the thighs go down",
    "hips_move": "the hips stay at their height",
}
#: Where a scale comes from.
_SCALES: Final[Mapping[str, str]] = {
    "scale": "the scale given",
    "points": "the two points",
    "belt": "the belt speed",
    "height": "the body height",
}
_ORDINALS: Final[Mapping[int, str]] = {2: "second", 3: "third"}


def _contact(side: str | None, contact: str | None) -> str:
    return f"the {side} {'heel strike' if contact == 'heel_strike' else 'toe-off'}"


#: What each kind of correction by hand does, by the values of an edit.
CORRECTIONS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "move_contact": lambda e: (
        f"{_contact(e['side'], e['contact'])} moved from {e['time_s']:.2f} s to {e['to_s']:.2f} s"
    ),
    "delete_contact": lambda e: f"{_contact(e['side'], e['contact'])} at {e['time_s']:.2f} s deleted",
    "add_contact": lambda e: f"{_contact(e['side'], e['contact'])} at {e['time_s']:.2f} s added",
    "delete_repetition": lambda e: f"the repetition at {e['time_s']:.1f} s deleted",
    "add_repetition": lambda e: f"a repetition at {e['time_s']:.1f} s added",
    "swap_sides": lambda e: f"left and right swapped from {e['time_s']:.2f} s to {e['to_s']:.2f} s",
}


def _corrected(edits: Sequence[Mapping[str, Any]]) -> str:
    return f"Corrected by hand: {'; '.join(CORRECTIONS[edit['kind']](edit) for edit in edits)}."


def _moment(start_s: float, end_s: float) -> str:
    return f"{start_s:.1f} s" if f"{start_s:.1f}" == f"{end_s:.1f}" else f"{start_s:.1f}-{end_s:.1f} s"


def _first_of(parts: Sequence[str]) -> str:
    """Return the first three of a list, and how many more there are."""
    more = len(parts) - _LISTED_MAX
    return ", ".join(parts[:_LISTED_MAX]) + (f" and {more} more times" if more > 0 else "")


def _legs_swapped(ranges_s: Sequence[Sequence[float]]) -> str:
    moments = list(dict.fromkeys(_moment(start, end) for start, end in ranges_s))
    return f"The left leg was taken for the right one at {_first_of(moments)}; this was put right."


def _frozen(ranges_s: Sequence[Sequence[float]]) -> str:
    listed = _first_of([f"from {start:.1f} to {end:.1f} s" for start, end in ranges_s])
    return f"The picture stands still {listed}: the video is frozen there, or nothing moves."


def _other_way(ranges_s: Sequence[Sequence[float]], way: str) -> str:
    parts = ", ".join(f"{start:.1f}-{end:.1f} s" for start, end in ranges_s)
    return f"At {parts} the person walks {way}; this part was not measured."


def _pace(factor: float) -> str:
    what = "this is slow motion" if factor > 1 else "the clip plays too fast"
    return f"If {what}, set the slow-motion factor to {factor:g}."


def _swing(swing_s: float, factor: float) -> str:
    return (
        f"Each leg swings forward in {swing_s:.2f} s; in walking and running that takes 0.3 to 0.5 s. {_pace(factor)}"
    )


def _other_pace(played_spm: float, real_spm: float, factor: float) -> str:
    return (
        f"As played, the legs would make {played_spm:.0f} steps/min, at {factor:g} times the speed {real_spm:.0f}. "
        f"{_pace(factor)}"
    )


def _scales_differ(percent: float, first: str, first_px_per_m: float, second: str, second_px_per_m: float) -> str:
    used, other = _SCALES[first], _SCALES[second]
    return (
        f"Two scales disagree by {percent:.0f} %: {first_px_per_m:.0f} px/m from {used}, {second_px_per_m:.0f} px/m "
        f"from {other}; check them. {used.capitalize()} was used."
    )


def _longer_steps(side: str, percent: float) -> str:
    other = "right" if side == "left" else "left"
    return f"{side.capitalize()} steps take {percent:.0f} % longer than {other} ones."


def _foot_strike(side: str, kind: str) -> str:
    return f"The {side} foot lands on the {'heel' if kind == 'rear' else 'forefoot'} first."


def _another_movement(exercise: str, doubts: Sequence[str], instead: str) -> str:
    why = ", ".join(_DOUBTS[name] for name in doubts) or "the movement is another one"
    again = f' Choose "{instead}" to count it.' if instead else ""
    return f"This does not look like {exercise}: {why}.{again}"


def _count_less_sure(exercise: str, doubts: Sequence[str]) -> str:
    return f"The count of {exercise} is less sure: {', '.join(_DOUBTS[name] for name in doubts)}."


def _crowd(n_max: int) -> str:
    return f"Of more than {n_max} people in a frame, the {n_max} largest were taken."


def _every_nth(step: int, fps: float) -> str:
    nth = _ORDINALS.get(step, f"{step}th")
    return f"Every {nth} frame is there; {fps:g} frames/s was taken as the rate of the numbering."


def _read_as(program: str, n_frames: int, fps: float, lacking: Sequence[str]) -> str:
    without = f"; without {', '.join(lacking)}" if lacking else ""
    return f"Read as {program}: {n_frames} frames at {fps:.4g} frames/s{without}."


def _by_network(networks: Sequence[str], differ: Sequence[str], only: Sequence[str]) -> str:
    told = f"differ by at most: {'; '.join(differ)}" if differ else "cannot be compared"
    lonely = f" Only {networks[0]} gives {'; '.join(only)}." if only else ""
    return f"Between the networks {', '.join(networks)} the numbers of the first analysis {told}.{lonely}"


def _projected(view: str, up: str, travels: bool) -> str:
    forward = "of travel" if travels else "across the line of the hips"
    return f"Markers in space were projected to the {view} view: up is {up}, forward is the direction {forward}."


_SPEED_CHANGES: Final = (
    "The clip seems to change between normal speed and slow motion, as strides that reach equally far take unequal "
    "times: cut it where its speed changes, or film again at one speed."
)
_NOTHING: Final = (
    "Neither steady walking nor an exercise was recognised; name the activity if you know it, or film again"
)

#: What is said for each code: a text with its values in braces, or a function of them.
SENTENCES: Final[Mapping[str, str | Callable[..., str]]] = {
    # Why a number is missing and what to do ---------------------------------------------------------------------------
    "view": "This needs a view from the side: place the camera at hip height, square to the walkway.",
    "no_steps": "Not enough steps are visible: film at least six steps from the side, whole body in the picture.",
    "few_steps": "Fewer than three steady steps are visible: let the person walk on for at least six steps.",
    "few_strides": "No full stride of this leg is visible: let the person walk on, both feet in the picture.",
    "implausible": "The steps found are too fast or too slow for walking or running. If the clip does not play at "
    "real speed, set its slow-motion factor: 4 if it is four times slower, 0.5 if it is twice as fast.",
    "disagreement": "The steps found do not fit the rhythm of the legs: film from the side, one person, 30 frames "
    "per second or more.",
    "irregular": "The steps found are too irregular to be one walk: film one person who walks on, from the side.",
    "doubtful_steps": "The steps this rests on are doubtful: see the reason given for cadence.",
    "no_toe_off": "The moment at which the feet leave the ground is not seen: keep both ankles in the picture.",
    "running": "Stance and swing are given for walking only: in running the ankle does not show when the foot leaves "
    "the ground.",
    "slowed": "The clip is slowed down: nobody who walks or runs swings the legs so slowly. Set its slow-motion "
    "factor.",
    "too_fast": "The clip is played too fast: nobody who walks swings the legs so fast. Set its slow-motion factor "
    "below 1, 0.5 for double speed.",
    "speed_changes": _SPEED_CHANGES,
    "backward": "Stance and swing are given for walking forward only: walking backward, the toes touch down first "
    "and the heel leaves last, and neither is tracked.",
    "no_scale": "Metres need a scale: give the body height, the length of something in the picture or, on a "
    "treadmill, the belt speed.",
    "no_body_height": "The body height gives a scale only where shoulders, hips and a nearly straight leg are seen "
    "together: keep the whole body in the picture.",
    "ground_moves": "The hips do not travel through the picture, as on a treadmill or before a camera that follows: "
    "give the belt speed, or film with a camera that stands still.",
    "implausible_speed": "The speed found is impossible: check the scale or the body height.",
    "few_per_side": "This needs at least three steady strides of each leg: let the person walk on, or film several "
    "passes.",
    "uneven_by_chance": "The steps vary too much to compare the legs: film more steps, the whole body in the picture.",
    "feet_apart": "The near and the far foot are not seen alike: beside sensors the difference of left and right "
    "step lengths was off by 13 %, no better than a guess. See the symmetry of step times.",
    "no_foot": "Heel and toe are not known here, so this is not measured and not guessed. In a video they are looked "
    "at while somebody walks across the picture.",
    "foot_unseen": "Heel and toe of this foot are not seen for a whole stride: film from the side, both feet in the "
    "picture, in shoes that differ from the floor.",
    "foot_backward": "The feet are measured walking forward only: walking backward they roll the other way.",
    "foot_frame_rate": "The frames are too far apart to see how the foot lands: film at 30 frames per second or more.",
    "foot_turn_out": "From the side nobody sees how far the foot points outward, and from the front heel and toe lie "
    "on each other: this is not measured.",
    "feet_in_video": "In a video heel and toe are seen too roughly for this number: it is given for markers of motion "
    "capture only.",
    "toe_not_lowest": "The toe has no lowest point in the middle of the swing: it drags, or is not seen there.",
    "running_in_video": "In a video a runner's landing and hips are seen too roughly for this number: it is given for "
    "markers of motion capture only, with heel and toe.",
    "camera_shakes": "The feet stand at unequal heights in the picture, so the camera moves up and down: "
    "put it on something firm.",
    "clearance_running": "Toe clearance is given for walking only: in running it is not known when the toe leaves the "
    "floor.",
    "frame_rate": "The frames are too far apart to tell uneven steps from even ones: film at 60 frames per second.",
    "facing": "It is unclear which way the person faces: film from the side, with the head in the picture.",
    "unseen": "The joints are not visible long enough: keep the whole body in the picture and avoid loose clothing.",
    "no_repetitions": "No whole repetition was found: keep the whole body in the picture from before the first to "
    "after the last repetition.",
    "few_repetitions": "This needs at least two repetitions.",
    "view_front": "This needs a view from the front: place the camera at chest height, square to the chest.",
    "no_angle": "No joint stands for this movement: name the exercise to get its range of motion.",
    "sides_hidden": "From the side the near arm or leg hides the far one: film from the front.",
    "few_of_each_side": "This needs at least two repetitions of each side with their range seen.",
    "few_for_fatigue": "This needs at least four whole repetitions in one set.",
    "few_stands": "The test needs five full stands in a row: start sitting and stand up five times without a pause.",
    "clip_short": "The test takes 30 s from the first rise, the clip shows {seen_s:.0f} s of it: film on.",
    "arms_help": "The hands are low while standing up. With the arms' help these tests score 0: cross the arms "
    "before the chest.",
    "no_chair": "The clip does not show that the person sits on a chair between the stands: keep knees and hips in "
    "the picture, and use a chair of usual height.",
    "no_seat": "The clip does not show that the person sits on a chair, where the Timed Up and Go begins and ends: "
    "film from before the rise until the person sits again, chair and line in the picture.",
    "no_walk_from_seat": "The person does not walk from the chair to a line and back: the Timed Up and Go needs 3 m of "
    "way, all of it in the picture.",
    "not_seated_again": "The person gets up and walks, but is not seen to sit down again: film until the end of the "
    "Timed Up and Go.",
    "other_seat": "The person does not come back to the chair: the Timed Up and Go ends where it begins.",
    "no_turn_seen": "The turn is not seen: film from the side, so that the shoulders show while they turn.",
    "cut_seat": "The clip does not show the person seated before the first movement or after the last: start to film "
    "a second before, and stop a second after.",
    "not_three_metres": "The person turns {reach_m:.1f} m from the chair; the line of the Timed Up and Go is 3 m away. "
    "Check the scale.",
    "marks_do_not_fit": "The marks do not fit the size of the person: check where they are and how far apart.",
    "marks_not_passed": "No foot is seen to pass the first and then the second mark: film the whole way, both marks "
    "and the feet in the picture.",
    "beside_the_marks": "The person does not walk along the line between the marks: put them where the feet pass.",
    "walking_start": "The walk of the SPPB starts from standing, both feet at the first mark; this one starts walking.",
    "sppb_incomplete": "The total needs three parts: type in the points of the part that this clip does not show.",
    "level_by_chance": "The repetitions of the set do not change more than by chance.",
    # What was read ----------------------------------------------------------------------------------------------------
    "read_as": _read_as,
    "pictures_read": "Read as {n} pictures at {fps:g} frames/s.",
    "pictures_unreadable": "{n} of the pictures cannot be read; they are gaps.",
    "every_nth_frame": _every_nth,
    "frames_missing": "{n} of {n_frames} frames are missing in the file; they were taken as gaps in time.",
    "crowd": _crowd,
    "by_network": _by_network,
    "shares_scaled": "Coordinates from 0 to 1 were scaled to {width_px} x {height_px} pixels.",
    "decimal_commas": "Numbers with decimal commas were read.",
    "times_taken_as": "The times were taken as {unit}, as in seconds there would be no usual frame rate.",
    "pelvis_markers": "The hips are the middles of the pelvis markers (ASI, PSI), above the joints: angles of the "
    "hip are not those of joint centres.",
    "markers_projected": _projected,
    "unit_not_believed": "The file states {unit}, in which the body would be {tall_m:.3g} m tall; its numbers "
    "were taken as pixels.",
    # The video --------------------------------------------------------------------------------------------------------
    "size_changes": "The frame size changes after {after_s:.1f} s; the rest was left out.",
    "begins_late": "The first {missing_s:.1f} s of the file cannot be decoded; the rest, {n_frames} frames "
    "({seen_s:.1f} s), was analysed.",
    "breaks_off": "The file breaks off: {n_frames} frames ({seen_s:.1f} s of {stated_s:.1f} s) could be decoded and "
    "were analysed.",
    "damaged": "The file is damaged: {n} of its pieces could not be decoded, or only partly; the rest was analysed.",
    "interlaced": "The video is interlaced; its fields were merged, which blurs fast movement.",
    "several_videos": "The file holds {n} videos; the main one ({width_px} x {height_px}) was analysed.",
    "plays_slowly": "The camera took {camera_fps:.0f} frames per second and the file plays {played_fps:.0f}: times are "
    "real with a slow-motion factor of {factor:g}.",
    "times_filled_in": "{n} of {n_frames} frames have no usable timestamp; their times were filled in between the "
    "others.",
    "clock_jumps": "The file's clock jumps after {after_s:.1f} s; the frames were taken as following one another.",
    "frozen": _frozen,
    "frames_repeat": "{n} of {n_frames} frames repeat the frame before: there are only about {fps:.0f} different "
    "frames per second.",
    # Who and how ------------------------------------------------------------------------------------------------------
    "people_seen": "{n} people were seen; number {number}, by first appearance, was analysed.",
    "people_seen_chosen": "{n} people were seen; the skeleton and the numbers are those of the one you chose.",
    "people_seen_auto": "{n} people were seen; the skeleton and the numbers are those of the one who stood out most.",
    "people_in_file": "{n} people are in the file; number {number}, by first appearance, was analysed.",
    "one_person_model": "Several people cannot be told apart: the model {model} is not on this machine.",
    "feet_missing": "Heels and toes were not looked at: their model is not on this machine; "
    "`gaitlab models fetch {model}` gets it.",
    "upside_down": "The picture is upside down; it was turned by {turned_deg:.0f} degrees for the analysis.",
    "on_its_side": "The picture lies on its side; it was turned by {turned_deg:.0f} degrees for the analysis.",
    "tilted": "The person's way across the picture slopes by {tilt_deg:.0f} degrees: the camera is tilted, or the "
    "floor is not level. Angles are measured against that way.",
    "not_upright": "The body does not stand upright in the picture: if the video is turned, turn it back and try "
    "again.",
    "level_camera": "Trunk lean holds for a level camera only, as the person does not go across the picture.",
    "cutoff_lowered": "At {fps:.2g} frames/s the smoothing cutoff had to be lowered from {wanted_hz:g} Hz to "
    "{used_hz:.1f} Hz; film at 60 frames/s for fast movements.",
    "legs_swapped": _legs_swapped,
    "corrected": _corrected,
    # The walk ---------------------------------------------------------------------------------------------------------
    "backward_contacts": "The person walks backward: the heel strikes given are the touch-downs of the toes behind the "
    "body, known to about 0.05 s.",
    "other_way": _other_way,
    "swing": _swing,
    "other_pace": _other_pace,
    "two_cadences": "Two ways to measure cadence disagree: {steps_spm:.0f} steps/min from the steps, "
    "{rhythm_spm:.0f} from the rhythm of the body.",
    "scales_differ": _scales_differ,
    "belt_unused": "The hips travel through the picture, so the belt speed was not used.",
    "belt_used": "Lengths and speed rest on the belt speed given.",
    "longer_steps": _longer_steps,
    "front_contacts": "Seen from the front, the moment a foot touches down is known to about 0.1 s; cadence does not "
    "suffer.",
    "up_and_go_timed": 'The Timed Up and Go is timed from the first movement, not from the word "go", until the hips '
    "rest on the seat.",
    "timed_from_standing": "The walk between the marks is timed from standing: from the first movement of a foot.",
    "timed_both_ways": "Some walks between the marks start from standing, others walking: compare only those that "
    "start alike.",
    "timed_walking": "The walk between the marks is timed from a walking start: leading foot at the first to the "
    "second mark.",
    "foot_strike": _foot_strike,
    "stance_of_feet": "Stance and swing rest on markers of heel and toe and are uncertain by 1 to 2 % of the stride, "
    "double support by 2 to 4 %.",
    "stance_error": "Stance and swing rest on the ankle and not on the toe: they are uncertain by about 2 % of the "
    "stride, double support by 4 %.",
    # The exercise -----------------------------------------------------------------------------------------------------
    "another_movement": _another_movement,
    "count_less_sure": _count_less_sure,
    "begins_standing": "The clip begins standing: each rise counts. For a chair test begin seated.",
    # All of it --------------------------------------------------------------------------------------------------------
    "angle_error": "Joint angles from one camera are uncertain by about 5-8 degrees; compare ranges rather than single "
    "values.",
    "no_steady_walk": f"No steady walk was recognised. {_SPEED_CHANGES}",
    "nothing_few_frames": f"{_NOTHING} at 30 frames/s or more, as these {{fps:.2g}} are too few.",
    "nothing": f"{_NOTHING} with the whole body in the picture.",
    "nothing_feet_cut": f"{_NOTHING} with the feet in the picture, as they are cut off.",
    "nothing_ankles_hidden": f"{_NOTHING} so that both ankles are seen, as they are hidden here.",
    # A sentence of an older version whose code is not known.
    "as_written": "{text}",
}
