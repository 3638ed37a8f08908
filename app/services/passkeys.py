"""Passkeys: somebody's device signs them in, without a password (WebAuthn level 2).

A passkey is possession and, since the device asks for finger, face or PIN, a second factor as well:
no code is asked for beside it. Each challenge is kept here and taken out when it comes back.
"""

import json
import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound, Refused
from app.core.sentences import say
from app.models.database import writing
from app.models.people import Passkey, PasskeyChallenge, User
from app.services.accounts import Person, person_of
from app.services.secret_hashes import secret_hash

CHALLENGE_S = 300
MOST_PASSKEYS = 20
LONGEST_CREDENTIAL = 20_000
"""Characters of what a browser sends; real ones have two thousand."""


class PasskeyRefused(Refused):
    """A passkey that is unknown here, or whose signature does not hold."""


class TooManyPasskeys(Refused):
    """Somebody has as many passkeys as one person may."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where browsers see this server: the name that passkeys are bound to, and the origin."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device is asked: a secret for the browser to keep, and the options as JSON."""

    secret: str
    options: str


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey in its owner's list."""

    id: int
    name: str
    created_epoch_s: int
    last_used_epoch_s: int | None


def site_of(address: str) -> Site | None:
    """Return the site of an address (https://learn.example); None where it has no name.

    Browsers bind passkeys to names alone, not to numbers such as 127.0.0.1.
    """
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return None
    try:
        ip_address(name)
    except ValueError:
        return Site(name, f"{parts.scheme}://{parts.netloc}") if name else None
    return None


def ask_for_new(session: Session, person: Person, now: int) -> str:
    """Make the challenge for a new passkey; return the secret that leads to it.

    Raises TooManyPasskeys.
    """
    held = select(func.count()).where(Passkey.user_id == person.id)
    if (session.scalar(held) or 0) >= MOST_PASSKEYS:
        raise TooManyPasskeys(
            say("You have {number} passkeys: remove one first.", number=MOST_PASSKEYS)
        )
    return _make_challenge(session, person.id, now)


def options_for_new(session: Session, person: Person, secret: str, site: Site, now: int) -> str:
    """Return what the device is told about a new passkey, as JSON. Raises NotFound."""
    from webauthn import (  # noqa: PLC0415 half a second to load, and seldom needed
        base64url_to_bytes,
        generate_registration_options,
        options_to_json,
    )
    from webauthn.helpers.structs import (  # noqa: PLC0415 as above
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    found = session.scalar(_waiting(secret, person.id, now))
    if found is None:
        raise NotFound(say("That took too long. Begin to add the passkey again."))
    theirs = session.scalars(select(Passkey.credential_id).where(Passkey.user_id == person.id))
    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Factdeck",
        user_id=person.token.encode(),
        user_name=person.email or "",
        user_display_name=person.display_name,
        challenge=base64url_to_bytes(found),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in theirs
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def add(session: Session, person: Person, new: "New", site: Site, now: int) -> None:
    """Keep a new passkey. Raises PasskeyRefused, and Conflict for one that is there already."""
    from webauthn import verify_registration_response  # noqa: PLC0415 as above
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415 as above

    challenge = _take_challenge(session, new.secret, person.id, now)
    with _Hostile():
        verified = verify_registration_response(
            credential=_read(new.credential),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    credential_id = bytes_to_base64url(verified.credential_id)
    with writing(session):
        session.execute(select(User.id).where(User.id == person.id).with_for_update())
        if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)):
            raise Conflict(say("This passkey is in use already."))
        session.add(
            Passkey(
                user_id=person.id,
                credential_id=credential_id,
                public_key=bytes_to_base64url(verified.credential_public_key),
                sign_count=verified.sign_count,
                name=new.name,
                created_epoch_s=now,
                last_used_epoch_s=None,
            )
        )


@dataclass(frozen=True, slots=True)
class New:
    """A passkey as it comes from the browser: its name, what the device signed, and our secret."""

    name: str
    credential: str
    secret: str


