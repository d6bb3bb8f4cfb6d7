"""What a colleague may do with a person who is shared with them, by their role: every method of the store."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from gaitlab.archive import export_person
from gaitlab.errors import NotAllowedError, NotFoundError, UsageError
from gaitlab.paths import data_dir
from gaitlab.sessions import hand_out
from gaitlab.storage import PersonData, Role, SessionFilter, SessionStore, SharedPerson, open_store
from gaitlab.storage.audit import audit_events
from gaitlab.storage.preferences import Preferences, write_preferences
from tests.builders_store import A_PROGRAMME, SHA_WALK, a_walk, assert_equal_analyses

Call = Callable[[SessionStore, Any], object]

#: Everybody who sees a person does these, and gets what the owner gets.
LOOKS: dict[str, Call] = {
    "people": lambda who, _: who.people(),
    "person": lambda who, _: who.person("Ann"),
    "goals": lambda who, _: who.goals("Ann"),
    "programme": lambda who, _: who.programme("Ann"),
    "raw_track": lambda who, own: who.raw_track(own["session"]).time_s.tolist(),
    "heights": lambda who, _: who.heights("Ann"),
    "sessions": lambda who, _: who.sessions(where=SessionFilter(with_replaced=True)),
    "count_sessions": lambda who, _: who.count_sessions(person="Ann"),
    "tags": lambda who, _: who.tags(),
    "get": lambda who, own: who.get(own["session"]).header,
    "versions": lambda who, own: who.versions(own["session"]),
    "media_path": lambda who, own: who.media_path(own["session"], "overlay"),
    "metric_history": lambda who, _: who.metric_history("Ann", "cadence"),
    "metric_histories": lambda who, _: who.metric_histories("Ann", ["cadence"]),
    "people_overview": lambda who, _: who.people_overview(recent=3),
    "kinds_overview": lambda who, _: who.kinds_overview("Ann"),
    "moments": lambda who, own: who.moments(own["session"]),
    "find_by_hash": lambda who, _: who.find_by_hash(SHA_WALK),
}
#: A therapist does these with a shared person, a reader does not.
WORKS: dict[str, Call] = {
    "set_goal": lambda who, _: who.set_goal("Ann", metric="speed", target=1.0, direction="at_least"),
    "set_programme": lambda who, _: who.set_programme("Ann", A_PROGRAMME[:1]),
    "delete_goal": lambda who, own: who.delete_goal(own["goal"].id),
    "add_person": lambda who, _: who.add_person("Ann", height_m=1.7),
    "save": lambda who, own: who.save(a_walk(), person="Ann", replaces=own["session"]),
    "revise": lambda who, own: who.revise(own["session"], a_walk(cadence_spm=1.0)),
    "update_session": lambda who, own: who.update_session(own["session"], remark="limps"),
    "use_version": lambda who, own: who.use_version(own["session"]),
    "add_people": lambda who, own: who.add_people(
        [PersonData(person=replace(own["person"], name="Ben"), goals=(), sessions=[])]
    ),
    "note": lambda who, own: who.note("exported", session=own["session"]),
}
#: Only who a person belongs to does these.
STAYS_WITH_THE_OWNER: dict[str, Call] = {
    "update_person": lambda who, own: who.update_person(replace(own["person"], name="Eve")),
    "erase_person": lambda who, _: who.erase_person("Ann"),
    "move_session": lambda who, own: who.move_session(own["session"], "Eve"),
    "join_people": lambda who, _: who.join_people("Ann", into="Hers"),
    "take_back": lambda who, own: who.take_back(own["moved"]),
    "remove_media": lambda who, own: who.remove_media(own["session"]),
    "delete": lambda who, own: who.delete(own["session"]),
    "share": lambda who, _: who.share("Ann", "mallory"),
    "unshare": lambda who, _: who.unshare("Ann", "eve"),
    "shared_with": lambda who, _: who.shared_with("Ann"),
}
#: Only administrators do these: they concern everybody's data.
OF_EVERYBODY: dict[str, Call] = {
    "for_owner": lambda who, _: who.for_owner("local"),
    "owners": lambda who, _: who.owners(),
    "state": lambda who, _: who.state(),
    "replace_everything": lambda who, _: who.replace_everything([]),
    "finish_erasure": lambda who, _: who.finish_erasure(),
    "remove_orphans": lambda who, _: who.remove_orphans(spared=set()),
}
#: Everybody does these; what they tell is of accounts only, or of who asks.
OF_THE_ACCOUNT = {"sign_in", "colleagues", "shared_with_owner", "close"}


@pytest.fixture
def own(own: dict[str, Any], store: SessionStore) -> dict[str, Any]:
    """Return what Ann's owner has in the store; Eve and Mallory have signed in."""
    for owner in ("eve", "mallory"):
        store.for_owner(owner).sign_in(owner.title())
    return own


