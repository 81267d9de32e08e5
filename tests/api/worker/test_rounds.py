from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

import pytest

from api.delivery.channels import SENT, Letter, Outcome, Post
from api.web.service import Service
from api.worker.rounds import MOST_AT_ONCE, Channels, Rounds
from scheduler.clock.now import RehearsalClock, SettableClock
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.notices.queries import DueView, reminders
from scheduler.notices.stale import Scope, mark
from scheduler.outbox.actions import plan
from scheduler.outbox.queries import counts
from scheduler.outbox.rules import TOO_LATE
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor
from scheduler.secretariat import moving
from scheduler.subscriptions import webhooks
from scheduler.subscriptions.webhooks import NewWebhook
from tests.makers import people, speaking
from tests.makers.outbox import due
from tests.makers.speaking import Scene

T = TypeVar("T")
START = datetime(2022, 6, 8, 8, 18, tzinfo=UTC)  # the third slot
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Kept(Generic[T]):
    """A channel that keeps what it is given and answers as it is told."""

    got: list[T] = field(default_factory=list)
    answer: Callable[[T], Outcome] = lambda _: SENT
    closed: bool = False

    async def send(self, batch: Sequence[T], seconds: float) -> list[Outcome]:  # noqa: ARG002  -- the port's signature
        self.got.extend(batch)
        return [self.answer(each) for each in batch]

    async def close(self) -> None:
        self.closed = True


@dataclass
class Office:
    """A worker over a scene, with channels that keep what they are given."""

    service: Service
    clock: SettableClock
    scene: Scene
    ada: Actor
    mail: Kept[Letter]
    posts: Kept[Post]
    rounds: Rounds

    async def at(self, moment: datetime) -> list[str]:
        """What is sent at a moment: the subjects."""
        self.clock.set(moment)
        self.mail.got.clear()
        await self.rounds.run()
        return [letter.subject for letter in self.mail.got]

    def book(self) -> None:
        wanted = Booking("remote")
        self.service.writer.act_now(lambda tx: booking.book(tx, self.ada, self.scene.slots[2], wanted))

    def change_meeting(self, **changes: str) -> None:
        self.service.writer.act_now(lambda tx: moving.change_meeting(tx, OPERATOR, self.scene.meeting, changes))

    def hers(self, status: str) -> list[DueView]:
        found = self.service.reads.now(lambda conn: reminders(conn, str(self.ada.id)))
        return [each for each in found if each.status == status]


@pytest.fixture
async def office(service: Service, clock: SettableClock) -> Office:
    act = service.writer.act_now
    scene = act(speaking.scene)
    ada = act(lambda tx: speaking.speaker(tx, scene))
    act(lambda tx: mark(tx, [Scope("changed", 0, scene.session)]))
    mail, posts = Kept[Letter](), Kept[Post]()
    made = Office(service, clock, scene, ada, mail, posts, Rounds(service, Channels(mail, posts)))
    await made.rounds.run()
    return made


async def test_a_booking_is_confirmed_reminded_of_at_each_lead_time_and_no_more(office: Office) -> None:
    office.book()
    confirmed = await office.at(office.clock.now())

    sent = {minutes: len(await office.at(START - MINUTE * minutes)) for minutes in (1440, 1000, 60, 15, 0)}

    assert len(confirmed) == 1
    assert sent == {1440: 1, 1000: 0, 60: 1, 15: 1, 0: 0}
    assert sorted(row.rule for row in office.hers("sent")) == ["list-opens", "slot-given", *["slot-soon"] * 3]


async def test_a_letter_carries_the_entry_of_the_feed_and_its_first_message_id(office: Office) -> None:
    office.book()

    await office.at(office.clock.now())

    (letter,) = office.mail.got
    assert letter.ics is not None
    ics = letter.ics.decode()
    assert ("METHOD:PUBLISH" in ics, ics.count("BEGIN:VEVENT"), ics.count("ORGANIZER")) == (True, 1, 1)
    (row,) = [each for each in office.hers("sent") if each.rule == "slot-given"]
    assert (letter.message_id, letter.subject, letter.unsubscribe_url) == (row.message_id, row.subject_line, None)
    assert letter.to_name == "Ada Example"


async def test_a_meeting_that_moves_by_a_day_is_told_and_takes_its_reminders_along(office: Office) -> None:
    office.book()
    now = office.clock.now()
    await office.at(now)
    office.change_meeting(date="2022-06-09")

    sent = [
        len(await office.at(moment)) for moment in (now, now + 2 * MINUTE, START - DAY, START, START + DAY - MINUTE)
    ]

    # A minute before, of the hour's and the quarter's reminder only the nearer one is of use.
    assert sent == [0, 1, 0, 1, 1]


