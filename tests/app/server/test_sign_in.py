"""Who somebody is by the claims of their token, and what a server refuses."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from gaitlab.errors import NotAllowedError, SignInError
from gaitlab.storage import LOCAL_OWNER
from gaitlab.ui.resources import need, store
from gaitlab.ui.server.sign_in import EVERYBODY, Rules, people_sign_in, rules, visitor, visitor_of
from gaitlab.ui.server.signed_in_only import SignedInOnly
from gaitlab.ui.shared.sign_in_page import place_of
from tests.app.test_routes import get

SECRET = "a secret of these tests only"
NOW_S = 1_800_000_000
RULES = Rules(audiences={"default": "gaitlab"}, roles={})
CLAIMS: dict[str, Any] = {
    "is_logged_in": True, "provider": "default", "iss": "https://id.example", "sub": "mia", "aud": "gaitlab",
    "iat": NOW_S - 60, "exp": NOW_S + 3600, "name": "Mia Therapist",
}  # fmt: skip
AUTH = f"""
[auth]
redirect_uri = "http://127.0.0.1:8501/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "gaitlab"
client_secret = "of no use"
server_metadata_url = "https://id.example/.well-known/openid-configuration"
"""


class Secrets:
    """The file of secrets that Streamlit reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, text: str) -> None:
        self.path.write_text(text)
        secrets_singleton._reset()


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[Secrets]:
    before = st.get_option("secrets.files")
    st.config.set_option("secrets.files", [str(tmp_path / "secrets.toml")])
    secrets_singleton._reset()
    yield Secrets(tmp_path / "secrets.toml")
    st.config.set_option("secrets.files", before)
    secrets_singleton._reset()


def test_an_owner_is_issuer_and_subject() -> None:
    mia = visitor_of(CLAIMS, RULES, now_s=NOW_S)

    assert (mia.owner, mia.name, mia.role) == ("https://id.example mia", "Mia Therapist", "therapist")
    assert visitor_of({**CLAIMS, "iss": "https://other.example"}, RULES, now_s=NOW_S).owner != mia.owner
    assert mia.subject == mia.owner
    assert EVERYBODY.subject is None


@pytest.mark.parametrize(
    "change",
    [
        {"is_logged_in": False}, {"is_logged_in": "true"}, {"iss": None}, {"iss": ""}, {"iss": "https://id.example a"},
        {"sub": None}, {"sub": 7}, {"sub": "a\nb"}, {"aud": "another"}, {"aud": ["another"]}, {"aud": None},
        {"aud": "another", "azp": "gaitlab"}, {"provider": "unknown"}, {"provider": None}, {"exp": None},
        {"iat": "now"}, {"exp": True},
    ],
)  # fmt: skip
def test_who_is_not_known_for_certain_is_nobody(change: Mapping[str, Any]) -> None:
    with pytest.raises(SignInError, match="asks who you are"):
        visitor_of({**CLAIMS, **change}, RULES, now_s=NOW_S)


@pytest.mark.parametrize(
    ("hours", "now_s", "is_over"),
    [(None, NOW_S + 3599, False), (None, NOW_S + 3600, True), (8, NOW_S + 28739, False), (8, NOW_S + 28740, True)],
)
def test_a_sign_in_ends_with_its_token_or_after_the_hours_of_this_server(
    hours: float | None, now_s: float, is_over: bool
) -> None:
    rules = Rules(audiences={"default": "gaitlab"}, roles={}, session_hours=hours)

    if is_over:
        with pytest.raises(SignInError, match="sign-in is over"):
            visitor_of(CLAIMS, rules, now_s=now_s)
    else:
        assert visitor_of(CLAIMS, rules, now_s=now_s).until_s > now_s


@pytest.mark.parametrize(
    ("told", "role"),
    [
        ({}, "therapist"), ({"groups": []}, "therapist"), ({"groups": "students"}, "reader"),
        ({"groups": ["students", "leads"]}, "administrator"), ({"groups": {"leads": 1}}, "therapist"),
        ({"groups": "leadsmen"}, "therapist"),
    ],
)  # fmt: skip
def test_the_role_is_the_highest_of_the_groups_that_the_claim_tells(told: Mapping[str, Any], role: str) -> None:
    rules = Rules(audiences={}, role_claim="groups", roles={"reader": ("students",), "administrator": ("leads",)})

    assert rules.role_of({**CLAIMS, **told}) == role


