"""Earlier wordings of sentences that sessions hold which were stored before findings had codes."""

from collections.abc import Mapping
from typing import Final

__all__ = ["EARLIER"]

#: By code; the values of a sentence are those of today.
EARLIER: Final[Mapping[str, tuple[str, ...]]] = {
    "no_steps": (
        "Not enough steps are visible: film at least six steps from the side, whole body and feet in the picture.",
    ),
    "few_steps": ("Fewer than two steady steps are visible: let the person walk on for at least six steps.",),
    "implausible": (
        "The steps found are too fast or too slow for walking or running: if the clip does not play at the speed of "
        "life, set its slow-motion factor (4 = four times slower, 0.5 = twice as fast).",
        "The steps found are too fast or too slow for walking or running: if the clip was filmed in slow motion, set "
        "its factor.",
        "The steps found are too fast or too slow to be walking or running: check the frame rate, and set the "
        "slow-motion factor if the clip was filmed in slow motion.",
    ),
    "disagreement": (
        "The steps found do not fit the rhythm of the legs: film from the side, one person, 30 frames a second or "
        "more.",
    ),
    "irregular": ("The steps found are too irregular to be one walk: film one person walking on, from the side.",),
    "no_foot": ("The pose model knows no heel and no toe, so this is not measured and not guessed.",),
    "no_toe_off": ("It is not seen when the feet leave the ground: keep both ankles in the picture.",),
    "running": (
        "In running the ankle does not show when the foot leaves the ground, and no toe is tracked: stance and swing "
        "are only given for walking.",
    ),
    "slowed": (
        "Each leg takes longer to swing forward than anybody's who walks or runs: the clip is slowed down. Set its "
        "slow-motion factor.",
    ),
    "too_fast": (
        "The legs swing forward faster than anybody's who walks: the clip is played too fast. Set its slow-motion "
        "factor below 1, 0.5 for double speed.",
    ),
    "speed_changes": (
        "Strides that reach equally far take unequal times, as in a clip that changes between normal speed and slow "
        "motion: cut it where its speed changes, or film again at one speed.",
    ),
    "backward": (
        "Walking backward, the toes touch down first and the heel leaves the ground last, and neither is tracked: "
        "stance and swing are only given for walking forward.",
    ),
    "no_scale": (
        "Metres need a scale: give the body height, the scale of the picture in pixels per metre or, on a treadmill, "
        "the belt speed.",
    ),
    "no_body_height": (
        "The body height gives no scale, as shoulders, hips and a nearly straight leg are not seen together: keep "
        "the whole body in the picture.",
    ),
    "feet_apart": (
        "The near and the far foot are not seen alike, so step lengths of left and right are not compared: beside "
        "sensors the difference was off by 13 %, no better than a guess. See the symmetry of step times.",
    ),
    "frame_rate": (
        "The frames are too far apart: they would make steps look uneven that are not; film at 60 frames per second.",
        "The frames are too far apart: they would make steps look uneven that are not; film at 60 frames a second.",
    ),
    "arms_help": (
        "The hands are low while standing up, as if they helped, and with the arms' help these tests score 0: cross "
        "the arms before the chest.",
    ),
    "no_chair": (
        "It is not seen that the person sits on a chair between the stands: film knees and hips in the picture, on a "
        "chair of usual height.",
    ),
    "no_seat": (
        "It is not seen that the person sits on a chair: the Timed Up and Go begins and ends seated. Film from "
        "before the rise until the person sits again, chair and line in the picture.",
    ),
    "cut_seat": (
        "It is not seen how the person sits before the first movement, or after the last: start to film a second "
        "before, and stop a second after.",
    ),
    "damaged": (
        "The file is damaged: {n} of its pieces could not be decoded, or only partly; what could be was analysed.",
    ),
    "tilted": (
        "The camera is tilted to a side by {tilt_deg:.0f} degrees, or the floor slopes, as the person's way across "
        "the picture shows; angles are against that way.",
    ),
    "level_camera": ("The person does not go across the picture, so trunk lean holds for a level camera only.",),
    "two_cadences": (
        "Two ways to measure cadence disagree: {steps_spm:.0f} steps/min from events, {rhythm_spm:.0f} from rhythm.",
    ),
    "no_steady_walk": (
        "No steady walk was recognised. Strides that reach equally far take unequal times, as in a clip that changes "
        "between normal speed and slow motion: cut it where its speed changes, or film again at one speed.",
    ),
    "stance_error": (
        "No toe is seen: stance and swing rest on the ankle and are uncertain by about 2 % of the stride, double "
        "support by 4 %.",
    ),
    "nothing_ankles_hidden": (
        "Neither steady walking nor an exercise was recognised; name the activity if you know it, or film again with "
        "both ankles to be seen, as they are hidden.",
    ),
}
