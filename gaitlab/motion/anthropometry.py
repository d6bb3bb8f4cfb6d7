"""Lengths of body segments as shares of the body height (Drillis & Contini 1966, in Winter 2009, figure 4.1)."""

from __future__ import annotations

from typing import Final

__all__ = ["ARM", "FOREARM", "HEAD", "LEG", "SHANK", "SHOULDER_TO_ANKLE", "THIGH", "TRUNK", "UPPER_ARM"]

#: Joint to joint; the trunk from shoulder to hip, at 0.818 and 0.530 of the height, the ankle at 0.039.
TRUNK: Final = 0.288
#: Chin to crown, at 0.870 of the height.
HEAD: Final = 0.130
UPPER_ARM: Final = 0.186
FOREARM: Final = 0.146
THIGH: Final = 0.245
SHANK: Final = 0.246
ARM: Final = UPPER_ARM + FOREARM
LEG: Final = THIGH + SHANK
SHOULDER_TO_ANKLE: Final = TRUNK + LEG
