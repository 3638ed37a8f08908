"""Links that make accounts: once, half an hour, the newest alone; invitations last a week.

Mutants that must fail: a link kept after use; an address compared letter by letter; a set-up link
that is looked at before the transaction alone.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.people import SignUpLink
from app.services import accounts, signing_up
from app.services.accounts import AddressTaken, LinkUsed
from app.services.passwords import WeakPassword
from app.services.signing_up import LinkGone

NOW = 1_763_900_000
PHRASE = "correct horse battery"
VARIANTS = [
    "admin@example.org",
    "ADMIN@EXAMPLE.ORG",
    "Admin@Example.org",
    "aDmIn@eXaMpLe.OrG",
    " admin@example.org",
    "admin@example.org ",
    "\tadmin@example.org\n",
    "\u00a0admin@example.org",
    "admin@example.org\u3000",
    "ad min@example.org",
    "admin @example.org",
    "admin@ example.org",
    "\u2003admin@example.org",
    "ad\u200bmin@example.org",
    "admin\u200c@example.org",
    "admin\u200d@example.org",
    "\ufeffadmin@example.org",
    "admin@example.org\u2060",
    "ad\u00admin@example.org",
    "\u200eadmin@example.org",
    "\u202eadmin@example.org\u202c",
    "\u2066admin@example.org\u2069",
    "\uff41\uff44\uff4d\uff49\uff4e@example.org",
    "\uff21\uff24\uff2d\uff29\uff2e@example.org",
    "admin\uff20example.org",
    "admin@example\uff0eorg",
    "\U0001d41a\U0001d41d\U0001d426\U0001d422\U0001d427@example.org",
    "\U0001d404\U0001d403\U0001d40c\U0001d408\U0001d40d@example.org".replace("\U0001d404", "A"),
    "\u24d0\u24d3\u24dc\u24d8\u24dd@example.org",
    "adm\u2170n@example.org",
    "adm\x00in@example.org",
    "admin@EXAMPLE.o\u200brg",
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_thirty_spellings_of_one_address_are_one_account(session: Session) -> None:
    assert len(set(VARIANTS)) >= 30
    ann = accounts.sign_up(session, None, VARIANTS[0], PHRASE, NOW)
    for variant in VARIANTS:
        assert accounts.id_by_email(session, variant) == ann.id, ascii(variant)
        with pytest.raises(AddressTaken):
            signing_up.invite(session, variant, NOW)
        assert signing_up.link_for_address(session, variant, NOW) is None
    with pytest.raises(AddressTaken):
        accounts.sign_up(session, None, VARIANTS[13], PHRASE, NOW)
    assert accounts.sign_in(session, VARIANTS[-1], PHRASE).id == ann.id


def test_a_link_makes_an_account_once_and_a_guest_keeps_everything(session: Session) -> None:
    guest = accounts.make_guest(session, "g" * 40, NOW)
    token = signing_up.link_for_address(session, "New@Example.org", NOW)
    assert token is not None
    assert token not in session.scalars(select(SignUpLink.token_sha256)).all()
    assert signing_up.check_link(session, token, NOW + 1_800) == "new@example.org"
    with pytest.raises(WeakPassword):
        signing_up.use_link(session, token, guest, "short", NOW)
    made = signing_up.use_link(session, token, guest, PHRASE, NOW)
    assert (made.id, made.email) == (guest.id, "new@example.org")
    assert accounts.sign_in(session, "new@example.org", PHRASE).id == guest.id
    for late in (NOW, NOW + 1_801):
        with pytest.raises(LinkGone):
            signing_up.use_link(session, token, None, PHRASE, late)


def test_a_link_dies_of_age_and_of_a_newer_one(session: Session) -> None:
    first = signing_up.link_for_address(session, "new@example.org", NOW) or ""
    with pytest.raises(LinkGone):
        signing_up.check_link(session, first, NOW + 1_801)
    second = signing_up.link_for_address(session, "new@example.org", NOW) or ""
    for gone in (first, "", "nonsense", "\ud800"):
        with pytest.raises(LinkGone):
            signing_up.check_link(session, gone, NOW)
    signing_up.forget_old(session, NOW + 1_801)
    assert session.scalars(select(SignUpLink)).all() == []
    with pytest.raises(LinkGone):
        signing_up.check_link(session, second, NOW)
    week = signing_up.invite(session, "new@example.org", NOW)
    assert signing_up.check_link(session, week, NOW + 7 * 86_400) == "new@example.org"
    with pytest.raises(LinkGone):
        signing_up.check_link(session, week, NOW + 7 * 86_400 + 1)


def test_whoever_has_got_an_account_meanwhile_gets_no_second(session: Session) -> None:
    token = signing_up.invite(session, "new@example.org", NOW)
    accounts.sign_up(session, None, "new@example.org", PHRASE, NOW)
    with pytest.raises(AddressTaken):
        signing_up.use_link(session, token, None, PHRASE, NOW)


def test_of_eight_who_sign_up_with_one_address_at_once_one_has_an_account(
    engine: Engine, session: Session
) -> None:
    """Looked at before it is stored, the address may be taken in between."""
    session.rollback()

    def sign_up(_: int) -> bool:
        with Session(engine) as own:
            try:
                accounts.sign_up(own, None, "New@example.org", PHRASE, NOW)
            except AddressTaken:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(sign_up, range(8))) == [False] * 7 + [True]
    assert accounts.sign_in(session, "new@example.org", PHRASE).email == "new@example.org"


def test_mail_says_what_there_is_and_names_nothing_else() -> None:
    site = "https://learn.example"
    new = signing_up.message("a@b.example", "from@b.example", site, "t0ken")
    known = signing_up.message("a@b.example", "from@b.example", site, None)
    assert f"{site}/join/t0ken" in new.get_content()
    assert "There is an account with it already" in known.get_content()
    assert "/join/" not in known.get_content()
    assert new["To"] == known["To"] == "a@b.example"


def test_of_two_set_up_links_one_makes_an_admin(session: Session) -> None:
    links = [accounts.make_setup_link(session, NOW) or "" for _ in range(2)]
    first = accounts.use_setup_link(session, links[0], "a@example.org", PHRASE, NOW)
    assert first.is_admin
    with pytest.raises(LinkUsed):
        accounts.use_setup_link(session, links[1], "b@example.org", PHRASE, NOW)


def test_the_settings_make_an_admin_once_and_never_after_one(session: Session) -> None:
    with pytest.raises(WeakPassword):
        accounts.first_admin(session, "root@example.org", "short", NOW)
    made = accounts.first_admin(session, "Root@Example.org", PHRASE, NOW)
    assert made is not None
    assert made.is_admin
    assert accounts.first_admin(session, "other@example.org", PHRASE, NOW) is None
    assert accounts.make_setup_link(session, NOW) is None
    assert [one.email for one in accounts.people(session)] == ["root@example.org"]
