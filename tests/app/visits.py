"""A visit to the app without a browser: opening pages, clicking, reading, and waiting for the workers."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

import gaitlab.ui
from gaitlab.records.tracks import Report
from gaitlab.ui.analyse.queues import waiting_clips
from gaitlab.ui.resources import upload_dir
from gaitlab.ui.server.jobs import JobQueue

MAIN = Path(gaitlab.ui.__file__).parent / "main.py"
SOON_S = 30.0


def page(name: str, **query: str) -> AppTest:
    """Open a page by its address."""
    app = AppTest.from_file(str(MAIN), default_timeout=SOON_S)
    app.switch_page(f"{name}/{name}.py")
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def open_tab(app: AppTest, label: str) -> AppTest:
    """Open a tab of a report; no test can click on one, so the page is asked as it asks itself."""
    app.session_state["asked-tab"] = (label,)
    return app.run()


def click(app: AppTest, label: str) -> AppTest:
    return next(b for b in app.button if b.label == label).click().run()


def reports(app: AppTest) -> list[str]:
    """Return what the links to reports, as they stand on a page, ask for."""
    asked = [link.proto.query_string for link in app.get("page_link")]
    return [query for query in asked if query.startswith("session=")]


def held(app: AppTest) -> str:
    """Return the ids of the clips that wait, as they stand in the address."""
    value = app.query_params.get("held", "")
    return str(value[0] if isinstance(value, list) else value)


def drop(app: AppTest, name: str, content: bytes) -> AppTest:
    """Let a clip arrive as the upload route does, and tell the page of it."""
    upload_dir().mkdir(parents=True, exist_ok=True)
    clip = Path(tempfile.mkdtemp(prefix="upload-", dir=upload_dir())) / name
    clip.write_bytes(content)
    app.query_params["held"] = ",".join(part for part in (held(app), waiting_clips().hold(clip)) if part)
    return app.run()


def text_of(app: AppTest) -> str:
    blocks = [*app.title, *app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.html]
    bars = [bar.proto.text for bar in app.get("progress")]
    return "\n".join([*(str(block.value if hasattr(block, "value") else block.body) for block in blocks), *bars])


def wait_for(*queues: JobQueue[Any]) -> None:
    """Wait until everything in these queues is over, by means of a job queued behind it."""
    for queue in queues:
        done = threading.Event()

        def mark(report: Report, done: threading.Event = done) -> int:
            done.set()
            return 0

        marker = queue.submit("marker", mark)
        assert done.wait(SOON_S)
        while (view := queue.snapshot(marker)) and view.active:
            pass
        queue.forget(marker)
