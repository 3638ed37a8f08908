"""Digests go out once, at the learner's hour, to whom something is due; calendars are secret."""

from collections.abc import Callable
from email.message import EmailMessage

import icalendar
import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck
from app.models.learning import ReminderSettings
from app.services import reminders, study
from app.services.reminders import Reminders, Sender, TryLater, Undeliverable
from tests.services.test_insights import DAY_S, many, studied

NOW = 1_763_900_000
"""12:13 UTC, 21:13 in Tokyo."""
SENDER = Sender("factdeck@school.example", "https://facts.example", "k" * 40)
Outbox = list[EmailMessage]


class Kept:
    """Keeps what is sent, or fails like a server that is not there, or refuses one receiver."""

    def __init__(
        self, *, broken: bool = False, refusal: Exception | None = None, whom: str = ""
    ) -> None:
        self.messages: Outbox = []
        self.tried = 0
        self.broken = broken
        self.refusal = refusal
        self.whom = whom

    def send(self, message: EmailMessage) -> None:
        self.tried += 1
        if self.broken:
            raise ConnectionRefusedError("nobody listens")
        if self.refusal and message["To"] == self.whom:
            raise self.refusal
        self.messages.append(message)


@pytest.fixture
def subscriber(session: Session, new_learner: Callable[..., int]) -> int:
    made = new_learner(email="l@b.example", password="x")  # noqa: S106 no secret
    reminders.save_reminders(session, made, Reminders(wants_digest=True, hour=12, goal=5))
    return made


@pytest.fixture
def begun(session: Session, deck: Deck, subscriber: int) -> int:
    """A subscriber who has begun the deck, and answered nothing yet."""
    study.start(session, subscriber, deck.key, NOW - DAY_S)
    return subscriber


def test_a_digest_goes_out_once_a_day_from_the_chosen_hour_on(session: Session, begun: int) -> None:
    post = Kept()
    assert reminders.send_digests(session, post, SENDER, NOW - 3600) == 0
    assert reminders.send_digests(session, post, SENDER, NOW) == 1
    assert reminders.send_digests(session, post, SENDER, NOW + 60) == 0
    assert reminders.send_digests(session, post, SENDER, NOW + DAY_S) == 1
    message = post.messages[0]
    link = f"{SENDER.site}/unsubscribe/{reminders.unsubscribe_token(begun, SENDER.secret)}"
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert f"\nList-Unsubscribe: <{link}>\n".encode() in message.as_bytes()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "10 new" in message["Subject"]
    assert link in message.get_content()


@pytest.mark.usefixtures("begun")
def test_a_digest_that_could_not_go_out_is_tried_again(session: Session) -> None:
    assert reminders.send_digests(session, Kept(broken=True), SENDER, NOW) == 0
    assert reminders.send_digests(session, Kept(), SENDER, NOW + 60) == 1


@pytest.fixture
def two(session: Session, deck: Deck, begun: int, new_learner: Callable[..., int]) -> list[int]:
    """Two subscribers, l@b.example and m@b.example, who have begun the deck."""
    other = new_learner(email="m@b.example", password="x")  # noqa: S106 no secret
    reminders.save_reminders(session, other, Reminders(wants_digest=True, hour=12))
    study.start(session, other, deck.key, NOW - DAY_S)
    return [begun, other]


@pytest.mark.usefixtures("two")
def test_a_server_that_is_not_there_is_asked_once_a_round_and_nobody_is_forgotten(
    session: Session,
) -> None:
    broken = Kept(broken=True)
    assert reminders.send_digests(session, broken, SENDER, NOW) == 0
    assert broken.tried == 1
    post = Kept()
    assert reminders.send_digests(session, post, SENDER, NOW + 60) == 2
    assert {one["To"] for one in post.messages} == {"l@b.example", "m@b.example"}


@pytest.mark.parametrize(("refusal", "again"), [(Undeliverable("550"), 0), (TryLater("451"), 1)])
@pytest.mark.usefixtures("two")
def test_one_who_is_refused_keeps_nobody_else_waiting(
    session: Session, refusal: Exception, again: int
) -> None:
    post = Kept(refusal=refusal, whom="l@b.example")
    assert reminders.send_digests(session, post, SENDER, NOW) == 1
    assert [one["To"] for one in post.messages] == ["m@b.example"]
    post.refusal = None
    assert reminders.send_digests(session, post, SENDER, NOW + 60) == again
    assert reminders.send_digests(session, post, SENDER, NOW + DAY_S) == 2


@pytest.mark.usefixtures("deck", "subscriber")
def test_nothing_to_do_is_no_reason_to_write(session: Session) -> None:
    assert reminders.send_digests(session, Kept(), SENDER, NOW) == 0


def test_a_guest_gets_no_mail_and_who_left_gets_none_any_more(
    session: Session, learner: int, begun: int
) -> None:
    reminders.save_reminders(session, learner, Reminders(wants_digest=True, hour=0))
    assert not reminders.reminders(session, learner).wants_digest
    token = reminders.unsubscribe_token(begun, SENDER.secret)
    with pytest.raises(NotFound):
        reminders.unsubscribe(session, token, "another secret")
    reminders.unsubscribe(session, token, SENDER.secret)
    assert reminders.send_digests(session, Kept(), SENDER, NOW) == 0


@pytest.mark.parametrize("token", ["", ".", "x", "1", "1.", "٣.x", "9" * 400 + ".x"])
def test_what_is_no_address_of_a_calendar_is_not_found(session: Session, token: str) -> None:
    with pytest.raises(NotFound):
        reminders.feed(session, token, NOW)
    with pytest.raises(NotFound):
        reminders.signed_user(token, SENDER.secret)


@pytest.mark.usefixtures("deck")
def test_a_calendar_counts_facts_and_tells_none(session: Session, learner: int) -> None:
    many(session, learner)
    token = reminders.new_feed(session, learner)
    text = reminders.feed(session, token, NOW)
    calendar = icalendar.Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events][:2] == [
        "Factdeck: 4 facts due",
        "Factdeck: 1 fact due",
    ]
    assert len({str(one["UID"]) for one in events}) == len(events) == 23
    assert b"Lisbon" not in text
    row = session.get(ReminderSettings, learner)
    assert row is not None
    assert token.partition(".")[2] not in str(row.feed_sha256)
    again = reminders.new_feed(session, learner)
    assert reminders.feed(session, again, NOW)
    with pytest.raises(NotFound):
        reminders.feed(session, token, NOW)


def test_a_learner_with_due_facts_is_told_how_many(
    session: Session, deck: Deck, subscriber: int
) -> None:
    studied(session, deck, subscriber)
    message = reminders.digest(session, subscriber, "l@b.example", SENDER, NOW + 40 * DAY_S)
    assert message is not None
    assert message["Subject"].startswith("Factdeck: 5 facts due")
