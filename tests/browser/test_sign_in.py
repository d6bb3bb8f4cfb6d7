"""Two colleagues in two browsers, with a provider of sign-ins on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gaitlab.archive.samples import load_samples
from gaitlab.storage import open_store
from gaitlab.storage.audit import audit_events
from gaitlab.storage.preferences import Preferences, write_preferences
from tests.browser.conftest import PATIENCE_MS, WIDE, ServedApp, choose, serving, settled

pytestmark = [pytest.mark.browser, pytest.mark.accuracy]

_SECRETS = """
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "a secret of this test only"
client_id = "gaitlab"
client_secret = "of no use"
server_metadata_url = "PROVIDER/.well-known/openid-configuration"
client_kwargs = { prompt = "login" }

[gaitlab]
role_claim = "groups"

[gaitlab.roles]
reader = ["students"]
administrator = ["leads"]
"""


@dataclass(frozen=True)
class Clinic:
    """A server on which people sign in; `rewrite` changes its secrets while it runs."""

    app: ServedApp
    issuer: str
    secrets: Path

    def rewrite(self, change: Callable[[str], str]) -> None:
        self.secrets.write_text(change(self.secrets.read_text()))


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """Serve the app with Mia, a therapist, Rolf, a reader, and Adam, an administrator, who may sign in."""
    people = [
        User(sub="mia", claims={"name": "Mia Therapist"}),
        User(sub="rolf", claims={"name": "Rolf Reader", "groups": ["students"]}),
        User(sub="adam", claims={"name": "Adam Lead", "groups": "leads"}),
    ]
    (tmp_path / "data").mkdir()
    write_preferences(tmp_path / "data", Preferences(audit=True, tour_done=True))
    with ExitStack() as stack:
        provider = stack.enter_context(run_server_in_thread(user_claims=people))
        issuer = f"http://localhost:{provider.server_port}"
        secrets = tmp_path / "secrets.toml"
        secrets.write_text(_SECRETS.replace("PROVIDER", issuer))
        with closing(open_store(f"sqlite:///{tmp_path / 'data' / 'gaitlab.db'}")) as store:
            load_samples(store.for_owner(f"{issuer} mia"))
        yield Clinic(app=stack.enter_context(serving(tmp_path, secrets=secrets)), issuer=issuer, secrets=secrets)


def window(browser: Browser, clinic: Clinic) -> BrowserContext:
    """Open a window of its own; not a watched one, since the provider's page asks for a style sheet elsewhere."""
    context = browser.new_context(base_url=clinic.app.url, viewport=WIDE)
    context.set_default_timeout(PATIENCE_MS)
    return context