def as_(store: SessionStore, role: Role, owner: str = "eve") -> SessionStore:
    return store.for_owner(owner, role=role, by=owner)


def test_every_method_is_in_one_of_the_lists() -> None:
    methods = {name for name, _ in inspect.getmembers(SessionStore, inspect.isfunction) if not name.startswith("_")}

    listed = [*LOOKS, *WORKS, *STAYS_WITH_THE_OWNER, *OF_EVERYBODY, *OF_THE_ACCOUNT]

    assert sorted(listed) == sorted(methods)


def test_whom_a_colleague_shares_one_sees_as_they_do(store: SessionStore, own: dict[str, Any]) -> None:
    store.share("Ann", "eve")

    for role in get_args(Role):
        for method, call in LOOKS.items():
            assert call(as_(store, role), own) == call(store, own), (role, method)


def test_a_therapist_works_with_a_shared_person(store: SessionStore, own: dict[str, Any]) -> None:
    store.share("Ann", "eve")

    for call in WORKS.values():
        call(as_(store, "therapist"), own)

    assert [one.name for one in store.people()] == ["Ann"]
    assert len(store.versions(own["session"])) == 2  # what was added to Ann is with Ann's owner


@pytest.mark.parametrize("role", ["therapist", "administrator"])
def test_what_stays_with_the_owner_no_colleague_does(store: SessionStore, own: dict[str, Any], role: Role) -> None:
    store.share("Ann", "eve")
    eve = as_(store, role)
    eve.add_person("Hers")

    for method, call in STAYS_WITH_THE_OWNER.items():
        with pytest.raises(NotAllowedError, match="shared by a colleague"):
            pytest.fail(f"{method}: {call(eve, own)}")

    assert_nothing_changed(store, own, shared_with=["eve"])


@pytest.mark.parametrize("owner", ["eve", "local"])
def test_a_reader_changes_nothing_whoever_it_belongs_to(store: SessionStore, own: dict[str, Any], owner: str) -> None:
    store.share("Ann", "eve")
    changes = {**WORKS, **STAYS_WITH_THE_OWNER, **OF_EVERYBODY}
    if owner == "local":
        del changes["shared_with"]  # that is a look at what is theirs

    for method, call in changes.items():
        with pytest.raises(NotAllowedError):
            pytest.fail(f"{method}: {call(as_(store, 'reader', owner), own)}")

    assert_nothing_changed(store, own, shared_with=["eve"])


def test_a_therapist_does_not_reach_everybodys_data(store: SessionStore, own: dict[str, Any]) -> None:
    for method, call in OF_EVERYBODY.items():
        with pytest.raises(NotAllowedError, match="only administrators"):
            pytest.fail(f"{method}: {call(as_(store, 'therapist'), own)}")

    assert_nothing_changed(store, own, shared_with=[])


def test_after_it_is_withdrawn_a_share_is_as_if_it_had_never_been(store: SessionStore, own: dict[str, Any]) -> None:
    eve = as_(store, "therapist")

    def outcome(call: Call) -> object:
        try:
            return call(eve, own)
        except NotFoundError as error:
            return str(error)

    before = {method: outcome(call) for method, call in LOOKS.items()}
    store.share("Ann", "eve")
    assert all(outcome(call) != before[method] for method, call in LOOKS.items())
    store.unshare("Ann", "eve")

    assert {method: outcome(call) for method, call in LOOKS.items()} == before


def test_a_share_is_for_the_one_colleague(store: SessionStore, own: dict[str, Any]) -> None:
    store.share("Ann", "eve")

    assert as_(store, "therapist", "mallory").people() == ()
    with pytest.raises(NotFoundError):
        as_(store, "administrator", "mallory").get(own["session"])


