"""What is where in an archive."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["ARRAYS", "FORMAT", "HEADER_FIELDS", "MANIFEST", "MEDIA_SUFFIX", "NOT_IN_JSON", "VERSION", "session_folder"]

FORMAT: Final = "gaitlab people"
#: A newer number is given when an older program could not read the archive right.
VERSION: Final = 1
MANIFEST: Final = "gaitlab.json"
ARRAYS: Final = "track.npz"
#: Fields of an analysis that are arrays and lie in `ARRAYS`.
NOT_IN_JSON: Final = ("track_raw", "track", "angles")
#: What a header tells that the analysis does not.
HEADER_FIELDS: Final = ("id", "recorded_at", "created_at", "recorded_from", "is_baseline", "replaced_by")
MEDIA_SUFFIX: Final = r"\.[a-z0-9]{1,8}"


def session_folder(person: int, session: dict[str, Any] | int) -> str:
    """Return the folder of a session: of the person with that place in the manifest, and by its number there."""
    number = session if isinstance(session, int) else int(session["id"])
    return f"people/{person + 1}/sessions/{number}"
