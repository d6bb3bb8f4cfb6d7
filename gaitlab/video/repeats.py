"""Repeated frames: frozen stretches, and files that hold more frames than the camera took."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gaitlab.records import Picture, UInt8Array
from gaitlab.records.findings import Said, said

__all__ = ["RepeatWatch"]

# All (ours), set on the dev clips: a repeated frame, coded again, changes 0 to 1.5 samples in 10,000 where the next
# new one changes 30 to 4,000.
_CHANGE_MIN_LEVELS = 10
_CHANGED_MAX = 1e-4
_SUDDEN_CHANGED_MAX, _SUDDEN_RATIO = 20e-4, 0.01
_SAMPLES_ACROSS = 180
# Players' titles and buttons move at the edges of a recorded screen; a person is always seen farther in as well.
_TOP_SHARE, _SIDE_SHARE = 8, 32
_FREEZE_MIN_S = 0.5
_DUPLICATES_MIN_SHARE = 0.1
_DUPLICATES_MIN_FRAMES = 3


@dataclass(slots=True)
class RepeatWatch:
    """Compares each frame with the frame before on a sparse sample of its brightness.

    A frame is a repeat when next to nothing in it differs from the frame before by more than the noise of coding it
    again, or when suddenly a hundred times less changes than before. A person who keeps perfectly still before a still
    camera gives the same result: then nothing new was recorded either.
    """

    _before: UInt8Array | None = None
    _usual_changed: float = 0.0
    _last_s: float = 0.0
    _still_since_s: float | None = None
    _still_frames: int = 0
    _freezes_s: list[tuple[float, float]] = field(default_factory=list)
    _duplicates: int = 0
    _frames_moving: int = 0
    _moving_s: float = 0.0

    def is_repeat(self, picture: Picture, time_s: float) -> bool:
        """Take the next frame and tell whether it repeats the frame before."""
        sample = _sample(picture)
        repeats = self._before is not None and self._is_same(sample, self._before)
        if repeats:
            if self._still_since_s is None:
                self._still_since_s = self._last_s
            self._still_frames += 1
        else:
            self._end_stretch()
            self._frames_moving += 1
        self._moving_s += time_s - self._last_s
        self._before, self._last_s = sample, time_s
        return repeats

    def _is_same(self, sample: UInt8Array, before: UInt8Array) -> bool:
        if sample.shape != before.shape:
            return False
        difference = np.maximum(sample, before) - np.minimum(sample, before)
        changed = float(np.count_nonzero(difference > _CHANGE_MIN_LEVELS)) / max(1, sample.size)
        suddenly = changed <= _SUDDEN_CHANGED_MAX and changed < _SUDDEN_RATIO * self._usual_changed
        if changed <= _CHANGED_MAX or suddenly:
            return True
        self._usual_changed = changed
        return False

    def _end_stretch(self) -> None:
        if self._still_since_s is None:
            return
        length_s = self._last_s - self._still_since_s
        if length_s >= _FREEZE_MIN_S:
            self._freezes_s.append((self._still_since_s, self._last_s))
            self._moving_s -= length_s
        else:
            self._duplicates += self._still_frames
        self._still_since_s, self._still_frames = None, 0

    def findings(self) -> tuple[Said, ...]:
        """Return what there is to know of repeated frames, after the last frame."""
        self._end_stretch()
        findings = [said("frozen", ranges_s=self._freezes_s)] if self._freezes_s else []
        n_frames = self._frames_moving + self._duplicates
        if self._duplicates >= max(_DUPLICATES_MIN_FRAMES, _DUPLICATES_MIN_SHARE * n_frames):
            rate = (self._frames_moving - 1) / self._moving_s if self._moving_s > 0 else 0.0
            findings.append(said("frames_repeat", n=self._duplicates, n_frames=n_frames, fps=rate))
        return tuple(findings)


def _sample(picture: Picture) -> UInt8Array:
    """Return some of the brightness (of the green of an RGB picture) away from the edges, as a copy.

    About 180 x 320 samples, few rows but many columns: people move across the picture, and some of them are small.
    """
    plane = picture.planes[0] if picture.planes[0].ndim == 2 else picture.planes[0][..., 1]
    shares = (_TOP_SHARE, _SIDE_SHARE) if picture.rotation_deg in (0, 180) else (_SIDE_SHARE, _TOP_SHARE)
    (high, wide), step = plane.shape, max(1, min(plane.shape) // _SAMPLES_ACROSS)
    top, left = high // shares[0], wide // shares[1]
    return plane[top : high - top : 2 * step, left : wide - left : max(1, step // 2)].copy()
