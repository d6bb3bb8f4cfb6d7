"""`gaitlab analyze --compare`: other networks on the same frames, and by how much each number depends on them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gaitlab.errors import NoPersonError
from gaitlab.metrics.by_network import ByNetwork, by_network
from gaitlab.records import Analysis, Metric, PoseTrack
from gaitlab.records.skeleton import TORSO
from gaitlab.repetitions.activities import activities
from gaitlab.settings import AnalysisSettings

__all__ = ["add_compare_option", "by_network_json", "compared"]


def add_compare_option(command: argparse.ArgumentParser) -> None:
    """Add the option that names other networks."""
    command.add_argument(
        "--compare",
        type=_names,
        default=(),
        metavar="NAME,…",
        help="let other networks (names or files, as for --model) see the same frames too, and say by how much each "
        "number depends on the network; each takes about as long again",
    )


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise argparse.ArgumentTypeError("expected one or more names of `gaitlab models list`")
    return names


def compared(
    analysis: Analysis, models: Sequence[str], analyse: Callable[[AnalysisSettings], Analysis]
) -> tuple[ByNetwork, ...]:
    """Return the numbers of an analysis with those that other networks give for the same person and activity.

    Parameters
    ----------
    analysis : Analysis
    models : sequence of str
        One that is the network of the analysis, or comes twice, counts once.
    analyse : callable
        Analyses the same file with other settings; where it raises NoPersonError, the network gives no number.
    """
    metrics: dict[str, Sequence[Metric]] = {analysis.provenance.model or "": analysis.metrics}
    same = _same(analysis)
    for model in models:
        try:
            other = analyse(replace(same, pose=replace(same.pose, model=model)))
            metrics.setdefault(other.provenance.model or model, other.metrics)
        except NoPersonError:
            metrics.setdefault(model, ())
    return by_network(metrics)


def _same(analysis: Analysis) -> AnalysisSettings:
    """Return the settings of an analysis, with its person and activity named."""
    settings = AnalysisSettings.from_json(analysis.provenance.settings)
    kind = analysis.activity.kind
    return replace(
        settings,
        activity=kind if kind in activities() else settings.activity,
        pose=replace(settings.pose, subject_at=_middle_sighting(analysis.track_raw)),
    )


def _middle_sighting(track: PoseTrack) -> tuple[float, float, float] | None:
    """Return time, x and y of the torso in the middle of the frames that show it; None where none does."""
    torso_px = track.xy_px[:, list(TORSO)].mean(axis=1)
    seen = np.flatnonzero(np.isfinite(torso_px).all(axis=1))
    if not seen.size:
        return None
    row = int(seen[len(seen) // 2])
    return float(track.time_s[row]), float(torso_px[row, 0]), float(torso_px[row, 1])


def by_network_json(numbers: Sequence[ByNetwork]) -> list[dict[str, Any]]:
    """Return the numbers by network as JSON values; `spread` is the largest less the smallest."""
    return [
        {
            "name": one.metric.name,
            "side": one.metric.side,
            "unit": one.metric.unit,
            "values": dict(one.values),
            "spread": None if one.spread is None else round(one.spread, 6),
        }
        for one in numbers
    ]
