"""Conditions for importing an archive or a backup: no analysis at work, and the uploaded file on disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from gaitlab.paths import private_file
from gaitlab.ui.analyse.queues import jobs
from gaitlab.workspace import work_folder

__all__ = ["analyses_under_way", "on_disk"]


def analyses_under_way() -> bool:
    """Return whether analyses run or wait, and show a note if so."""
    busy = any(job.active for job in jobs().snapshots())
    if busy:
        st.caption("Wait until the running analyses have ended.")
    return busy


@contextmanager
def on_disk(upload: BinaryIO) -> Iterator[Path]:
    """Yield the path of a temporary copy of an uploaded archive."""
    with work_folder() as own:
        path = own / "gaitlab.zip"
        with private_file(path).open("wb") as file:
            shutil.copyfileobj(upload, file)
        yield path
