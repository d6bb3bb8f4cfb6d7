"""One example of each finding, for the reference page and for the tests of sentences."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any, Final

from gaitlab.records.findings import Said, Words
from gaitlab.records.findings.english import SENTENCES

__all__ = ["EXAMPLES"]

_NUMBER: Final = 2.625
_COUNT: Final = 12

#: Values of findings whose sentences are functions, or name words.
_VALUES: Final[Mapping[str, Mapping[str, Any]]] = {
    "another_movement": {
        "exercise": "push-ups",
        "doubts": ["hands_stay", "hips_move"],
        "instead": "Any repeated movement",
    },
    "as_written": {"text": "A sentence of an older version."},
    "by_network": {
        "networks": ["movenet-thunder-fp16", "movenet-lightning-fp16"],
        "differ": ["Cadence 2 steps/min", "Left step time 0.01 s"],
        "only": ["Right stance"],
    },
    "corrected": {
        "edits": [
            {"kind": "move_contact", "side": "left", "contact": "heel_strike", "time_s": 1.25, "to_s": 1.5},
            {"kind": "delete_repetition", "side": None, "contact": None, "time_s": 7.5, "to_s": None},
        ]
    },
    "count_less_sure": {"exercise": "squats", "doubts": ["feet_stay"]},
    "crowd": {"n_max": 10},
    "every_nth_frame": {"step": 2, "fps": 60.0},
    "foot_strike": {"side": "left", "kind": "rear"},
    "frozen": {"ranges_s": [[0.8, 1.8], [4.0, 5.25]]},
    "legs_swapped": {"ranges_s": [[2.0, 2.5], [3.0, 3.0], [4.0, 4.1], [6.0, 6.5]]},
    "longer_steps": {"side": "left", "percent": 18.2},
    "markers_projected": {"view": "side", "up": "+z", "travels": True},
    "feet_missing": {"model": "feet"},
    "one_person_model": {"model": "movenet-multipose-lightning-fp16"},
    "other_pace": {"played_spm": 28.0, "real_spm": 112.0, "factor": 4.0},
    "other_way": {"ranges_s": [[3.5, 6.0]], "way": "backward"},
    "read_as": {"program": "OpenPose", "n_frames": 120, "fps": 30.0, "lacking": ["left_ear", "right_ear"]},
    "scales_differ": {
        "percent": 20.0,
        "first": "scale",
        "first_px_per_m": 120.0,
        "second": "height",
        "second_px_per_m": 100.0,
    },
    "swing": {"swing_s": 1.62, "factor": 4.0},
    "times_taken_as": {"unit": "ms"},
    "unit_not_believed": {"unit": "mm", "tall_m": 0.4},
}


def _example(code: str, words: Words) -> Said:
    if code in _VALUES or not isinstance(words, str):
        return Said(code, _VALUES[code])
    fields = ((name, spec) for _, name, spec, _ in Formatter().parse(words) if name)
    return Said(code, {name: _NUMBER if spec else _COUNT for name, spec in fields})


#: By code.
EXAMPLES: Final[Mapping[str, Said]] = {code: _example(code, words) for code, words in SENTENCES.items()}
