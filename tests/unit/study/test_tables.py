"""Sessions as pandas tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gaitlab.errors import UsageError
from gaitlab.storage import SessionStore
from gaitlab.study import COLUMNS, repeatability, repeated, sessions_table
from tests.builders_store import a_squat_set, a_walk

pandas = pytest.importorskip("pandas", reason="studies need the extra study")
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store(empty_store: SessionStore) -> SessionStore:
    """Anna walks three times, Ben twice, Eva once, and once it could not be measured."""
    for person, cadences in (("Ben", (100.0, 104.0)), ("Anna", (110.0, 112.0, None)), ("Eva", (90.0,))):
        for number, cadence_spm in enumerate(cadences):
            empty_store.save(
                a_walk(cadence_spm=cadence_spm),
                person=person,
                recorded_at=DAY + timedelta(days=number),
                tags=("study",),
            )
    empty_store.save(a_squat_set(), person="Eva", recorded_at=DAY)
    return empty_store


def test_a_row_per_session_and_number_withheld_ones_with_their_reason(store: SessionStore) -> None:
    table = sessions_table(store)
    assert tuple(table.columns) == COLUMNS
    assert table["recorded_at"].is_monotonic_increasing
    withheld = table[table["metric"].eq("cadence") & table["value"].isna()].iloc[0]
    assert (withheld["person"], withheld["tags"]) == ("Anna", "study")
    assert withheld["reason"]
    assert set(sessions_table(store, person="Ben")["person"]) == {"Ben"}


def test_an_empty_store_gives_a_table_without_rows(empty_store: SessionStore) -> None:
    table = sessions_table(empty_store)
    assert (len(table), tuple(table.columns)) == (0, COLUMNS)


def test_people_against_occasions_without_whoever_has_too_few(store: SessionStore) -> None:
    wide = repeated(sessions_table(store), "cadence")
    assert wide.index.tolist() == ["Anna", "Ben"]
    assert wide.to_numpy().tolist() == [[110.0, 112.0], [100.0, 104.0]]
    assert repeatability(wide).people == 2


def test_what_nobody_has_is_refused(store: SessionStore) -> None:
    table = sessions_table(store)
    with pytest.raises(UsageError, match="3 occasions"):
        repeated(table, "cadence", occasions=3)  # the third of Anna was withheld
    with pytest.raises(UsageError, match="expected a number of this table"):
        repeated(table, "height")
    with pytest.raises(UsageError, match="occasions"):
        repeated(table, "cadence", confidence_min=1.01)
