"""A person's data is their own: taken along as one file, taken in elsewhere, backed up, and erased for good."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaitlab.archive import back_up, bring_back, export_person, import_people
from gaitlab.archive.codec import from_plain, to_plain
from gaitlab.archive.writer import write_archive
from gaitlab.errors import NotFoundError, StoreError, UsageError
from gaitlab.limits import NUMBER_MAX
from gaitlab.paths import work_dir
from gaitlab.records import Analysis, Metric
from gaitlab.records.findings import as_written, said
from gaitlab.reports.report_json import to_json
from gaitlab.storage import (
    SessionFilter,
    SessionHeader,
    SessionStore,
    backup,
    older_copies,
    open_store,
    restore,
)
from gaitlab.storage.engine import database_url, make_engine, media_folder
from tests.builders_store import (
    A_PROGRAMME,
    MONDAY,
    TUESDAY,
    a_clip,
    a_set_in_detail,
    a_walk,
    a_walk_with_findings,
    an_edited_walk,
    assert_equal_analyses,
)

EVERY = SessionFilter(with_replaced=True)


def fill(store: SessionStore, folder: Path) -> None:
    """Give Ann details, a goal, a programme, a walk with a film, the newer analysis of it, and a set of squats."""
    film = a_clip(folder, content=b"a film of Ann")
    walk = store.save(
        a_walk(), person="Ann", recorded_at=MONDAY, media={"overlay": film}, remark="new shoes", tags=["hall"]
    )
    store.update_session(walk, is_baseline=True)
    store.save(an_edited_walk(), person="Ann", replaces=walk)
    store.save(a_set_in_detail(), person="Ann", recorded_at=TUESDAY)
    store.update_person(replace(store.person("Ann"), height_m=1.7, sex="female", birth_year=1950, remark="knee"))
    store.set_goal("Ann", metric="cadence", target=110.0, direction="at_least", due=date(2027, 1, 1))
    store.set_programme("Ann", A_PROGRAMME)
    store.save(a_walk(), person="Ben")


def reports(store: SessionStore, person: str = "Ann") -> list[dict[str, Any]]:
    headers = store.sessions(person=person, where=EVERY)
    return [to_json(store.get(header.id).analysis) for header in headers]


def told(store: SessionStore) -> list[dict[str, Any]]:
    """Return what lists show of Ann's sessions, without numbers that a store gives out itself."""
    headers = store.sessions(person="Ann", where=EVERY)
    places = {header.id: place for place, header in enumerate(headers)}
    plain = [to_plain(header, without=("id", "created_at")) for header in headers]
    return [{**one, "replaced_by": places.get(one["replaced_by"])} for one in plain]


def with_shallow_apart(values: dict[str, Any], *, listed: bool) -> dict[str, Any]:
    """Return the values of `a_set_in_detail()` as version 1 of an archive had them; the first ones list no shallow."""
    exercise = values["exercise"]
    shallow, full = ({k: v for k, v in one.items() if k != "is_shallow"} for one in exercise["repetitions"])
    exercise |= {"count": 1, "repetitions": [{**full, "index": 1}]}
    exercise |= {"partials": [shallow]} if listed else {}
    exercise["metrics"] = [{**one, "value": 1.0, "n": 1} for one in exercise["metrics"]]
    return values


def with_sentences(values: dict[str, Any], walk: Analysis) -> dict[str, Any]:
    """Return the values of a walk as version 2 of an archive had them: sentences for reasons and notes."""
    kept = {name: value for name, value in values.items() if name not in ("findings", "input_findings")}
    metrics = values["gait"]["metrics"]
    told = [{**one, "reason": metric.reason} for one, metric in zip(metrics, walk.metrics, strict=True)]
    gait = {**values["gait"], "metrics": [{k: v for k, v in one.items() if k != "why"} for one in told]}
    return {**kept, "notes": list(walk.notes), "input_notes": list(walk.input_notes), "gait": gait}