def test_a_person_of_ones_own_hides_a_shared_one_of_the_same_name(store: SessionStore, own: dict[str, Any]) -> None:
    eve = as_(store, "therapist")
    hers = eve.save(a_walk(cadence_spm=90.0), person="Ann")

    store.share("Ann", "eve")

    assert [header.id for header in eve.sessions()] == [hers]
    with pytest.raises(NotFoundError):
        eve.get(own["session"])
    assert eve.shared_with_owner() == (SharedPerson(name="Ann", by="local", is_hidden=True),)

    eve.update_person(replace(eve.person("Ann"), name="Ann of mine"))

    assert {header.id for header in eve.sessions()} == {hers, own["session"]}
    assert eve.shared_with_owner() == (SharedPerson(name="Ann", by="local", is_hidden=False),)


def test_of_two_shared_people_of_one_name_the_first_hides_the_other(store: SessionStore, own: dict[str, Any]) -> None:
    mallory = as_(store, "therapist", "mallory")
    later = mallory.save(a_walk(), person="Ann")
    store.share("Ann", "eve")
    mallory.share("Ann", "eve")
    eve = as_(store, "therapist")

    assert eve.person("Ann") == own["person"]
    assert [header.id for header in eve.sessions()] == [own["session"]]

    store.unshare("Ann", "eve")

    assert [header.id for header in eve.sessions()] == [later]


@pytest.mark.parametrize(
    ("owner", "fault", "words"),
    [("nobody", NotFoundError, "nobody of that account"), ("local", UsageError, "expected a colleague")],
)
def test_one_shares_with_somebody_else_who_signed_in(
    store: SessionStore, own: dict[str, Any], owner: str, fault: type[Exception], words: str
) -> None:
    with pytest.raises(fault, match=words):
        store.share("Ann", owner)


def test_colleagues_are_known_by_the_name_they_had_last(store: SessionStore, own: dict[str, Any]) -> None:
    as_(store, "reader").sign_in("Eve Miller")

    assert [(one.owner, one.name) for one in store.colleagues()] == [("eve", "Eve Miller"), ("mallory", "Mallory")]
    assert [one.name for one in as_(store, "reader").colleagues()] == ["Mallory"]


def test_a_person_who_is_erased_leaves_no_share(store: SessionStore, own: dict[str, Any]) -> None:
    store.share("Ann", "eve")

    store.erase_person("Ann")

    assert as_(store, "therapist").shared_with_owner() == ()


def test_an_administrator_acts_for_a_colleague(store: SessionStore, own: dict[str, Any]) -> None:
    administrator = as_(store, "administrator", "mallory")

    administrator.for_owner("local").share("Ann", "mallory")

    assert [one.name for one in administrator.people()] == ["Ann"]
    administrator.for_owner("local").erase_person("Ann")
    assert store.people() == ()


def test_a_reader_takes_no_files(store: SessionStore, own: dict[str, Any], tmp_path: Path) -> None:
    store.share("Ann", "eve")
    reader = as_(store, "reader")

    with pytest.raises(NotAllowedError, match="takes no files"):
        hand_out(reader, own["session"], "json", tmp_path / "report.json")
    with pytest.raises(NotAllowedError, match="takes no files"):
        export_person(reader, "Ann", tmp_path / "ann.zip")

    assert [path for path in tmp_path.iterdir() if path.suffix in {".json", ".zip"}] == []


def test_the_trail_names_who_asked_and_not_whose_it_is(url: str) -> None:
    write_preferences(data_dir(), Preferences(audit=True))
    with closing(open_store(url)) as store:
        mia = store.for_owner("https://id.example mia", role="therapist", by="https://id.example mia")
        number = mia.save(a_walk(), person="Ann")
        store.for_owner("https://id.example adam", by="https://id.example adam").for_owner(
            "https://id.example mia"
        ).get(number)
        mia.get(number)
        mia.get(number)

    told = [(event.subject, event.did) for event in audit_events()][::-1]
    assert told == [
        ("https://id.example mia", "saved"),
        ("https://id.example adam", "opened"),
        ("https://id.example mia", "opened"),
    ]


def assert_nothing_changed(store: SessionStore, own: dict[str, Any], *, shared_with: list[str]) -> None:
    stored = store.get(own["session"])
    assert_equal_analyses(stored.analysis, a_walk())
    assert (stored.remark, stored.tags, stored.header.replaced_by) == ("r", ("hall",), None)
    assert stored.media["overlay"].is_file()
    assert (store.people(), store.goals("Ann")) == ((own["person"],), (own["goal"],))
    assert store.programme("Ann") == A_PROGRAMME
    assert [one.owner for one in store.shared_with("Ann")] == shared_with