def sign_in(page: Page, subject: str) -> None:
    """Sign in as somebody, from the page that asks for it."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=subject, exact=True).click()
    page.get_by_role("link", name="Account").wait_for()
    settled(page)


def signed_in(context: BrowserContext, subject: str) -> Page:
    """Return a page on which somebody has signed in."""
    page = context.new_page()
    page.goto("/")
    sign_in(page, subject)
    return page


def people_page(page: Page) -> str:
    """Go to the page People, and return the address of what it hands out."""
    page.goto("/people")
    settled(page)
    return page.get_by_role("link", name="Download everything").get_attribute("href") or ""


def status(context: BrowserContext, address: str) -> int:
    return context.request.get(address).status


def test_a_colleague_sees_nothing_until_it_is_shared(clinic: Clinic, browser: Browser) -> None:
    with closing(window(browser, clinic)) as hers, closing(window(browser, clinic)) as his:
        mia, rolf = signed_in(hers, "mia"), signed_in(his, "rolf")
        download = people_page(mia)
        who = mia.get_by_role("heading", level=3).first.inner_text()
        rolf.goto("/people")
        expect(rolf.get_by_text("Nobody is here yet")).to_be_visible()
        assert (status(hers, download), status(his, download)) == (200, 404)
        with closing(window(browser, clinic)) as nobodys:
            assert status(nobodys, download) == 401

        mia.get_by_text("Share with a colleague").click()
        choose(mia, "Colleague", "Rolf Reader")
        mia.get_by_role("button", name="Share", exact=True).click()
        expect(mia.get_by_role("button", name="Withdraw")).to_be_visible()
        rolf.reload()
        expect(rolf.get_by_role("heading", name=who)).to_be_visible()
        expect(rolf.get_by_text("Shared with you by Mia Therapist")).to_be_visible()
        assert status(his, download) == 403  # a reader takes no files

        mia.get_by_role("button", name="Withdraw").click()
        expect(mia.get_by_role("button", name="Withdraw")).to_have_count(0)
        rolf.reload()
        expect(rolf.get_by_text("Nobody is here yet")).to_be_visible()
        assert status(his, download) == 404
    subjects = {event.subject for event in audit_events(clinic.app.data_dir)}
    assert subjects == {f"{clinic.issuer} mia"}


def test_after_signing_out_nothing_is_shown_and_nothing_answered(clinic: Clinic, browser: Browser) -> None:
    with closing(window(browser, clinic)) as context:
        page = signed_in(context, "mia")
        download = people_page(page)

        page.get_by_role("link", name="Account").click()
        expect(page.get_by_text("Mia Therapist, therapist.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(re.compile(re.escape(clinic.issuer)))  # the provider is told, too

        page.goto("/people")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.get_by_role("link", name="Account")).to_have_count(0)
        assert status(context, download) == 401


def test_a_link_leads_to_its_page_through_the_sign_in(clinic: Clinic, browser: Browser) -> None:
    with closing(window(browser, clinic)) as context:
        page = context.new_page()
        page.goto("/session?session=1")
        sign_in(page, "mia")
        expect(page.get_by_role("heading", level=1, name=re.compile("^Walking"))).to_be_visible()
        assert page.url.endswith("/session?session=1")
        again = context.new_page()
        again.goto("/")
        settled(again)
        assert urlsplit(again.url).path == "/"  # it is not remembered any more


def test_a_sign_in_that_ends_in_the_middle_of_a_form_loses_nothing(clinic: Clinic, browser: Browser) -> None:
    with closing(window(browser, clinic)) as context:
        page = signed_in(context, "mia")
        download = people_page(page)
        page.get_by_role("textbox", name="Remark").fill("limps since Monday")

        clinic.rewrite(lambda text: text.replace("[gaitlab]", "[gaitlab]\nsession_hours = 0.0000001"))
        while status(context, download) != 401:  # until the server has read it
            page.wait_for_timeout(100)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your sign-in is over")).to_be_visible()
        expect(page.get_by_role("textbox", name="Remark")).to_have_count(0)

        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="mia", exact=True).wait_for()
        clinic.rewrite(lambda text: text.replace("session_hours = 0.0000001", "session_hours = 8"))
        while status(context, download) != 200:
            page.wait_for_timeout(100)
        page.get_by_role("button", name="mia", exact=True).click()
        expect(page.get_by_role("textbox", name="Remark")).to_have_value("limps since Monday")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()


def test_an_administrator_sees_to_what_concerns_everybody(clinic: Clinic, browser: Browser) -> None:
    with closing(window(browser, clinic)) as hers, closing(window(browser, clinic)) as his:
        mia, adam = signed_in(hers, "mia"), signed_in(his, "adam")
        people_page(mia)
        who = mia.get_by_role("heading", level=3).first.inner_text()
        for page in (mia, adam):
            page.goto("/settings")
            settled(page)
        expect(mia.get_by_text("administrators see to them")).to_be_visible()
        backup = adam.get_by_role("link", name="Make a backup").get_attribute("href") or ""
        assert (status(hers, backup), status(his, backup)) == (403, 200)

        adam.get_by_role("link", name="Account").click()
        choose(adam, "Colleague", "Mia Therapist")
        choose(adam, "Person", who)
        adam.get_by_role("button", name="Share with me").click()
        expect(adam.get_by_text("is among your people now")).to_be_visible()
        adam.goto("/people")
        expect(adam.get_by_text("Shared with you by Mia Therapist")).to_be_visible()