def test_a_claim_may_lie_within_a_claim_and_the_others_may_be_refused() -> None:
    rules = Rules(audiences={}, role_claim="realm_access.roles", roles={"therapist": ("gait",)}, default_role="none")

    assert rules.role_of({"realm_access": {"roles": ["gait"]}}) == "therapist"
    with pytest.raises(SignInError, match="have no role here"):
        rules.role_of({"realm_access": "gait"})


@pytest.mark.usefixtures("own_resources")
def test_without_configuration_there_is_one_user_who_may_do_everything(secrets: Secrets) -> None:
    assert (people_sign_in(), visitor()) == (False, EVERYBODY)
    secrets.say('[database]\npassword = "of something else"\n')
    assert (people_sign_in(), visitor()) == (False, EVERYBODY)

    store().add_person("Ann")
    need("administrator")

    assert store().owners() == (LOCAL_OWNER,)


@pytest.mark.usefixtures("own_resources")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[auth\n", "cannot be read as TOML"),
        ("[auth]\n", "asks who you are"),
        ('auth = "yes"\n', "expected sections"),
        (AUTH + "[gaitlab]\nrole = 1\n", "got role"),
        (AUTH + "[gaitlab]\nsession_hours = 0\n", "hours above 0"),
        (AUTH + '[gaitlab]\ndefault_role = "guest"\n', "or none, got 'guest'"),
        (AUTH + '[gaitlab.roles]\nreader = ["a"]\n', "expected role_claim, too"),
        (AUTH + '[gaitlab]\nrole_claim = "g"\n[gaitlab.roles]\nnurse = ["a"]\n', "got nurse"),
        (AUTH, "asks who you are"),
    ],
)
def test_a_slip_in_the_configuration_opens_the_server_to_nobody(secrets: Secrets, text: str, words: str) -> None:
    secrets.say(text)

    with pytest.raises(SignInError, match=words):
        store()


def test_every_provider_has_its_audience(secrets: Secrets) -> None:
    secrets.say(
        AUTH.replace('client_id = "gaitlab"\n', "")
        + '[auth.clinic]\nclient_id = "one"\n[auth.school]\nclient_id = "two"\n[gaitlab]\nsession_hours = 8\n'
    )

    assert rules().audiences == {"clinic": "one", "school": "two"}


async def _who(_: Request) -> PlainTextResponse:
    return PlainTextResponse(await asyncio.to_thread(lambda: visitor().owner))


OWN = [Route("/gaitlab/who", _who)]
APP = Starlette(routes=[*OWN, Route("/page", _who)], middleware=[Middleware(SignedInOnly, own=OWN)])


def cookie(claims: Mapping[str, Any], *, secret: str = SECRET, origin: str = "http://127.0.0.1:8501") -> dict[str, str]:
    """Return the header with the cookie that Streamlit sets, current, with these claims."""
    now_s = int(time.time())
    value = json.dumps({**CLAIMS, "iat": now_s, "exp": now_s + 600, "origin": origin, **claims})
    return {"Cookie": f"{USER_COOKIE_NAME}={create_signed_value(secret, USER_COOKIE_NAME, value).decode()}"}


def test_a_route_answers_as_the_one_who_signed_in(secrets: Secrets) -> None:
    secrets.say(AUTH)

    answer = get(APP, "/gaitlab/who", **cookie({}))

    assert (answer.status, answer.body) == (200, b"https://id.example mia")


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Cookie": f"{USER_COOKIE_NAME}=forged"}, cookie({}, secret="another secret, of another app"),
        cookie({}, origin="http://127.0.0.1:8502"), cookie({"aud": "another"}), cookie({"exp": 1}),
        {"Cookie": cookie({})["Cookie"].replace("=.eJ", "=.eK", 1)},
    ],
    ids=["none", "forged", "another key", "another app", "another audience", "over", "changed"],
)  # fmt: skip
def test_a_route_answers_nobody_else(secrets: Secrets, headers: dict[str, str]) -> None:
    secrets.say(AUTH)

    assert get(APP, "/gaitlab/who", **headers).status == 401


