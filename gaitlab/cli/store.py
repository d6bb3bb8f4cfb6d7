"""Commands on the whole store and on people: ``gaitlab db``, ``person``, and ``reanalyze``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

from gaitlab.archive import back_up, bring_back, export_person, import_people, rehearse
from gaitlab.cli.output import write_json
from gaitlab.errors import StoreError
from gaitlab.sessions import recompute
from gaitlab.settings import PUT_RIGHT
from gaitlab.storage import (
    Person,
    Sex,
    StoreCheck,
    check_store,
    forget_orders,
    older_copies,
    open_store,
    upgrade,
)

__all__ = ["add_store_commands"]

_Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]
_CHANGES: Final = ("height_m", "sex", "birth_year", "remark")


def add_store_commands(add: _Add, activities: tuple[str, ...]) -> None:
    """Add these commands to the program's parser with its `add`."""
    database = add("db", _cmd_db, "upgrade, check, back up or restore the database")
    actions = database.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="create the database or bring it up to date")
    actions.add_parser(
        "check", help="check file, references, every session, kept and accepted clips, left-overs; changes nothing"
    )
    for action, help_text in (
        ("backup", "copy everything to one file; with a name in .zip also the kept videos"),
        ("restore", "put a backup in the place of everything"),
    ):
        actions.add_parser(action, help=help_text).add_argument("file", metavar="FILE")
    _add_person_actions(add("person", _cmd_person, "list, change, export, import or erase people"))
    again = add("reanalyze", _cmd_reanalyze, "compute a saved session anew from its keypoints; needs no video")
    again.add_argument("id", type=int)
    again.add_argument("--activity", choices=activities)
    for option, what in (("height-m", "M"), ("px-per-m", "PX"), ("treadmill-mps", "V"), ("slow-motion", "N")):
        again.add_argument(f"--{option}", type=float, metavar=what, help="default: as before")


def _add_person_actions(person: argparse.ArgumentParser) -> None:
    actions = person.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="show everybody").add_argument("--json", metavar="FILE|-")
    change = actions.add_parser("set", help="change what is known of a person")
    change.add_argument("name", metavar="NAME")
    change.add_argument("--rename", metavar="NEW")
    change.add_argument("--height-m", type=float, metavar="M")
    change.add_argument("--sex", choices=get_args(Sex), help="with --birth-year: which walking speed is usual")
    change.add_argument(
        "--birth-year", type=int, metavar="YEAR", help="whether curves of children or of adults are laid beside"
    )
    change.add_argument("--remark")
    export = actions.add_parser("export", help="write everything of a person into one zip file")
    export.add_argument("name", metavar="NAME")
    export.add_argument("file", metavar="FILE.zip")
    take_in = actions.add_parser("import", help="take in what was exported elsewhere")
    take_in.add_argument("file", metavar="FILE.zip")
    take_in.add_argument("--as", dest="as_name", metavar="NAME", help="under another name")
    erase = actions.add_parser("erase", help="remove a person and everything of theirs for good")
    erase.add_argument("name", metavar="NAME")


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def _cmd_db(args: argparse.Namespace) -> None:
    _DATABASE_ACTIONS[args.action](args)


def _upgrade(_: argparse.Namespace) -> None:
    _tell(f"database is at revision {upgrade()}")


def _check(_: argparse.Namespace) -> None:
    found = check_store()
    for path in found.left_over:
        _tell(f"left over: {path}")
    if found.left_over:
        _tell("left-overs do no harm; the next start removes them, but for databases set aside by `db restore`")
    for path in found.waiting:
        _tell(f"waits for its analysis: {path.name}")
    if found.waiting:
        _tell("`gaitlab app` goes on with the clips that wait")
    _refuse_faults(found, found.place)
    _tell(f"{found.place}: sound; {_counted(found)}")


def _back_up(args: argparse.Namespace) -> None:
    file = Path(args.file)
    back_up(file)
    found = rehearse(file)
    _refuse_faults(found, f"backed up to {file}, but it has the faults of the store")
    _tell(f"backed up to {file} ({'with' if file.suffix == '.zip' else 'without'} videos)")
    _tell(f"restored for a trial and checked: {_counted(found)}")


def _restore(args: argparse.Namespace) -> None:
    aside = bring_back(Path(args.file))
    _tell(f"restored from {args.file}" + (f"; what was there before is kept as {aside}" if aside else ""))
    if args.file.endswith(".zip"):
        _tell("sessions taken from an archive may have other numbers than before: see `gaitlab list`")
    found = check_store(with_files=args.file.endswith(".zip"))
    _refuse_faults(found, f"restored from {args.file}, but it is not sound")
    _tell(f"checked: {_counted(found)}")


def _counted(found: StoreCheck) -> str:
    return f"{found.n_people} people, {found.n_sessions} sessions, {found.n_files} kept files"


def _refuse_faults(found: StoreCheck, what: str) -> None:
    """Tell the faults, one line each, and end with an error if there are any."""
    for fault in found.faults:
        _tell(f"fault: {fault}")
    if found.faults:
        raise StoreError(f"{what}: {len(found.faults)} faults; each line above says what to do")


_DATABASE_ACTIONS: Final = {"upgrade": _upgrade, "check": _check, "backup": _back_up, "restore": _restore}


def _cmd_person(args: argparse.Namespace) -> None:
    _PERSON_ACTIONS[args.action](args)


def _list(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        people = [(person, store.count_sessions(person=person.name)) for person in store.people()]
    if args.json:
        write_json({"schema": 1, "people": [_person_json(person, n) for person, n in people]}, args.json)
        return
    for person, n in people:
        print(f"{person.name}  {n} session{'s' if n != 1 else ''}")
    if not people:
        _tell("nobody yet; `gaitlab analyze CLIP --person NAME` adds somebody")


def _person_json(person: Person, n_sessions: int) -> dict[str, Any]:
    return {"name": person.name, **{name: getattr(person, name) for name in _CHANGES}, "sessions": n_sessions}


def _set(args: argparse.Namespace) -> None:
    told = {name: getattr(args, name) for name in _CHANGES if getattr(args, name) is not None}
    with closing(open_store()) as store:
        person = store.update_person(replace(store.person(args.name), name=args.rename or args.name, **told))
    _tell(f"{person.name}: changed")


def _export(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        export_person(store, args.name, Path(args.file))
    _tell(f"everything of {args.name} is in {args.file}")


def _import(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        names = import_people(store, Path(args.file), as_name=args.as_name)
    _tell(f"taken in: {', '.join(names)}")


def _erase(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        try:
            store.erase_person(args.name)
            _tell(f"{args.name} and everything of theirs is erased")
        finally:  # also for a person who is only in such a copy
            for clip in forget_orders(args.name):
                _tell(f"{clip}: GaitLab analyses this clip of theirs; cancel that on its page, and erase once more")
            for path in older_copies():
                _tell(f"{path}: this copy may still hold the data; delete it, or wait for the program that writes it")


_PERSON_ACTIONS: Final = {"list": _list, "set": _set, "export": _export, "import": _import, "erase": _erase}


def _cmd_reanalyze(args: argparse.Namespace) -> None:
    with closing(open_store()) as store:
        told = {name: getattr(args, name) for name in PUT_RIGHT if getattr(args, name) is not None}
        new_id = recompute(store, args.id, told)
    _tell(
        f"session {args.id} computed anew"
        + (f" as session {new_id}; the old results stay: `gaitlab show {args.id}`" if new_id != args.id else "")
    )
