"""The script of a component: Streamlit takes it as one text, and it lies in several ES modules.

The modules stay plain files, so that Node.js tests them and TypeScript checks them as they are. No build step: this
module puts the imported ones behind the first and takes the words `import` and `export` away.
"""

from __future__ import annotations

import posixpath
import re
from importlib.resources import files
from typing import Final

__all__ = ["component_script", "no_callback"]

_IMPORT: Final = re.compile(r'^import [^;]*? from "([^"]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?!default )", re.MULTILINE)


def component_script(name: str) -> str:
    """Return a module of `gaitlab/ui` and all that it imports as one module.

    Parameters
    ----------
    name : str
        Path below `gaitlab/ui`. All modules share one scope, so that no two may define the same name at the top.
    """
    names, texts = [name], []
    for one in names:
        text = files("gaitlab.ui").joinpath(one).read_text(encoding="utf-8")
        found = (posixpath.normpath(posixpath.join(posixpath.dirname(one), path)) for path in _IMPORT.findall(text))
        names += [other for other in found if other not in names]
        texts.append(_EXPORT.sub("", _IMPORT.sub("", text)))
    return "\n".join(texts)


def no_callback() -> None:
    """Do nothing: Streamlit needs a callback to register a state or trigger, whose value is in the result."""
