"""Parts of the program that need more packages than a plain installation brings.

The core analyses and keeps sessions. The app, PDF reports and PostgreSQL are extras of the distribution.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires
from typing import Final

from gaitlab.errors import MissingExtraError

__all__ = ["DISTRIBUTION", "EXTRAS", "has_extra", "need_extra"]

#: The distribution; on package indexes the name "gaitlab" belongs to somebody else's package.
DISTRIBUTION: Final = "gaitlab-video"
#: Extra → the modules that it brings and that are imported.
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "app": ("streamlit", "plotly", "itsdangerous"),
    "pdf": ("typst", "uharfbuzz", "weblate_fonts", "manimgx_fonts"),
    "postgresql": ("psycopg",),
}


def has_extra(name: str) -> bool:
    """Whether the packages of an extra are installed; imports none of them."""
    return all(importlib.util.find_spec(module) is not None for module in EXTRAS[name])


def need_extra(name: str, what: str) -> None:
    """Refuse what needs an extra that is not installed.

    Parameters
    ----------
    name : str
        A key of `EXTRAS`.
    what : str
        What needs it, as the beginning of a sentence: "a PDF report".

    Raises
    ------
    MissingExtraError
        Its message says what to install.
    """
    if not has_extra(name):
        wanted = " ".join(f'"{requirement}"' for requirement in _requirements(name))
        remedy = f"pip install {wanted}" if wanted else f'pip install -e ".[{name}]" in the folder of GaitLab'
        raise MissingExtraError(f"{what} needs packages that are not installed; install them with: {remedy}")


def _requirements(name: str) -> list[str]:
    """Return what the extra installs, as the installed distribution says; nothing, where none is installed."""
    try:
        stated = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        return []
    parts = (requirement.partition(";") for requirement in stated)
    return [package.strip() for package, _, marker in parts if marker.replace('"', "'").strip() == f"extra == '{name}'"]
