"""Walks of every kind whose cadence is known, and how well it was measured on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gaitlab.pipeline import analyse_track
from gaitlab.records import Metric, PoseTrack, SourceInfo
from gaitlab.settings import AnalysisSettings
from tests.builders import walker, with_losses

TRUSTED = 0.8


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One walk and how it is filmed; `missing` is the share of keypoints lost, each alone or in bursts."""

    cadence_spm: float
    duration_s: float
    stance: float
    unevenness: float
    fps: float
    body_px: float
    yaw_deg: float
    noise_px: float
    missing: float
    burst_s: float
    to_the_right: bool
    seed: int

    @property
    def is_easy(self) -> bool:
        """Return whether at most a tenth of such walks may go without a number."""
        return self.fps >= 30 and self.noise_px <= 1 and self.missing <= 0.1

    def track(self) -> PoseTrack:
        walk = walker(
            cadence_spm=self.cadence_spm,
            n_strikes=max(8, round(self.duration_s * self.cadence_spm / 60)),
            fps=self.fps,
            direction=1 if self.to_the_right else -1,
            body_px=self.body_px,
            stance=self.stance,
            unevenness=self.unevenness,
            yaw_deg=self.yaw_deg,
            noise_px=self.noise_px,
            seed=self.seed,
        )
        return with_losses(walk.track, self.missing, burst_s=self.burst_s, seed=self.seed + 1)


def scenes(n: int, *, seed: int = 0) -> list[Scene]:
    """Return `n` walks drawn evenly over everything that may differ; the same ones for the same seed.

    The legs swing for 0.36 to 0.5 s at any cadence, as people's do: who walks slowly stands longer.
    """
    chance = np.random.default_rng(seed)
    paces = [(float(chance.uniform(50, 170)), float(chance.uniform(0.36, 0.5))) for _ in range(n)]
    return [
        Scene(
            cadence_spm=cadence_spm,
            duration_s=float(chance.uniform(6, 12)),
            stance=float(np.clip(1.0 - swing_s * cadence_spm / 120.0, 0.55, 0.8)),
            unevenness=float(chance.choice([0.0, 0.0, 0.1, -0.1])),
            fps=float(chance.choice([25, 30, 50, 60, 100, 120])),
            body_px=float(chance.uniform(300, 600)),
            yaw_deg=float(chance.uniform(-25, 25)),
            noise_px=float(chance.choice([0.0, 0.5, 1.0, 2.0, 3.0])),
            missing=float(chance.choice([0.0, 0.05, 0.1, 0.2, 0.3])),
            burst_s=float(chance.choice([0.0, 0.15, 0.3])),
            to_the_right=bool(chance.random() < 0.5),
            seed=1000 * seed + number,
        )
        for number, (cadence_spm, swing_s) in enumerate(paces)
    ]


def cadence_of(scene: Scene) -> Metric:
    track = scene.track()
    source = SourceInfo(file="drawn", frames=len(track), duration_s=None, fps_mean=None)
    gait = analyse_track(track, AnalysisSettings(activity="gait"), source=source).gait
    assert gait is not None
    return gait.metrics[0]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How cadence came out: errors in per cent of the truth, shares of walks."""

    n: int
    withheld: float
    median_error: float
    worst_error: float
    trusted: float
    trusted_within_3: float

    def __str__(self) -> str:
        return (
            f"n {self.n:4d}  withheld {self.withheld:6.1%}  median {self.median_error:5.2f} %  worst "
            f"{self.worst_error:5.1f} %  confidence >= {TRUSTED:g}: {self.trusted:6.1%}, of those within 3 %: "
            f"{self.trusted_within_3:6.1%}"
        )


def score(results: Sequence[tuple[Scene, Metric]]) -> Score:
    """Return the score of walks and the cadence found for each; NaN where none was given."""
    given = [(scene, cadence) for scene, cadence in results if cadence.value is not None]
    error = np.array([100 * abs((cadence.value or 0.0) / scene.cadence_spm - 1) for scene, cadence in given])
    trusted = np.array([cadence.confidence >= TRUSTED for _, cadence in given], dtype=bool)
    return Score(
        n=len(results),
        withheld=1 - len(given) / len(results),
        median_error=float(np.median(error)) if error.size else float("nan"),
        worst_error=float(error.max()) if error.size else float("nan"),
        trusted=float(trusted.mean()) if error.size else float("nan"),
        trusted_within_3=float((error[trusted] <= 3).mean()) if trusted.any() else float("nan"),
    )