def ask_to_sign_in(session: Session, site: Site, now: int) -> Asked:
    """Make the challenge for signing in with whatever passkey the device has."""
    from webauthn import (  # noqa: PLC0415 as above
        base64url_to_bytes,
        generate_authentication_options,
        options_to_json,
    )
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415 as above

    secret = _make_challenge(session, None, now)
    challenge = session.scalar(_waiting(secret, None, now)) or ""
    options = generate_authentication_options(
        rp_id=site.name,
        challenge=base64url_to_bytes(challenge),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(secret, options_to_json(options))


def sign_in(session: Session, credential: str, secret: str, site: Site, now: int) -> Person:
    """Return whose passkey has signed. Raises PasskeyRefused, the same for every reason."""
    from webauthn import (  # noqa: PLC0415 as above
        base64url_to_bytes,
        verify_authentication_response,
    )

    challenge = _take_challenge(session, secret, None, now)
    read = _read(credential)
    with writing(session):
        row = session.execute(
            select(Passkey, User)
            .join(User, User.id == Passkey.user_id)
            .where(Passkey.credential_id == str(read.get("id")), User.active)
            .with_for_update(of=Passkey)
        ).one_or_none()
        if row is None:
            raise PasskeyRefused(REFUSED)
        passkey, user = row
        _check_owner(read, user)
        with _Hostile():
            verified = verify_authentication_response(
                credential=read,
                expected_challenge=challenge,
                expected_rp_id=site.name,
                expected_origin=site.origin,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                # A count that does not go on tells of a copied key, and is refused.
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        passkey.sign_count, passkey.last_used_epoch_s = verified.new_sign_count, now
        return person_of(user)


def _check_owner(read: dict[str, object], user: User) -> None:
    """Raise PasskeyRefused where the device names another person (WebAuthn 2, 7.2, step 6)."""
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415 as above

    response = read.get("response")
    named = response.get("userHandle") if isinstance(response, dict) else None
    if named and named != bytes_to_base64url(user.fs_uniquifier.encode()):
        raise PasskeyRefused(REFUSED)


REFUSED = say("That passkey is not known here, or took too long. Try again, or type your password.")


class _Hostile:
    """Turns whatever the library says of what a browser sent into one refusal."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise PasskeyRefused for any error: what was sent is anybody's bytes."""
        if isinstance(error, Exception):
            raise PasskeyRefused(REFUSED) from error


def _read(credential: str) -> dict[str, object]:
    if len(credential) > LONGEST_CREDENTIAL:
        raise PasskeyRefused(REFUSED)
    with _Hostile():
        read = json.loads(credential)
    if not isinstance(read, dict):
        raise PasskeyRefused(REFUSED)
    return read


def _make_challenge(session: Session, user_id: int | None, now: int) -> str:
    secret = secrets.token_urlsafe(32)
    with writing(session):
        session.add(
            PasskeyChallenge(
                secret_sha256=secret_hash(secret),
                challenge=secrets.token_urlsafe(32),
                user_id=user_id,
                expires_epoch_s=now + CHALLENGE_S,
            )
        )
    return secret


def _take_challenge(session: Session, secret: str, user_id: int | None, now: int) -> bytes:
    """Return a challenge and forget it, so that it counts once. Raises PasskeyRefused."""
    from webauthn import base64url_to_bytes  # noqa: PLC0415 as above

    with writing(session):
        taken = session.execute(
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.secret_sha256 == secret_hash(secret))
            .returning(
                PasskeyChallenge.challenge,
                PasskeyChallenge.user_id,
                PasskeyChallenge.expires_epoch_s,
            )
        ).one_or_none()
    if taken is None or taken.user_id != user_id or taken.expires_epoch_s < now:
        raise PasskeyRefused(REFUSED)
    return base64url_to_bytes(taken.challenge)


def _waiting(secret: str, user_id: int | None, now: int) -> Select[str]:
    return select(PasskeyChallenge.challenge).where(
        PasskeyChallenge.secret_sha256 == secret_hash(secret),
        PasskeyChallenge.user_id.is_not_distinct_from(user_id),
        PasskeyChallenge.expires_epoch_s >= now,
    )


def own(session: Session, user_id: int) -> list[OwnPasskey]:
    """Return somebody's passkeys, newest first."""
    columns = (Passkey.id, Passkey.name, Passkey.created_epoch_s, Passkey.last_used_epoch_s)
    rows = session.execute(
        select(*columns).where(Passkey.user_id == user_id).order_by(Passkey.id.desc())
    )
    return [OwnPasskey(*row) for row in rows]


def own_one(session: Session, user_id: int, passkey_id: int) -> OwnPasskey:
    """Return one of somebody's passkeys. Raises NotFound."""
    for one in own(session, user_id):
        if one.id == passkey_id:
            return one
    raise NotFound(say("There is no such passkey."))


def rename(session: Session, user_id: int, passkey_id: int, name: str) -> None:
    """Give one of somebody's passkeys another name. Raises NotFound."""
    mine = (Passkey.id == passkey_id, Passkey.user_id == user_id)
    with writing(session):
        own_one(session, user_id, passkey_id)
        session.execute(update(Passkey).where(*mine).values(name=name))


def remove(session: Session, user_id: int, passkey_id: int) -> None:
    """Forget one of somebody's passkeys. Raises NotFound."""
    with writing(session):
        own_one(session, user_id, passkey_id)
        session.execute(delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))


def forget_old(session: Session, now: int) -> None:
    """Drop challenges that nothing came back to."""
    with writing(session):
        session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_epoch_s < now))
