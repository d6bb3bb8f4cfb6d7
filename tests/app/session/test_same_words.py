"""A session says the same numbers, units and digits on its page, as a web page, on paper and on the command line."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from gaitlab.cli.main import main
from gaitlab.metrics.units import Units
from gaitlab.paths import data_dir
from gaitlab.records import Analysis
from gaitlab.storage import SessionStore
from gaitlab.storage.preferences import Preferences, write_preferences
from tests.app.builders_ui import long_walk, measured_walk, squats
from tests.app.visits import open_tab, page, text_of

pytestmark = pytest.mark.usefixtures("own_resources")


def joined(text: str) -> str:
    """Drop what differs with the width of a page: blanks, line ends, and marks of the page's own markup."""
    return "".join(text.split()).replace("\\", "").replace(":small[", "").replace("]", "")


@pytest.mark.parametrize("units", ["metric", "imperial"])
@pytest.mark.parametrize(
    "analysis", [measured_walk(speed_mps=1.234), long_walk(), squats()], ids=["speed", "walk", "squats"]
)
def test_page_web_page_paper_and_command_line_say_the_same_numbers(
    sessions: SessionStore, analysis: Analysis, units: Units, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_preferences(data_dir(), Preferences(units=units))
    session_id = str(sessions.save(analysis, person="Ann"))
    app = page("session", session=session_id)
    seen: list[str] = []
    for tab in [one.label for one in app.tabs]:
        app = open_tab(app, tab)
        cells = [cell for table in app.table for cell in table.value.to_numpy().ravel()]
        seen += [text_of(app), *(str(card.value) for card in app.metric), *map(str, cells)]
    plain = joined(" ".join(seen))
    app = page("session", session=session_id)
    app.button_group[0].set_value("For clinicians").run()
    table = app.dataframe[0].value.fillna("")
    rows = [row for row in table.to_dict("records") if row["Value"] != "–"]
    for name in ("html", "pdf"):
        assert main(["export", session_id, "--format", name, "--out", str(tmp_path / f"a.{name}")]) == 0
    paper = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    told = {
        "web page": joined((tmp_path / "a.html").read_text(encoding="utf-8")),
        "paper": joined(" ".join(paper[i].get_textpage().get_text_range() for i in range(len(paper)))),
    }
    capsys.readouterr()
    assert main(["show", session_id]) == 0
    told["command line"] = joined(capsys.readouterr().out)
    assert len(rows) > 1
    for row in rows:
        for words in (row["Value"], row["SD"], f"{row['Confidence']:.2f}"):
            assert [where for where, text in told.items() if joined(words) not in text] == [], (row["Number"], words)
        assert joined(row["Value"]) in plain, row["Number"]
