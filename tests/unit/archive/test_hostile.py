"""Archives made to harm: what is taken in can be exported, and what is refused changes nothing (F7, F8, F10)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gaitlab.archive import export_person, import_people
from gaitlab.errors import StoreError, UsageError
from gaitlab.paths import work_dir
from gaitlab.reports import EXPORTS
from gaitlab.sessions import hand_out, suffix_of
from gaitlab.storage import PersonData, SessionStore, open_store
from gaitlab.storage.media import MediaFolder
from tests.app.builders_ui import walk

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def store() -> Iterator[SessionStore]:
    with closing(open_store()) as opened:
        yield opened


def archive_of(store: SessionStore, folder: Path, *, film: bytes = b"film") -> Path:
    clip = folder / "overlay.mp4"
    clip.write_bytes(film)
    store.save(walk(), person="Ann", media={"overlay": clip})
    export_person(store, "Ann", folder / "ann.zip")
    store.erase_person("Ann")
    return folder / "ann.zip"


def changed(path: Path, *, session: Change | None = None, manifest: Change | None = None) -> Path:
    """Return a copy of an archive with other values in its session or its manifest."""
    dest = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(dest, "w", zipfile.ZIP_DEFLATED) as other:
        for name in whole.namelist():
            content = whole.read(name)
            change = session if name.endswith("/session.json") else manifest if name == "gaitlab.json" else None
            if change is not None:
                values = json.loads(content)
                change(values)
                content = json.dumps(values).encode()
            other.writestr(name, content)
    return dest


def first_metric(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = values["gait"]["metrics"][0]
    return found


def as_told(text: str) -> dict[str, Any]:
    return {"code": "as_written", "values": {"text": text}}


BEYOND: dict[str, Change] = {
    "a reason of 300,000 letters": lambda v: first_metric(v).update(why=as_told("x" * 300_000)),
    "a reason of one letter too many": lambda v: first_metric(v).update(why=as_told("x" * 2001)),
    "a reason of no known code": lambda v: first_metric(v).update(why={"code": "x", "values": {}}),
    "a reason whose number is a word": lambda v: first_metric(v).update(
        why={"code": "clip_short", "values": {"seen_s": "long"}}
    ),
    "201 notes": lambda v: v.update(findings=[as_told("note")] * 201),
    "300,000 contacts": lambda v: v["gait"].update(contacts=[v["gait"]["contacts"][0]] * 300_000),
    "a number of 1e308": lambda v: first_metric(v).update(value=1e308),
    "an infinite number": lambda v: first_metric(v).update(value=float("inf")),
    "markup for a number": lambda v: v["provenance"]["settings"].update(px_per_m="<b>"),
    "an unknown side": lambda v: v["gait"]["contacts"][0].update(side="<b>"),
    "a setting of 1 MB": lambda v: v["provenance"]["settings"].update(activity="x" * 1_000_000),
}


@pytest.mark.parametrize("change", BEYOND.values(), ids=BEYOND)
def test_values_beyond_the_limits_are_refused_and_nobody_comes_in(
    store: SessionStore, tmp_path: Path, change: Change
) -> None:
    with pytest.raises(StoreError, match="expected an archive of GaitLab"):
        import_people(store, changed(archive_of(store, tmp_path), session=change))
    assert store.people() == ()


WITHIN: dict[str, Change] = {
    "a reason of as many letters as there may be": lambda v: first_metric(v).update(
        why=as_told("x" * 2000), value=None
    ),
    "200 notes": lambda v: v.update(findings=[as_told("note")] * 200),
    "a file name with NUL": lambda v: v["source"].update(file="a\0b.mp4"),
    "a file name of 2,000 bytes": lambda v: v["source"].update(file="w" * 1990 + ".mp4"),
    "a drive letter": lambda v: v["source"].update(file="C:\\x\\walk.mp4"),
    "controls in a note": lambda v: v.update(findings=[as_told("one\0\x1b[31mtwo")]),
}


@pytest.mark.parametrize("change", WITHIN.values(), ids=WITHIN)
def test_what_is_taken_in_can_be_exported(store: SessionStore, tmp_path: Path, change: Change) -> None:
    import_people(store, changed(archive_of(store, tmp_path), session=change))
    (header,) = store.sessions(person="Ann")
    for name in EXPORTS:
        out = hand_out(store, header.id, name, tmp_path / f"out-{name}{suffix_of(name)}")
        assert out.stat().st_size > 0
    (openpose,) = tmp_path.glob("out-openpose*")
    with zipfile.ZipFile(openpose) as frames:
        for member in frames.namelist():
            assert not set(member) & set(":\\/\0")


def test_coordinates_that_overflow_are_refused(store: SessionStore, tmp_path: Path) -> None:
    path, dest = archive_of(store, tmp_path), tmp_path / "far.zip"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(dest, "w") as other:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("track.npz"):
                with np.load(io.BytesIO(content)) as arrays:
                    values = dict(arrays)
                values["deg"] = np.full_like(values["deg"], 1e308)
                packed = io.BytesIO()
                np.savez(packed, **values)
                content = packed.getvalue()
            other.writestr(name, content)
    with pytest.raises(StoreError, match="coordinates or angles"):
        import_people(store, dest)


def test_a_kept_clip_that_unpacks_to_many_times_its_size_is_refused_before_it_is_unpacked(
    store: SessionStore, tmp_path: Path
) -> None:
    """3 MB unpacked to 3 GiB."""
    bomb = changed(archive_of(store, tmp_path, film=bytes(20 << 20)))
    with pytest.raises(StoreError, match="unpacks to 20971520 bytes"):
        import_people(store, bomb)


def test_kept_clips_are_unpacked_before_the_database_is_locked(
    store: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive_of(store, tmp_path, film=b"f" * 1000)
    unpacked: list[Path] = []

    def look(people: list[PersonData]) -> None:
        unpacked.extend(work_dir().rglob("*-overlay.mp4"))

    monkeypatch.setattr(store, "add_people", look)
    import_people(store, path)
    assert [one.name for one in unpacked] == ["people-1-sessions-1-overlay.mp4"]


def test_kept_clips_are_hashed_while_others_can_save_and_moved_instead_of_copied(
    store: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive_of(store, tmp_path, film=b"f" * 1000)
    real, saved = hashlib.file_digest, []

    def digest_while_another_saves(file: Any, name: str) -> Any:
        with closing(open_store()) as other:
            saved.append(other.save(walk(), person="Ben"))
        return real(file, name)

    monkeypatch.setattr("gaitlab.storage.media.hashlib.file_digest", digest_while_another_saves)
    monkeypatch.setattr(MediaFolder, "_copy", lambda *_: pytest.fail("copied under the lock"))
    (name,) = import_people(store, path, as_name="Ann again")
    assert len(saved) == 1
    (header,) = store.sessions(person=name)
    assert store.get(header.id).media["overlay"].read_bytes() == b"f" * 1000


@pytest.mark.parametrize("kind", ["../overlay", "C:", "", "a" * 33])
def test_kinds_of_files_that_could_be_paths_are_refused(store: SessionStore, tmp_path: Path, kind: str) -> None:
    def rename(values: dict[str, Any]) -> None:
        media = values["people"][0]["sessions"][0]["media"]
        media[kind] = media.pop("overlay")

    with pytest.raises(StoreError, match="of kind"):
        import_people(store, changed(archive_of(store, tmp_path), manifest=rename))


@pytest.mark.parametrize("name", ["\0", "\x07bell", "\u200b", "n" * 81])
def test_names_that_cannot_be_seen_or_are_too_long_are_refused(store: SessionStore, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        store.add_person(name)


def test_a_name_of_eighty_characters_and_a_remark_of_ten_thousand_are_taken(store: SessionStore) -> None:
    number = store.save(walk(), person="n" * 80, remark="r" * 10_000)
    assert store.get(number).remark == "r" * 10_000
    with pytest.raises(UsageError, match="remark"):
        store.save(walk(), person="Ann", remark="r" * 10_001)
