"""A number that GaitLab does not know yet needs no change of a page: a row of the table and its values are enough."""

from __future__ import annotations

import pytest

from gaitlab.metrics.confidence import measured
from gaitlab.storage import SessionStore
from tests.app.builders_ui import walk
from tests.app.visits import page, text_of
from tests.builders_metrics import STEP_WIDTH, with_metric, with_row


def test_a_new_number_is_saved_and_has_a_card(sessions: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    row = with_row(monkeypatch, STEP_WIDTH)
    width = measured("step_width", [0.10, 0.12, 0.14], confidence=0.9)
    app = page("session", session=str(sessions.save(with_metric(walk(), width), person="Anna")))
    assert not app.exception
    card = next(one for one in app.metric if one.label == row.label)
    assert (card.value, card.help) == ("0.12 :small[m]", row.help)
    shown = text_of(app).replace("\\", "")
    assert "from 3 placements" in shown
    assert "typical: 0.05–0.13 m" in shown
