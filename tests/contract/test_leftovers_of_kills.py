"""What programs leave that are killed while they hold somebody's data, and that erasing leaves none of it or names it.

Nothing here knows how the program works inside: every file in the data folder, in the system's temporary folder and at
the user's place is looked at.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gaitlab.archive import back_up, export_person
from gaitlab.cli.main import main
from gaitlab.paths import data_dir
from gaitlab.records.findings import as_written
from gaitlab.storage import open_store, pack_arrays
from tests.builders_store import a_clip, a_track, a_walk
from tests.saving import PROCESSES, work_for_ever

KILL_WITHIN_S = 0.4  # an operation or two: every kill strikes in the middle of one
CLIP = random.Random(7).randbytes(1_000_000)
WALK = replace(a_walk(), track_raw=a_track(seed=23), findings=(as_written("zenfinding"),))
NAMES_OF_THE_USER = ("all.db", "all.zip", "zenobia.zip", "film.mp4")


@dataclass(frozen=True, kw_only=True)
class Folders:
    data: Path
    temporary: Path
    place: Path

    def files(self) -> set[Path]:
        roots = (self.data, self.temporary, self.place)
        return {path for root in roots for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """Ben and Zenobia are in the store, in two backups, and Zenobia in a file of her own."""
    found = Folders(data=data_dir(), temporary=tmp_path / "temporary", place=tmp_path / "place")
    found.temporary.mkdir()
    found.place.mkdir()
    film = a_clip(tmp_path, content=CLIP)
    with closing(open_store()) as store:
        for number in range(3):
            store.save(WALK, person="Zenobia", media={"overlay": film}, remark=f"zenremark {number}", tags=["zentag"])
        store.save(a_walk(), person="Ben", media={"overlay": a_clip(tmp_path, content=b"a film of Ben")})
        export_person(store, "Zenobia", found.place / "zenobia.zip")
    film.rename(found.place / "film.mp4")  # what programs save, again and again
    for name in ("all.db", "all.zip"):
        back_up(found.place / name)
    return found


def kill_while_at(work: str, folders: Folders, after_s: float) -> bool:
    """Let a program work until it is killed; tell whether it left files that were not there before."""
    before = folders.files()
    receiver, sender = PROCESSES.Pipe(duplex=False)
    arguments = (work, str(folders.data), str(folders.temporary), folders.place, sender)
    process = PROCESSES.Process(target=work_for_ever, args=arguments)
    process.start()
    sender.close()
    try:
        assert receiver.recv() == "started"
        process.join(after_s)
        assert process.is_alive()
    finally:
        process.kill()
        process.join()
    return bool({path for path in folders.files() - before if not is_whole(path, folders)})


def is_whole(path: Path, folders: Folders) -> bool:
    """Tell whether the user or the program gave a file this name for good."""
    if path.parent == folders.place:
        return path.name in NAMES_OF_THE_USER or (path.name.startswith("made-") and path.suffix in (".db", ".zip"))
    of_database = path.name in {f"gaitlab.db{ending}" for ending in ("", "-wal", "-shm")}
    return path.parent == folders.data and (of_database or ".before-" in path.name or path.suffix == ".zip")


def erase(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Erase Zenobia under whatever names she was taken in, and return what is printed."""
    with closing(open_store()) as store:
        names = [person.name for person in store.people() if person.name.startswith("Zenobia")]
    capsys.readouterr()
    for name in names:
        assert main(["person", "erase", name]) == 0
    if not names:
        main(["person", "erase", "Zenobia"])
    return capsys.readouterr().err.splitlines()


def her_bytes() -> Sequence[bytes]:
    track = pack_arrays(WALK)
    bens = pack_arrays(a_walk())  # differs from hers in the raw coordinates
    pieces = [piece for at in range(0, len(track), 24) if len(piece := track[at : at + 24]) == 24 and piece not in bens]
    assert len(pieces) > 10
    words = [b"Zenobia", b"zenremark", b"zentag", b"zenfinding"]
    return [*words, *pieces, CLIP[:64], CLIP[500_000:500_064], CLIP[-64:]]


def assert_nowhere_or_named(folders: Folders, printed: list[str]) -> None:
    own = {folders.place / name for name in NAMES_OF_THE_USER}
    own |= {path for path in folders.place.glob("made-*") if is_whole(path, folders)}
    named = {path for path in folders.files() if any(line.startswith(f"{path}:") for line in printed)}
    hers = her_bytes()
    for path in folders.files() - own - named:
        content = path.read_bytes()
        assert not any(piece in content for piece in hers), path
        # Zip files hide what is in them: there may be none, nor anything else than the database and Ben's film.
        assert path.name.startswith("gaitlab.db") or content == b"a film of Ben" or not content, path


FEW = ("save", "restore .db", "restore .zip", "import", "backup .db", "backup .zip", "export") * 2
MANY_RESTORES = pytest.param(("restore .db", "restore .zip") * 20, id="40-restores", marks=pytest.mark.accuracy)
MANY = ("save", "import", "restore .db", "restore .zip", "backup .db", "backup .zip", "export") * 8
OF_ALL_KINDS = pytest.param(MANY, id="56-of-all-kinds", marks=pytest.mark.accuracy)


@pytest.mark.parametrize("works", [pytest.param(FEW, id="14-kills"), MANY_RESTORES, OF_ALL_KINDS])
def test_nothing_of_an_erased_person_is_left_by_killed_programs_or_it_is_named(
    works: Sequence[str], folders: Folders, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = random.Random(3)
    n_struck = sum(kill_while_at(work, folders, moments.uniform(0.0, KILL_WITHIN_S)) for work in works)

    printed = erase(capsys)

    with capsys.disabled():
        if os.environ.get("GAITLAB_TELL"):
            print(f"\n{len(works)} kills, {n_struck} left something; erase named {len(printed)}")  # noqa: T201
    assert n_struck > 0
    assert_nowhere_or_named(folders, printed)
