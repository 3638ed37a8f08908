"""Passkeys in a real browser, with the authenticator that Chromium pretends to have.

Mutants that must fail: a challenge that is not taken out; no comparison of counts; no demand that
the device verifies its user.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from .conftest import Server
from .walking import check_page, follow

PHRASE = "correct horse battery"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """Chromium's virtual authenticator, in one tab."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        added = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        self.id = added["authenticatorId"]

    def credentials(self) -> list[dict[str, object]]:
        told = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        found: list[dict[str, object]] = told["credentials"]
        return found

    def put_back(self, credential: dict[str, object]) -> None:
        self.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})
        self.cdp.send(
            "WebAuthn.addCredential", {"authenticatorId": self.id, "credential": credential}
        )

    def verify(self, *, as_owner: bool) -> None:
        self.cdp.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": as_owner}
        )


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def open_at_name(server: Server, context: BrowserContext) -> Callable[[str], Page]:
    """Browsers bind passkeys to names: the server is asked as localhost."""
    page = context.new_page()

    def go(path: str) -> Page:
        page.goto(server.url.replace("127.0.0.1", "localhost") + path)
        return page

    return go


def sign_up(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PHRASE)
    follow(page.get_by_role("button", name="Create account"))


def add_passkey(open_at_name: Callable[[str], Page], name: str) -> Page:
    page = open_at_name("/settings/passkeys")
    page.get_by_label("Your password").fill(PHRASE)
    follow(page.get_by_role("button", name="Add a passkey"))
    check_page(page)
    page.get_by_label("Name").fill(name)
    follow(page.get_by_role("button", name="Add it"))
    expect(page.get_by_role("heading", name="Your passkeys")).to_be_visible()
    return page


def test_a_passkey_signs_in_its_owner_alone_and_no_copy_of_it(
    open_at_name: Callable[[str], Page],
) -> None:
    page = open_at_name("/sign-up")
    device = Device(page)
    sign_up(page, "key@b.example")
    page = add_passkey(open_at_name, "My phone")
    check_page(page)
    expect(page.locator("main")).to_contain_text("not used yet")
    (made,) = device.credentials()
    follow(page.get_by_role("button", name="Sign out"))

    page = open_at_name("/sign-in")
    check_page(page)
    device.verify(as_owner=False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    device.verify(as_owner=True)
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert "last used" in open_at_name("/settings/passkeys").locator("main").inner_text()
    follow(page.get_by_role("button", name="Sign out"))

    # A key that counts from the beginning again has been copied.
    device.put_back(made)
    page = open_at_name("/sign-in")
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("alert").first).to_contain_text("not known here")
    check_page(page)
    device.put_back({**made, "signCount": 40})
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_passkey_is_renamed_and_signs_in_no_more_once_it_is_removed(
    open_at_name: Callable[[str], Page],
) -> None:
    page = open_at_name("/sign-up")
    Device(page)
    sign_up(page, "gone@b.example")
    page = add_passkey(open_at_name, "My phone")
    follow(page.get_by_role("link", name="Rename or remove"))
    check_page(page)
    page.get_by_label("Name").fill("Old phone")
    follow(page.get_by_role("button", name="Rename"))
    expect(page.locator("main")).to_contain_text("Old phone")
    follow(page.get_by_role("link", name="Rename or remove"))
    page.get_by_label("Your password").fill(PHRASE)
    follow(page.get_by_role("button", name="Remove it"))
    expect(page.locator("main")).not_to_contain_text("Old phone")
    follow(page.get_by_role("button", name="Sign out"))
    page = open_at_name("/sign-in")
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("alert").first).to_contain_text("not known here")


def test_what_was_signed_once_signs_in_once(
    open_at_name: Callable[[str], Page], server: Server
) -> None:
    page = open_at_name("/sign-up")
    Device(page)
    sign_up(page, "once@b.example")
    page = add_passkey(open_at_name, "Key")
    follow(page.get_by_role("button", name="Sign out"))
    page = open_at_name("/sign-in")
    sent: list[str] = []
    page.on(
        "request",
        lambda one: sent.append(one.post_data or "") if one.url.endswith("/passkey") else None,
    )
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert len(sent) == 1
    left = "SELECT count(*) FROM passkey_challenge WHERE user_id IS NULL AND secret_sha256 <> ''"
    before = with_rows(server, left)
    again = page.evaluate(
        """async (body) => {
            const token = document.querySelector("[name=csrf_token]").value;
            const form = new URLSearchParams(body); form.set("csrf_token", token);
            const told = await fetch("/sign-in/passkey", {method: "POST", body: form});
            return [told.status, await told.text()];
        }""",
        sent[0],
    )
    assert again[0] == 422
    assert "not known here" in again[1]
    assert with_rows(server, left) == before


def test_without_scripts_or_a_name_in_the_address_nothing_is_offered(
    browser: Browser, server: Server
) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(server.url.replace("127.0.0.1", "localhost") + "/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.goto(server.url + "/sign-in")
    expect(page.locator("form[data-passkey]")).to_have_count(0)
    plain.close()


def with_rows(server: Server, query: str) -> int:
    with closing(sqlite3.connect(server.home / "factdeck.sqlite3")) as connection:
        return int(connection.execute(query).fetchone()[0])
