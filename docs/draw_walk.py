"""Draw ``docs/walk.svg`` from a shipped keypoint track: ``python docs/draw_walk.py``."""

from pathlib import Path

import numpy as np

from gaitlab.samples import analyse_sample, samples
from gaitlab.skeleton import EDGES, Keypoint
from gaitlab.types import Analysis

LEFT, RIGHT, BODY, INK = "#0072B2", "#D55E00", "#777777", "#444444"
WIDTH, FIGURES_HEIGHT, CURVE_HEIGHT, MARGIN = 900, 250, 150, 40
EVERY = 11


def colour(first: Keypoint, second: Keypoint) -> str:
    sides = {name.split("_")[0] for name in (first.name, second.name)}
    return LEFT if sides == {"LEFT"} else RIGHT if sides == {"RIGHT"} else BODY


def figures(analysis: Analysis) -> list[str]:
    xy = analysis.track.xy_px
    known = xy[np.isfinite(xy).all(axis=2)]
    low, high = known.min(axis=0), known.max(axis=0)
    scale = min((WIDTH - 2 * MARGIN) / (high[0] - low[0]), (FIGURES_HEIGHT - 40) / (high[1] - low[1]))
    lines = []
    for pose in xy[::EVERY]:
        for first, second in EDGES:
            (x1, y1), (x2, y2) = (pose[[first, second]] - low) * scale + [MARGIN, 20]
            if np.isfinite([x1, y1, x2, y2]).all():
                lines.append(
                    f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour(first, second)}"/>'
                )
    return lines


def curves(analysis: Analysis) -> list[str]:
    assert analysis.gait is not None
    time_s, top = analysis.angles.time_s, FIGURES_HEIGHT + 20
    span = time_s[-1] - time_s[0]

    def x(t: float) -> float:
        return float(MARGIN + (WIDTH - 2 * MARGIN) * (t - time_s[0]) / span)

    lines = []
    for side, stroke in (("left", LEFT), ("right", RIGHT)):
        deg = analysis.angles.angle(f"{side}_knee")
        points = [
            f"{x(t):.1f},{top + CURVE_HEIGHT * (1 - d / 80):.1f}"
            for t, d in zip(time_s, deg, strict=True)
            if np.isfinite(d)
        ]
        lines.append(f'<polyline fill="none" stroke="{stroke}" points="{" ".join(points)}"/>')
    for contact in analysis.gait.contacts:
        stroke, at = (LEFT if contact.side == "left" else RIGHT), x(contact.time_s)
        lines.append(
            f'<line x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{top + CURVE_HEIGHT}" stroke="{stroke}" '
            'stroke-dasharray="3 4"/>'
        )
    cadence = analysis.gait.metrics[0]
    lines.append(
        f'<text x="{MARGIN}" y="{top + CURVE_HEIGHT + 22}" fill="{INK}">knee flexion, heel strikes dashed; left blue, '
        f"right orange; cadence {cadence.value:.0f} steps/min (n={cadence.n})</text>"
    )
    return lines


def main() -> None:
    analysis = analyse_sample(next(one for one in samples() if one.file == "walk-right-start.csv.gz"))
    height = FIGURES_HEIGHT + CURVE_HEIGHT + 60
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="14" stroke-width="2" stroke-linecap="round">',
        f'<rect width="{WIDTH}" height="{height}" fill="white" rx="12"/>',
        *figures(analysis),
        *curves(analysis),
        "</svg>",
    ]
    text = "\n".join(part.replace("<text", '<text stroke="none"') for part in parts)
    Path(__file__).with_name("walk.svg").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