def test_without_configuration_a_route_answers_the_one_user(secrets: Secrets) -> None:
    answer = get(APP, "/gaitlab/who")

    assert (answer.status, answer.body) == (200, b"local")


KEY = RSAKey.generate_key(2048, {"kid": "of the provider", "alg": "RS256"})
OTHERS_KEY = RSAKey.generate_key(2048, {"kid": "of the provider", "alg": "RS256"})


def accepted_by_authlib(claims: Mapping[str, Any], *, key: RSAKey = KEY, alg: str = "RS256") -> Mapping[str, Any]:
    """Return the claims that Authlib takes of an ID token, asked as Streamlit asks it."""
    metadata = {
        "issuer": "https://id.example",
        "jwks": {"keys": [KEY.as_dict(private=False)]},
        "id_token_signing_alg_values_supported": ["RS256"],
    }
    client: StarletteOAuth2App = OAuth().register("default", client_id="gaitlab", **metadata)
    told = {"iss": "https://id.example", "sub": "mia", "aud": "gaitlab", "iat": time.time(), "exp": time.time() + 60}
    token = jwt.encode({"alg": alg, "kid": "of the provider"}, {**told, "nonce": "n", **claims}, key)
    client.server_metadata = {**metadata, "_loaded_at": time.time()}
    found = asyncio.run(client.parse_id_token({"id_token": token, "access_token": "a"}, nonce="n"))
    return dict(found)


def test_authlib_takes_a_token_of_the_provider_for_us() -> None:
    assert accepted_by_authlib({})["sub"] == "mia"


@pytest.mark.parametrize(
    ("claims", "key"),
    [
        ({"iss": "https://evil.example"}, KEY), ({"aud": "another"}, KEY), ({"nonce": "of another visit"}, KEY),
        ({"exp": time.time() - 300}, KEY), ({}, OTHERS_KEY), ({"sub": None}, OTHERS_KEY),
    ],
    ids=["issuer", "audience", "nonce", "over", "forged", "forged subject"],
)  # fmt: skip
def test_authlib_refuses_a_wrong_or_forged_token(claims: Mapping[str, Any], key: RSAKey) -> None:
    with pytest.raises(Exception, match=r"iss|aud|azp|nonce|exp|signature") as refused:
        accepted_by_authlib(claims, key=key)

    assert type(refused.value).__module__.startswith("joserfc")


def test_a_token_for_another_audience_that_authlib_takes_is_refused_here() -> None:
    taken = accepted_by_authlib({"aud": "another", "azp": "gaitlab"})

    with pytest.raises(SignInError, match="asks who you are"):
        visitor_of({**taken, "is_logged_in": True, "provider": "default"}, RULES)


@pytest.mark.parametrize("role", ["reader", "therapist"])
def test_who_may_not_is_told_whom_to_ask(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    who = visitor_of(CLAIMS, Rules(audiences={"default": "gaitlab"}, roles={}, default_role=role), now_s=NOW_S)
    monkeypatch.setattr("gaitlab.ui.resources.visitor", lambda: who)

    with pytest.raises(NotAllowedError, match="ask an administrator"):
        need("administrator")


@pytest.mark.parametrize(
    ("cookie", "place"),
    [
        ("%2Fsession%3Fsession%3D7", ("session", {"session": "7"})),
        ("%2Fbehind%2Fa%2Fproxy%2Fhistory%3Fperson%3D1", ("history", {"person": "1"})),
        ("%2F", None),
        ("", None),
        ("https%3A%2F%2Felsewhere.example%2Fsession", ("session", {})),  # a page of ours by its name, never an address
        ("%2F" + "x" * 1000, ("x" * 299, {})),
    ],
)
def test_a_remembered_address_is_a_page_and_its_query(cookie: str, place: tuple[str, dict[str, str]] | None) -> None:
    assert place_of(cookie) == place
