"""Parts of the program that need more packages than a plain installation brings.

The core analyses and keeps sessions. The app, PDF reports, PostgreSQL and binary keypoint files are extras of the
distribution.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires
from typing import Final

from gaitlab.errors import MissingExtraError

__all__ = ["DISTRIBUTION", "EXTRAS", "missing_extra", "need_extra"]

#: The distribution; on package indexes the name "gaitlab" belongs to somebody else's package.
DISTRIBUTION: Final = "gaitlab-video"
#: Extra → the modules that it brings and that are imported.
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "app": ("streamlit", "starlette", "pandas", "plotly", "itsdangerous"),
    "server": ("authlib", "httpx"),
    "pdf": ("typst", "uharfbuzz", "weblate_fonts", "manimgx_fonts"),
    "postgresql": ("psycopg",),
    "formats": ("ezc3d", "h5py"),
    "parquet": ("pyarrow",),
    "heic": ("pillow_heif",),
    "cluster": ("distributed", "fsspec", "aiohttp"),
    "study": ("pandas",),
}


def missing_extra(name: str, what: str) -> str:
    """Return what to install for a part of the program, in one line; empty when all of it is there.

    Parameters
    ----------
    name : str
        A key of `EXTRAS`.
    what : str
        What needs it: "a PDF report".
    """
    if all(importlib.util.find_spec(module) is not None for module in EXTRAS[name]):  # imports none of them
        return ""
    wanted = " ".join(f'"{requirement}"' for requirement in _requirements(name))
    remedy = f"pip install {wanted}" if wanted else f'pip install -e ".[{name}]" in the folder of GaitLab'
    return f"{what} needs packages that are not installed; install them with: {remedy}"


def need_extra(name: str, what: str) -> None:
    """Raise MissingExtraError that says what to install, when a part of the program is not installed."""
    if problem := missing_extra(name, what):
        raise MissingExtraError(problem)


def _requirements(name: str) -> list[str]:
    """Return what the extra installs, as the installed distribution says; nothing, where none is installed."""
    try:
        stated = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return []
    parts = (requirement.partition(";") for requirement in stated)
    return [package.strip() for package, _, marker in parts if marker.replace('"', "'").strip() == f"extra == '{name}'"]
