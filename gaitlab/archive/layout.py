"""File and folder names in an archive."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["ARRAYS", "FORMAT", "HEADER_FIELDS", "MANIFEST", "MEDIA_SUFFIX", "NOT_IN_JSON", "VERSION", "session_folder"]

FORMAT: Final = "gaitlab people"
#: It increases when an older program could not read the archive correctly.
VERSION: Final = 3
MANIFEST: Final = "gaitlab.json"
ARRAYS: Final = "track.npz"
#: Fields of an analysis that are arrays and lie in `ARRAYS`.
NOT_IN_JSON: Final = ("track_raw", "track", "angles")
#: Fields of a header that are not in the analysis.
HEADER_FIELDS: Final = ("id", "recorded_at", "created_at", "recorded_from", "is_baseline", "replaced_by")
MEDIA_SUFFIX: Final = r"\.[a-z0-9]{1,8}"


def session_folder(person: int, session: dict[str, Any] | int) -> str:
    """Return the folder of a session, from the position of its person in the manifest and its number there."""
    number = session if isinstance(session, int) else int(session["id"])
    return f"people/{person + 1}/sessions/{number}"