def rewrite_manifest(source: Path, dest: Path, old: str, new: str) -> None:
    """Copy an archive with another text in its manifest."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(dest, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            changed.writestr(name, content.replace(old.encode(), new.encode()) if name == "gaitlab.json" else content)


class TestTakingAlong:
    def test_somebody_taken_elsewhere_has_the_same_reports_there(
        self, store: SessionStore, elsewhere: SessionStore, tmp_path: Path
    ) -> None:
        fill(store, tmp_path)

        export_person(store, "Ann", tmp_path / "ann.zip")
        assert import_people(elsewhere, tmp_path / "ann.zip") == ("Ann",)

        assert reports(elsewhere) == reports(store)
        assert told(elsewhere) == told(store)
        assert replace(elsewhere.person("Ann"), id=0) == replace(store.person("Ann"), id=0)
        assert [replace(goal, id=0) for goal in elsewhere.goals("Ann")] == [
            replace(goal, id=0) for goal in store.goals("Ann")
        ]
        assert elsewhere.programme("Ann") == A_PROGRAMME

    def test_every_number_arrives_exactly_in_every_kind_of_store(
        self, store: SessionStore, elsewhere: SessionStore, tmp_path: Path
    ) -> None:
        fill(elsewhere, tmp_path)
        export_person(elsewhere, "Ann", tmp_path / "ann.zip")

        import_people(store, tmp_path / "ann.zip")

        newest, walk = (header.id for header in store.sessions(person="Ann"))
        assert_equal_analyses(store.get(newest).analysis, a_set_in_detail())
        assert_equal_analyses(store.get(walk).analysis, an_edited_walk())
        old = store.get(store.versions(walk)[1].id)
        assert_equal_analyses(old.analysis, a_walk())
        assert old.media["overlay"].read_bytes() == b"a film of Ann"

    def test_sessions_taken_in_count_as_saved_now(
        self, store: SessionStore, elsewhere: SessionStore, tmp_path: Path
    ) -> None:
        fill(elsewhere, tmp_path)
        export_person(elsewhere, "Ann", tmp_path / "ann.zip")
        before = datetime.now(UTC)

        import_people(store, tmp_path / "ann.zip")

        assert all(header.created_at >= before for header in store.sessions(where=EVERY))

    def test_nobody_else_is_in_the_file(self, store: SessionStore, tmp_path: Path) -> None:
        fill(store, tmp_path)

        export_person(store, "Ann", tmp_path / "ann.zip")

        with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
            people = json.loads(archive.read("gaitlab.json"))["people"]
        assert [one["person"]["name"] for one in people] == ["Ann"]

    def test_it_can_be_read_without_gaitlab(self, store: SessionStore, tmp_path: Path) -> None:
        fill(store, tmp_path)
        export_person(store, "Ann", tmp_path / "ann.zip")

        with zipfile.ZipFile(tmp_path / "ann.zip") as archive:
            table = archive.read("people/1/metrics.csv").decode().splitlines()
            session = json.loads(archive.read("gaitlab.json"))["people"][0]["sessions"][0]["id"]
            report = json.loads(archive.read(f"people/1/sessions/{session}/report.json"))
            with archive.open(f"people/1/sessions/{session}/track.npz") as file, np.load(file) as arrays:
                xy_px = arrays["raw_xy_px"]

        assert table[0].startswith("session,recorded_at,kind,name,side,value,unit")
        assert report["activity"]["kind"] == "gait"
        assert xy_px.shape == (12, 17, 2)

    def test_only_the_user_may_read_the_file(self, store: SessionStore, tmp_path: Path) -> None:
        store.save(a_walk(), person="Ann")

        export_person(store, "Ann", tmp_path / "ann.zip")

        assert (tmp_path / "ann.zip").stat().st_mode & 0o077 == 0

    def test_nothing_is_written_over(self, store: SessionStore, tmp_path: Path) -> None:
        store.save(a_walk(), person="Ann")
        film = a_clip(tmp_path, name="ann.zip")

        with pytest.raises(StoreError, match="expected a new file"):
            export_person(store, "Ann", film)

        assert film.read_bytes() == b"not really a film"

    def test_an_unknown_person_leaves_no_file(self, store: SessionStore, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError):
            export_person(store, "Ann", tmp_path / "ann.zip")

        assert list(tmp_path.glob("ann*")) == []


class TestTakingIn:
    @pytest.fixture
    def ann(self, elsewhere: SessionStore, tmp_path: Path) -> Path:
        fill(elsewhere, tmp_path)
        export_person(elsewhere, "Ann", tmp_path / "ann.zip")
        return tmp_path / "ann.zip"

    def test_somebody_of_the_same_name_is_not_mixed_up(self, store: SessionStore, ann: Path) -> None:
        store.save(a_walk(), person="Ann")

        with pytest.raises(UsageError, match="there is somebody of that name already"):
            import_people(store, ann)

        assert len(store.sessions(where=EVERY)) == 1

    def test_another_name_makes_room(self, store: SessionStore, ann: Path) -> None:
        store.save(a_walk(), person="Ann")

        import_people(store, ann, as_name="Ann B.")

        assert [person.name for person in store.people()] == ["Ann", "Ann B."]
        assert len(store.sessions(person="Ann B.")) == 2

    def test_a_damaged_archive_leaves_nothing_half_saved(self, store: SessionStore, ann: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(ann) as whole, zipfile.ZipFile(tmp_path / "cut.zip", "w") as cut:
            last = sorted(name for name in whole.namelist() if name.endswith("track.npz"))[-1]
            for name in whole.namelist():
                cut.writestr(name, whole.read(name)[: 40 if name == last else None])

        with pytest.raises(StoreError):
            import_people(store, tmp_path / "cut.zip")

        assert store.people() == ()
        assert store.sessions(where=EVERY) == ()

    @pytest.mark.parametrize("content", [b"", b"not a zip file" * 100], ids=["empty", "garbage"])
    def test_something_else_is_refused_in_one_line(self, store: SessionStore, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(StoreError, match="expected an archive of GaitLab") as caught:
            import_people(store, a_clip(tmp_path, name="other.zip", content=content))

        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("manifest", "why"),
        [(b"[" * 200_000, "recursion|nest"), (b" " * (64 * 2**20 + 1), "unpacks to 67108865 bytes, at most 67108864")],
        ids=["nested", "bomb"],
    )
    def test_a_manifest_made_to_break_the_program_is_refused_in_one_line(
        self, elsewhere: SessionStore, tmp_path: Path, manifest: bytes, why: str
    ) -> None:
        with zipfile.ZipFile(tmp_path / "evil.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("gaitlab.json", manifest)

        with pytest.raises(StoreError, match=f"expected an archive of GaitLab.*({why})") as caught:
            import_people(elsewhere, tmp_path / "evil.zip")

        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize(
        ("offset", "value"), [(6, b"\x01"), (8, b"\x09")], ids=["with a password", "packed as Deflate64"]
    )
    def test_a_zip_file_that_python_cannot_unpack_is_refused(
        self, sql: SessionStore, ann: Path, offset: int, value: bytes
    ) -> None:
        content = bytearray(ann.read_bytes())
        for signature, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):  # in each file's own header and in the list
            at = -1
            while (at := content.find(signature, at + 1)) >= 0:
                content[at + offset + shift : at + offset + shift + 1] = value
        ann.write_bytes(content)

        with pytest.raises(StoreError, match="expected an archive of GaitLab"):
            import_people(sql, ann)

    def test_a_number_too_large_for_the_database_is_refused(self, sql: SessionStore, ann: Path, tmp_path: Path) -> None:
        with zipfile.ZipFile(ann) as whole, zipfile.ZipFile(tmp_path / "huge.zip", "w") as huge:
            for name in whole.namelist():
                content = whole.read(name)
                if name.endswith("session.json"):
                    content = re.sub(rb'"n": \d+', b'"n": 1' + b"0" * 30, content)
                huge.writestr(name, content)

        with pytest.raises(StoreError, match="expected an archive of GaitLab"):
            import_people(sql, tmp_path / "huge.zip")

        assert sql.people() == ()

    @pytest.mark.parametrize(
        ("sets", "refused"), [("20", None), ("21", "sets: expected a number from 1 to 20"), ('"ten"', "damaged")]
    )
    def test_a_programme_that_cannot_be_trained_is_refused(
        self, sql: SessionStore, ann: Path, tmp_path: Path, sets: str, refused: str | None
    ) -> None:
        rewrite_manifest(ann, tmp_path / "other.zip", '"sets": 3', f'"sets": {sets}')

        if refused is None:
            assert import_people(sql, tmp_path / "other.zip") == ("Ann",)
        else:
            with pytest.raises((UsageError, StoreError), match=refused):
                import_people(sql, tmp_path / "other.zip")
            assert sql.people() == ()

    def test_an_archive_of_before_there_were_programmes_is_read(
        self, sql: SessionStore, ann: Path, tmp_path: Path
    ) -> None:
        rewrite_manifest(ann, tmp_path / "old.zip", '"programme"', '"of_before"')

        import_people(sql, tmp_path / "old.zip")

        assert sql.programme("Ann") == ()

    @pytest.mark.parametrize("apart", [True, False], ids=["listed", "only their number"])
    def test_an_older_archive_has_its_shallow_repetitions_among_the_others(
        self, store: SessionStore, tmp_path: Path, apart: bool
    ) -> None:
        store.save(a_set_in_detail(), person="Ann", remark="squats")
        export_person(store, "Ann", tmp_path / "new.zip")
        with zipfile.ZipFile(tmp_path / "new.zip") as new, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
            for name in new.namelist():
                content = new.read(name)
                if name == "gaitlab.json":
                    content = content.replace(b'"version": 3', b'"version": 1')
                if name.endswith("session.json"):
                    content = json.dumps(with_shallow_apart(json.loads(content), listed=apart)).encode()
                old.writestr(name, content)

        import_people(store, tmp_path / "old.zip", as_name="Bea")

        (header,) = store.sessions(person="Bea")
        exercise = store.get(header.id).analysis.exercise
        assert exercise is not None
        assert (exercise.count, exercise.partial, header.shallow) == (2, 1, 1)
        assert header.repetition_count is not None
        assert (header.repetition_count.value, header.repetition_count.n) == (2.0, 2)
        if apart:
            assert exercise == a_set_in_detail().exercise
        else:
            assert [(one.index, one.is_shallow) for one in exercise.repetitions] == [(1, False)]

    def test_reasons_and_notes_arrive_with_their_codes_and_values(
        self, store: SessionStore, elsewhere: SessionStore, tmp_path: Path
    ) -> None:
        store.save(a_walk_with_findings(), person="Ann")
        export_person(store, "Ann", tmp_path / "ann.zip")
        import_people(elsewhere, tmp_path / "ann.zip")

        (header,) = elsewhere.sessions(person="Ann")
        assert_equal_analyses(elsewhere.get(header.id).analysis, a_walk_with_findings())

    def test_sentences_of_an_older_archive_are_recognised_or_stay(self, store: SessionStore, tmp_path: Path) -> None:
        walk = a_walk_with_findings()
        store.save(walk, person="Ann")
        export_person(store, "Ann", tmp_path / "new.zip")
        with zipfile.ZipFile(tmp_path / "new.zip") as new, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
            for name in new.namelist():
                content = new.read(name).replace(b'"version": 3', b'"version": 2')
                if name.endswith("session.json"):
                    content = json.dumps(with_sentences(json.loads(content), walk)).encode()
                old.writestr(name, content)

        import_people(store, tmp_path / "old.zip", as_name="Bea")

        (header,) = store.sessions(person="Bea")
        got = store.get(header.id).analysis
        assert (got.notes, got.input_notes) == (walk.notes, walk.input_notes)
        assert [one.code for one in got.findings] == ["frames_missing", "as_written", "as_written"]
        cadence, up_and_go = got.metrics
        assert (cadence.why, up_and_go.why) == (said("few_steps"), said("not_three_metres", reach_m=4.6))

    def test_an_archive_of_a_newer_program_is_refused(self, store: SessionStore, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "new.zip", "w") as archive:
            manifest = {"format": "gaitlab people", "version": 99, "gaitlab": "9.0", "people": []}
            archive.writestr("gaitlab.json", json.dumps(manifest))

        with pytest.raises(StoreError, match="written by a newer GaitLab"):
            import_people(store, tmp_path / "new.zip")

    def test_no_name_in_the_archive_leads_out_of_the_folder(
        self, store: SessionStore, ann: Path, tmp_path: Path
    ) -> None:
        with zipfile.ZipFile(ann) as whole, zipfile.ZipFile(tmp_path / "evil.zip", "w") as evil:
            for name in whole.namelist():
                content = whole.read(name).replace(b'"overlay.mp4"', b'"../../../../evil.mp4"')
                evil.writestr(name.replace("overlay.mp4", "../../../../evil.mp4"), content)

        import_people(store, tmp_path / "evil.zip")

        assert not list(tmp_path.parent.parent.glob("evil.mp4"))


@given(value=st.floats(-NUMBER_MAX, NUMBER_MAX), n=st.integers(0, 10**6), sd=st.none() | st.floats(0, 9))
def test_every_metric_survives_the_way_through_json(value: float, n: int, sd: float | None) -> None:
    metric = Metric(name="cadence", value=value, unit="steps/min", side="left", n=n, sd=sd, confidence=0.5)

    assert from_plain(Metric, json.loads(json.dumps(to_plain(metric)))) == metric


class TestErasing:
    def everything_on_disk(self, folder: Path) -> bytes:
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    def test_no_byte_of_an_erased_person_is_left_on_the_disk(self, sql: SessionStore, url: str, tmp_path: Path) -> None:
        walk = replace(a_walk(), findings=(as_written("secret finding of Zenobia"),))
        film = a_clip(tmp_path, content=b"a film of Zenobia")
        for number in range(5):
            sql.save(walk, person="Zenobia", media={"overlay": film}, remark=f"Zenobia limps {number}", tags=["zentag"])
        sql.set_goal("Zenobia", metric="zengoal", target=1.0, direction="at_least")
        sql.save(a_walk(), person="Ben")
        folder = Path(str(database_url(url).database)).parent
        assert b"Zenobia" in self.everything_on_disk(folder)

        sql.erase_person("Zenobia")

        left = self.everything_on_disk(folder)  # the database with its -wal and -shm, and the media
        assert not any(word in left for word in (b"Zenobia", b"zentag", b"zengoal"))
        assert_equal_analyses(sql.get(sql.sessions()[0].id).analysis, a_walk())

    def test_bytes_that_another_program_holds_are_told_and_gone_after_the_next_start(
        self, sql: SessionStore, url: str
    ) -> None:
        sql.save(a_walk(), person="Zenobia")
        address = database_url(url)
        with closing(SessionStore(make_engine(address, busy_timeout_s=0.05), media=media_folder(address))) as hasty:
            with closing(sqlite3.connect(str(address.database), isolation_level=None)) as reader:
                reader.execute("BEGIN")
                reader.execute("SELECT * FROM person").fetchall()
                with pytest.raises(
                    StoreError, match=r"erased, but another program .* the next start of GaitLab removes"
                ):
                    hasty.erase_person("Zenobia")
            assert hasty.people() == ()
            open_store(url).close()

        assert b"Zenobia" not in self.everything_on_disk(Path(str(address.database)).parent)

    def test_an_erasure_that_was_killed_before_its_end_is_completed_by_the_next_start(
        self, sql: SessionStore, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(_: object) -> None:
            raise SystemExit

        sql.save(a_walk(), person="Zenobia")
        monkeypatch.setattr("gaitlab.storage.sql.forget_for_good", killed)
        with pytest.raises(SystemExit):
            sql.erase_person("Zenobia")
        folder = Path(str(database_url(url).database)).parent
        assert b"Zenobia" in self.everything_on_disk(folder)

        open_store(url).close()

        assert b"Zenobia" not in self.everything_on_disk(folder)

    def test_an_erased_person_is_out_of_the_tables_of_postgresql(
        self, postgresql: SessionStore, tmp_path: Path
    ) -> None:
        fill(postgresql, tmp_path)

        postgresql.erase_person("Ann")

        assert [header.person for header in postgresql.sessions(where=EVERY)] == ["Ben"]
        assert postgresql.goals("Ann") == ()


class TestBackupOfEverything:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def address(self, request: pytest.FixtureRequest) -> str:
        return str(request.getfixturevalue("url" if request.param == "sqlite" else "postgresql_url"))

    def test_an_archive_brings_back_people_films_and_owners(self, address: str, tmp_path: Path) -> None:
        with closing(open_store(address)) as store:
            fill(store, tmp_path)
            store.for_owner("eve").save(a_walk(), person="Ann")
            before = reports(store)
            back_up(tmp_path / "all.zip", url=address)
            store.erase_person("Ann")
            store.save(a_walk(), person="Cleo")

            aside = bring_back(tmp_path / "all.zip", url=address)

            assert aside is not None
            assert reports(store) == before
            assert [person.name for person in store.people()] == ["Ann", "Ben"]
            assert len(store.for_owner("eve").sessions(person="Ann")) == 1
            film = store.media_path(store.sessions(person="Ann", where=EVERY)[-1].id, "overlay")
            assert film is not None
            bring_back(aside, url=address)
            assert [person.name for person in store.people()] == ["Ben", "Cleo"]

    def test_what_is_saved_while_an_archive_is_brought_back_is_not_lost(
        self, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(open_store(address)) as store:
            store.save(a_walk(), person="Ann")
            back_up(tmp_path / "all.zip", url=address)

            def copied_then_saved(*args: Any) -> None:
                write_archive(*args)
                store.save(a_walk(), person="Late")

            monkeypatch.setattr("gaitlab.archive.write_archive", copied_then_saved)
            with pytest.raises(StoreError, match="saved meanwhile"):
                bring_back(tmp_path / "all.zip", url=address)

            assert [person.name for person in store.people()] == ["Ann", "Late"]

    def test_a_damaged_archive_changes_nothing(self, address: str, tmp_path: Path) -> None:
        with closing(open_store(address)) as store:
            fill(store, tmp_path)
            before = reports(store)

            with pytest.raises(StoreError):
                bring_back(a_clip(tmp_path, name="broken.zip", content=b"PK" * 50), url=address)

            assert reports(store) == before

    def test_an_archive_of_one_kind_of_database_is_brought_back_into_the_other(
        self, url: str, postgresql_url: str, tmp_path: Path
    ) -> None:
        with closing(open_store(url)) as store:
            fill(store, tmp_path)
            before = reports(store)
        back_up(tmp_path / "all.zip", url=url)

        assert bring_back(tmp_path / "all.zip", url=postgresql_url) is None

        with closing(open_store(postgresql_url)) as store:
            assert reports(store) == before

    def test_a_file_of_an_sqlite_database_is_no_backup_for_postgresql(
        self, postgresql_url: str, tmp_path: Path
    ) -> None:
        with pytest.raises(StoreError, match="expected an SQLite file"):
            bring_back(tmp_path / "copy.db", url=postgresql_url)

    def test_a_backup_made_while_sessions_are_saved_holds_whole_sessions(self, address: str, tmp_path: Path) -> None:
        stop = threading.Event()

        def keep_saving(store: SessionStore) -> None:
            while not stop.is_set():
                store.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})

        with closing(open_store(address)) as store:
            store.save(a_walk(), person="Ann")
            writer = threading.Thread(target=keep_saving, args=(store,))
            writer.start()
            try:
                copies = [tmp_path / f"{number}.zip" for number in range(3)]
                for copy in copies:
                    back_up(copy, url=address)
            finally:
                stop.set()
                writer.join()
            bring_back(copies[-1], url=address)

            headers = store.sessions()
            assert len(headers) >= 1
            for header in headers:
                assert_equal_analyses(store.get(header.id).analysis, a_walk())


def test_a_copy_of_sqlite_made_under_load_is_sound_and_restores(sql: SessionStore, url: str, tmp_path: Path) -> None:
    stop = threading.Event()

    def keep_saving() -> None:
        while not stop.is_set():
            sql.save(a_walk(), person="Ann")

    writers = [threading.Thread(target=keep_saving) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        copies = [tmp_path / f"{number}.db" for number in range(5)]
        for copy in copies:
            backup(copy, url=url)
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    for copy in copies:
        with closing(sqlite3.connect(copy)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    restore(copies[-1], url=url)
    for header in sql.sessions():
        assert_equal_analyses(sql.get(header.id).analysis, a_walk())


def test_the_media_of_a_restored_archive_are_no_orphans(url: str, tmp_path: Path) -> None:
    with closing(open_store(url)) as store:
        fill(store, tmp_path)
    back_up(tmp_path / "all.zip", url=url)
    bring_back(tmp_path / "all.zip", url=url)

    open_store(url).close()

    assert len([path for path in media_folder(database_url(url)).root.rglob("*") if path.is_file()]) == 1


def test_a_copy_that_fails_halfway_is_not_left_aside(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(url).close()
    backup(tmp_path / "copy.db", url=url)

    def half(_source: Path, dest: Path, **_: object) -> None:
        dest.write_bytes(b"half")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("gaitlab.storage.engine._copy_database", half)
    with pytest.raises(StoreError, match="disk is full"):
        restore(tmp_path / "copy.db", url=url)

    assert older_copies(url) == ()


def test_somebody_renamed_while_the_file_is_written_is_told_of(
    sql: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = sql.sessions

    def renaming(*args: Any, **filters: Any) -> tuple[SessionHeader, ...]:
        found = listed(*args, **filters)
        if filters.get("person") == "Ann":
            sql.update_person(replace(sql.person("Ann"), name="Zoe"))
        return found

    sql.save(a_walk(), person="Ann")
    monkeypatch.setattr(sql, "sessions", renaming)
    with pytest.raises(StoreError, match="renamed or erased"):
        write_archive(tmp_path / "all.zip", [(None, sql)])
    assert list(tmp_path.glob("all*")) == []
    assert list(work_dir().iterdir()) == []
