"""What belongs to one owner does not exist for another one: every method of the store, read or write."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gaitlab.errors import NotFoundError
from gaitlab.storage import Joined, PersonData, SessionFilter, SessionStore
from tests.builders_store import A_PROGRAMME, SHA_WALK, a_clip, a_walk, assert_equal_analyses

#: Every method that names a person or a number, called by Eve with what belongs to the owner, and what she gets.
#: `NotFoundError`, as for what does not exist at all; or what an empty store gives.
CALLS: dict[str, tuple[Callable[[SessionStore, Any], Any], Any]] = {
    "people": (lambda eve, _: eve.people(), ()),
    "person": (lambda eve, _: eve.person("Ann"), NotFoundError),
    "update_person": (lambda eve, own: eve.update_person(replace(own["person"], name="Eve")), NotFoundError),
    "erase_person": (lambda eve, _: eve.erase_person("Ann"), NotFoundError),
    "goals": (lambda eve, _: eve.goals("Ann"), ()),
    "set_goal": (
        lambda eve, _: eve.set_goal("Ann", metric="cadence", target=1.0, direction="at_most"),
        NotFoundError,
    ),
    "programme": (lambda eve, _: eve.programme("Ann"), ()),
    "set_programme": (lambda eve, _: eve.set_programme("Ann", ()), NotFoundError),
    "delete_goal": (lambda eve, own: eve.delete_goal(own["goal"].id), NotFoundError),
    "save": (lambda eve, own: eve.save(a_walk(), person="Ann", replaces=own["session"]), NotFoundError),
    "revise": (lambda eve, own: eve.revise(own["session"], a_walk(cadence_spm=1.0)), NotFoundError),
    "update_session": (lambda eve, own: eve.update_session(own["session"], remark="mine", tags=()), NotFoundError),
    "use_version": (lambda eve, own: eve.use_version(own["session"]), NotFoundError),
    "move_session": (lambda eve, own: eve.move_session(own["session"], "Eve"), NotFoundError),
    "join_people": (lambda eve, _: eve.join_people("Ann", into="Ann"), NotFoundError),
    "take_back": (lambda eve, own: eve.take_back(own["moved"]), NotFoundError),
    "raw_track": (lambda eve, own: eve.raw_track(own["session"]), NotFoundError),
    "heights": (lambda eve, _: eve.heights("Ann"), {}),
    "sessions": (lambda eve, _: eve.sessions(where=SessionFilter(with_replaced=True)), ()),
    "count_sessions": (lambda eve, _: eve.count_sessions(person="Ann"), 0),
    "tags": (lambda eve, _: eve.tags(), ()),
    "get": (lambda eve, own: eve.get(own["session"]), NotFoundError),
    "versions": (lambda eve, own: eve.versions(own["session"]), NotFoundError),
    "media_path": (lambda eve, own: eve.media_path(own["session"], "overlay"), None),
    "remove_media": (lambda eve, own: eve.remove_media(own["session"]), NotFoundError),
    "metric_history": (lambda eve, _: eve.metric_history("Ann", "cadence"), ()),
    "metric_histories": (lambda eve, _: eve.metric_histories("Ann", ["cadence"]), {"cadence": ()}),
    "people_overview": (lambda eve, _: eve.people_overview(recent=3), ()),
    "kinds_overview": (lambda eve, _: eve.kinds_overview("Ann"), ()),
    "moments": (lambda eve, own: eve.moments(own["session"]), NotFoundError),
    "delete": (lambda eve, own: eve.delete(own["session"]), NotFoundError),
    "find_by_hash": (lambda eve, _: eve.find_by_hash(SHA_WALK), ()),
    "share": (lambda eve, _: eve.share("Ann", "eve"), NotFoundError),
    "unshare": (lambda eve, _: eve.unshare("Ann", "eve"), NotFoundError),
    "shared_with": (lambda eve, _: eve.shared_with("Ann"), NotFoundError),
    "shared_with_owner": (lambda eve, _: eve.shared_with_owner(), ()),
}
#: Methods that make something of Eve's own, under whatever name; tested below.
OF_HER_OWN = {"add_person", "add_people", "for_owner", "close"}
#: Methods for copies of all there is, whoever owns it.
OF_EVERYBODY = {"owners", "state", "replace_everything", "remove_orphans", "finish_erasure"}
#: Writes numbers into the trail of this computer and hands nothing out.
OF_THE_TRAIL = {"note"}
#: Who may be shared with: names of accounts, nothing of a person.
OF_ACCOUNTS = {"sign_in", "colleagues"}


def test_every_method_is_in_the_list() -> None:
    methods = {name for name, _ in inspect.getmembers(SessionStore, inspect.isfunction) if not name.startswith("_")}

    assert set(CALLS) | OF_HER_OWN | OF_EVERYBODY | OF_THE_TRAIL | OF_ACCOUNTS == methods


@pytest.mark.parametrize("method", CALLS)
def test_somebody_else_finds_nothing_and_changes_nothing(store: SessionStore, own: dict[str, Any], method: str) -> None:
    call, expected = CALLS[method]
    eve = store.for_owner("eve")

    if expected is NotFoundError:
        with pytest.raises(NotFoundError):
            call(eve, own)
    else:
        assert call(eve, own) == expected

    stored = store.get(own["session"])
    assert_equal_analyses(stored.analysis, a_walk())
    assert (stored.remark, stored.tags, stored.header.replaced_by) == ("r", ("hall",), None)
    assert stored.media["overlay"].is_file()
    assert (store.people(), store.goals("Ann")) == ((own["person"],), (own["goal"],))
    assert store.programme("Ann") == A_PROGRAMME


def test_the_joining_of_somebody_elses_people_is_not_taken_back(store: SessionStore, own: dict[str, Any]) -> None:
    eve = store.for_owner("eve")
    gone = replace(own["person"], name="Gone")
    joined = Joined(kept=own["person"], gone=gone, sessions=(own["session"],), goals=(own["goal"].id,), dropped=())

    with pytest.raises(NotFoundError):
        eve.take_back(joined)

    assert (eve.people(), store.people()) == ((), (own["person"],))


def test_two_owners_may_each_have_a_person_of_one_name(store: SessionStore, own: dict[str, Any]) -> None:
    eve = store.for_owner("eve")

    eve.save(a_walk(cadence_spm=90.0), person="Ann")

    assert eve.person("Ann").id != own["person"].id
    assert [point.value for point in eve.metric_history("Ann", "cadence")] == [90.0]
    assert [point.value for point in store.metric_history("Ann", "cadence")] == [104.25]


def test_people_taken_in_belong_to_who_takes_them_in(store: SessionStore, own: dict[str, Any]) -> None:
    eve = store.for_owner("eve")

    eve.add_people([PersonData(person=own["person"], goals=(), sessions=[store.get(own["session"])])])

    assert len(store.sessions()) == len(eve.sessions()) == 1


def test_people_taken_in_never_belong_to_the_owner_that_their_file_names(
    store: SessionStore, own: dict[str, Any]
) -> None:
    eve = store.for_owner("eve")
    planted = replace(own["person"], name="Planted")

    eve.add_people([PersonData(person=planted, goals=(), sessions=[store.get(own["session"])], owner="mallory")])

    assert [person.name for person in eve.people()] == ["Planted"]
    assert store.for_owner("mallory").people() == ()
    assert store.people() == (own["person"],)


def test_a_film_that_two_owners_kept_stays_until_both_have_deleted_it(
    store: SessionStore, own: dict[str, Any], tmp_path: Path
) -> None:
    eve = store.for_owner("eve")
    hers = eve.save(a_walk(), person="Ann", media={"overlay": a_clip(tmp_path)})

    eve.delete(hers)

    assert store.media_path(own["session"], "overlay") is not None
