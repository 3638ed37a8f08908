"""Passkeys: only what was asked here, is signed for here, by its owner, once, signs in.

A device of our own signs as browsers' devices do (WebAuthn 2, 6.1 and 6.3). Mutants that must fail:
a challenge that is not taken out; no look at the origin; counts that are not compared.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.services import accounts, passkeys
from app.services.accounts import Person, PersonChange
from app.services.passkeys import New, PasskeyRefused, Site, site_of

NOW = 1_763_900_000
SITE = Site("learn.example", "https://learn.example")
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """A device with one passkey; what it says of the world can be bent."""

    name: str = SITE.name
    origin: str = SITE.origin
    flags: int = PRESENT | VERIFIED
    count: int = 1
    user_handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = b"a credential of 32 bytes in all."

    def said(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def data(self, more: bytes = b"", flags: int = 0) -> bytes:
        counted = self.count.to_bytes(4, "big")
        return (
            hashlib.sha256(self.name.encode()).digest()
            + bytes([self.flags | flags])
            + counted
            + more
        )

    def make(self, challenge: str) -> str:
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        length = len(self.credential_id).to_bytes(2, "big")
        attested = bytes(16) + length + self.credential_id + cbor2.dumps(cose)
        whole = {"fmt": "none", "attStmt": {}, "authData": self.data(attested, ATTESTED)}
        return self._wrapped(
            clientDataJSON=self.said("webauthn.create", challenge),
            attestationObject=cbor2.dumps(whole),
        )

    def sign(self, challenge: str) -> str:
        said, data = self.said("webauthn.get", challenge), self.data()
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        handle = {"userHandle": self.user_handle.encode()} if self.user_handle else {}
        return self._wrapped(
            clientDataJSON=said, authenticatorData=data, signature=signature, **handle
        )

    def _wrapped(self, **response: bytes) -> str:
        ident = b64(self.credential_id)
        texts = {name: b64(raw) for name, raw in response.items()}
        return json.dumps({"id": ident, "rawId": ident, "type": "public-key", "response": texts})


@pytest.fixture
def ann(session: Session) -> Person:
    return accounts.sign_up(session, None, "ann@example.org", "correct horse battery", NOW)


def register(session: Session, person: Person, device: Device, now: int = NOW) -> None:
    secret = passkeys.ask_for_new(session, person, now)
    told = json.loads(passkeys.options_for_new(session, person, secret, SITE, now))
    assert told["user"]["name"] == person.email
    assert told["authenticatorSelection"]["userVerification"] == "required"
    passkeys.add(session, person, New("Key", device.make(told["challenge"]), secret), SITE, now)


def signed(session: Session, device: Device) -> tuple[str, str]:
    """Return what a device has signed, and the secret of its challenge."""
    asked = passkeys.ask_to_sign_in(session, SITE, NOW)
    device.count += 1
    return device.sign(json.loads(asked.options)["challenge"]), asked.secret


def test_what_is_signed_by_a_passkey_signs_its_owner_in_once(session: Session, ann: Person) -> None:
    device = Device(user_handle=ann.token)
    register(session, ann, device)
    credential, secret = signed(session, device)
    assert passkeys.sign_in(session, credential, secret, SITE, NOW).id == ann.id
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, credential, secret, SITE, NOW)
    (kept,) = passkeys.own(session, ann.id)
    assert kept.last_used_epoch_s == NOW


BENT = {
    "another site": {"origin": "https://learn.example.evil.example"},
    "another name": {"name": "evil.example"},
    "not present": {"flags": VERIFIED},
    "not verified": {"flags": PRESENT},
    "a copied count": {"count": 0},
    "another person": {"user_handle": "x" * 43},
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "unknown": {"credential_id": b"another"},
}


@pytest.mark.parametrize("bent", BENT)
def test_nothing_else_signs_in(session: Session, ann: Person, bent: str) -> None:
    device = Device(user_handle=ann.token, count=5)
    register(session, ann, device)
    for name, value in BENT[bent].items():
        setattr(device, name, value)
    credential, secret = signed(session, device)
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, credential, secret, SITE, NOW)


@pytest.mark.parametrize("bent", ["another site", "another name", "not present", "not verified"])
def test_nothing_else_is_kept(session: Session, ann: Person, bent: str) -> None:
    device = Device(**BENT[bent])  # type: ignore[arg-type]  # each of its own kind
    with pytest.raises(PasskeyRefused):
        register(session, ann, device)
    assert passkeys.own(session, ann.id) == []


def test_a_challenge_is_good_for_five_minutes_and_for_what_it_was_made_for(
    session: Session, ann: Person
) -> None:
    device = Device(user_handle=ann.token)
    register(session, ann, device)
    credential, secret = signed(session, device)
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, credential, secret, SITE, NOW + 301)
    other = accounts.sign_up(session, None, "bob@example.org", "correct horse battery", NOW)
    own = passkeys.ask_for_new(session, ann, NOW)
    with pytest.raises(NotFound):
        passkeys.options_for_new(session, other, own, SITE, NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, credential, own, SITE, NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, credential, "", SITE, NOW)
    with pytest.raises(Conflict):
        register(session, other, device)
    passkeys.ask_for_new(session, ann, NOW)
    passkeys.forget_old(session, NOW + 301)
    with pytest.raises(NotFound):
        passkeys.options_for_new(session, ann, own, SITE, NOW)


def test_who_is_locked_out_or_has_a_new_password_has_no_passkey(
    session: Session, ann: Person
) -> None:
    device = Device(user_handle=ann.token)
    register(session, ann, device)
    locked = PersonChange(is_curator=False, is_admin=False, active=False)
    accounts.change_person(session, ann.id, locked)
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, *signed(session, device), SITE, NOW)
    accounts.change_person(
        session, ann.id, PersonChange(is_curator=False, is_admin=False, active=True)
    )
    assert passkeys.sign_in(session, *signed(session, device), SITE, NOW).id == ann.id
    accounts.change_password(session, ann, "correct horse battery", "nine quiet herons sail")
    assert passkeys.own(session, ann.id) == []


def test_passkeys_are_named_and_removed_by_their_owner_alone(session: Session, ann: Person) -> None:
    register(session, ann, Device())
    (one,) = passkeys.own(session, ann.id)
    other = accounts.sign_up(session, None, "bob@example.org", "correct horse battery", NOW)
    for act in (passkeys.own_one, passkeys.remove):
        with pytest.raises(NotFound):
            act(session, other.id, one.id)
    with pytest.raises(NotFound):
        passkeys.rename(session, other.id, one.id, "Mine")
    passkeys.rename(session, ann.id, one.id, "Blue")
    assert passkeys.own_one(session, ann.id, one.id).name == "Blue"
    passkeys.remove(session, ann.id, one.id)
    assert passkeys.own(session, ann.id) == []


def test_there_is_an_end_to_passkeys(
    session: Session, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passkeys, "MOST_PASSKEYS", 1)
    register(session, ann, Device())
    with pytest.raises(passkeys.TooManyPasskeys):
        passkeys.ask_for_new(session, ann, NOW)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sent=st.one_of(
        st.text(max_size=60),
        st.sampled_from(["[" * 9_000, "{}", "null", "\ud800", '{"id": 1e400}', "1" * 15_000]),
        JUNK.map(json.dumps),
        st.fixed_dictionaries(
            {"id": st.just(b64(b"k")), "rawId": st.just(b64(b"k")), "type": st.just("public-key")},
            optional={
                "response": st.dictionaries(
                    st.sampled_from(
                        [
                            "clientDataJSON",
                            "authenticatorData",
                            "signature",
                            "userHandle",
                            "attestationObject",
                        ]
                    ),
                    JUNK | st.binary(max_size=90).map(b64),
                )
            },
        ).map(json.dumps),
    )
)
def test_whatever_a_browser_sends_is_refused_and_no_fault(session: Session, sent: str) -> None:
    session.rollback()
    person = session.info.get("ann")
    if person is None:
        person = accounts.sign_up(session, None, "ann@example.org", "correct horse battery", NOW)
        register(session, person, Device(credential_id=b"k"))
        session.info["ann"] = person
    asked = passkeys.ask_to_sign_in(session, SITE, NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(session, sent, asked.secret, SITE, NOW)
    secret = passkeys.ask_for_new(session, person, NOW)
    with pytest.raises(PasskeyRefused):
        passkeys.add(session, person, New("x", sent, secret), SITE, NOW)


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://learn.example", SITE),
        ("http://localhost:8000", Site("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000", None),
        ("http://[::1]:8000", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_passkey_is_bound_to_a_name(address: str, site: Site | None) -> None:
    assert site_of(address) == site