async def test_what_comes_too_late_is_dropped_and_says_so(office: Office) -> None:
    office.book()
    await office.at(office.clock.now())

    sent = await office.at(START + MINUTE)

    assert sent == []
    assert {row.last_error for row in office.hers("dropped")} == {
        "It would have come too late to help, so it was not sent."
    }


async def test_what_failed_for_now_is_tried_again_under_the_same_message_id(office: Office) -> None:
    office.book()
    office.mail.answer = lambda _: Outcome("retry", "busy")
    await office.at(office.clock.now())
    first = [letter.message_id for letter in office.mail.got]

    office.mail.answer = lambda _: SENT
    await office.at(office.clock.now() + MINUTE)

    assert [letter.message_id for letter in office.mail.got] == first
    assert office.rounds.counted[("mail", "retry")] == 1


async def test_who_wants_no_mail_any_more_is_not_written_to(office: Office) -> None:
    office.book()
    office.service.writer.act_now(lambda tx: persons.change_own(tx, office.ada, {"channels": []}))

    assert await office.at(office.clock.now()) == []


async def test_a_webhook_is_told_of_each_entry_once(office: Office) -> None:
    hook = office.service.writer.act_now(
        lambda tx: webhooks.make(tx, OPERATOR, NewWebhook("https://hooks.example.org/1", kinds=("inscription.booked",)))
    )
    office.book()

    await office.rounds.run()
    await office.rounds.run()

    (post,) = office.posts.got
    assert (post.webhook_id, post.url) == (hook.id, "https://hooks.example.org/1")
    assert b'"type":"inscription.booked"' in post.body


async def test_one_faulty_row_stops_no_other(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    row = due("faulty", rule="slot-moved", person_id=office.ada.id, data={"not": "a change"})
    office.service.writer.act_now(lambda tx: plan(tx, [row], "rostrum.test"))
    office.book()

    sent = await office.at(office.clock.now())

    assert len(sent) == 1
    (failed,) = office.hers("failed")
    assert (failed.last_error or "").startswith("The letter could not be written: ")


async def test_more_than_one_claim_is_sent_in_one_round_and_each_once(office: Office) -> None:
    many = MOST_AT_ONCE + 50

    def crowd(number: int) -> None:
        act = office.service.writer.act_now
        of = office.ada.organisation
        act(lambda tx: [people.person(tx, f"Person {n}", organisation=of) for n in range(number)])

    crowd(many)
    office.change_meeting(date="2022-06-09")
    await office.rounds.run()
    office.mail.got.clear()

    await office.at(office.clock.now() + 2 * MINUTE)

    assert len(office.mail.got) == many + 1
    assert len({letter.message_id for letter in office.mail.got}) == many + 1


async def test_a_worker_that_ends_gives_back_what_it_did_not_begin(office: Office) -> None:
    office.book()
    office.mail.got.clear()
    office.rounds.end()

    await office.rounds.run()
    await office.rounds.close()

    assert (office.mail.got, office.mail.closed, office.posts.closed) == ([], True, True)
    assert office.service.reads.now(counts)["sending"] == 0


def test_a_lease_is_half_a_minute_of_real_time_also_in_a_rehearsal(service: Service) -> None:
    service.clock = RehearsalClock(datetime(2022, 6, 8, tzinfo=UTC), 60)

    rounds = Rounds(service, Channels(Kept[Letter](), Kept[Post]()))

    assert rounds._lease == timedelta(minutes=30)


async def test_what_waited_too_long_for_the_batch_before_is_dropped(office: Office) -> None:
    office.book()
    await office.at(office.clock.now())
    (meant,) = [row for row in office.hers("sent") if row.rule == "slot-given"]
    now = office.clock.now()
    whom = {"person_id": office.ada.id, "meeting_id": office.scene.meeting}
    told = {"rule": "slot-given", "subject_id": meant.subject.id, "due_at": now, **whom}
    rows = [due(str(number), **told) for number in range(MOST_AT_ONCE)]
    late = due("late", **told | {"due_at": now + MINUTE, "useless_at": now + 4 * MINUTE / 3})
    office.service.writer.act_now(lambda tx: plan(tx, [*rows, late], "rostrum.test"))

    def slowly(_: Letter) -> Outcome:
        office.clock.set(now + 17 * MINUTE / 12)
        return SENT

    office.mail.answer = slowly
    await office.at(now + MINUTE)

    assert len(office.mail.got) == MOST_AT_ONCE
    assert [row.last_error for row in office.hers("dropped")] == [TOO_LATE]
