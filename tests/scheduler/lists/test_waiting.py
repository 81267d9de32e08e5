from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.accreditation import actions
from scheduler.accreditation.tables import Accreditation
from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyInscribed,
    Forbidden,
    ListClosed,
    ListFull,
    ModeNotOffered,
    NotAccredited,
    NotAllowedNow,
    NotFound,
    Refusal,
    SlotTaken,
)
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after, follow
from scheduler.lists import (
    booking,
    changing,
    drawing_up,
    following,
    inscribing,
    offering,
    opening,
    turns,
    waiting,
    withdrawing,
)
from scheduler.lists.booking import Booking
from scheduler.lists.inscribing import Request
from scheduler.lists.queries import list_view
from scheduler.lists.views import WaitingView
from scheduler.lists.waiting_queries import waiting_for, waiting_of_person
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import Reader
from scheduler.programme import sessions
from scheduler.programme.tables import Meeting
from scheduler.secretariat import moving
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, queueing, speaking
from tests.makers.speaking import Scene

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
OFFER = timedelta(minutes=15)


@dataclass(frozen=True)
class Line:
    """A timed list of three slots, all booked by `holders`, and people who may wait for one."""

    writer: Writer
    conn: Connection
    clock: SettableClock
    scene: Scene
    holders: list[str]
    people: list[Actor]

    def act(self, do: Callable[[Tx], Any]) -> Any:
        return self.writer.act_now(do)

    def join(self, *numbers: int, mode: str = "in_person", **more: Any) -> list[str]:
        """The ids of the entries with which these people wait."""
        wish, of = Booking(mode, **more), [self.people[number] for number in numbers]
        return [str(self.act(partial(waiting.join, actor=who, list_id=self.scene.list, wanted=wish)).id) for who in of]

    def free(self, number: int = 0) -> None:
        self.act(lambda tx: withdrawing.withdraw(tx, OPERATOR, self.holders[number]))

    def book(self, number: int, slot: int = 0, mode: str = "in_person") -> Any:
        who, wanted = self.people[number], Booking(mode)
        return self.act(lambda tx: booking.book(tx, who, self.scene.slots[slot], wanted))

    def look(self) -> None:
        self.act(offering.catch_up_due)

    def hear(self) -> None:
        """What the worker does with the journal."""
        while self.act(lambda tx: follow(tx, following.FOLLOWER, following.follow)):
            pass

    def decide(self, status: str) -> None:
        """On the accreditation of the first of those who wait."""
        a = table(Accreditation).c
        (found,) = self.conn.all(select(a.id).where(a.organisation_id == self.people[0].organisation))
        self.act(lambda tx: actions.decide(tx, OPERATOR, found[0], {"status": status}))
        self.hear()

    def entries(self) -> Sequence[WaitingView]:
        return [view for view, _ in waiting_for(self.conn, Reader(OPERATOR), self.scene.list, after=None, limit=200)]

    def statuses(self) -> list[str]:
        return [entry.status for entry in self.entries()]

    def slots(self) -> list[str]:
        return [row["status"] for row in speaking.slots(self.conn, self.scene.list)]

    def told(self, family: str) -> list[tuple[str, str | None]]:
        """The entries about slots that have changed hands, or about who waits, with whom they are about."""
        found = [entry for entry in entries_after(self.conn, 0, 500) if entry.kind.startswith(family)]
        return [(entry.kind, self._name(entry)) for entry in found]

    def _name(self, entry: Entry) -> str | None:
        return next((who.name for who in self.people if who.id == entry.audience.person), None)


@pytest.fixture
def line(writer: Writer, conn: Connection, clock: SettableClock) -> Line:
    return writer.act_now(lambda tx: _line(tx, writer, conn, clock))


def _line(tx: Tx, writer: Writer, conn: Connection, clock: SettableClock) -> Line:
    scene = speaking.scene(tx, slot_seconds=3600)
    named = [speaking.speaker(tx, scene, f"Holder {number}") for number in range(3)]
    held = [booking.book(tx, who, slot, Booking("in_person")).id for who, slot in zip(named, scene.slots, strict=True)]
    return Line(writer, conn, clock, scene, held, [speaking.speaker(tx, scene, f"W{n}") for n in range(4)])


def test_one_waits_for_a_full_list_in_the_order_of_coming(line: Line) -> None:
    line.join(0, 1, mode="remote")

    first, second = line.entries()
    assert (first.position, first.person.name, first.mode) == (1, "W0", "remote")
    assert (first.slot, first.offered_until) == (None, None)
    assert [(each.status, each.before) for each in (first, second)] == [("waiting", 0), ("waiting", 1)]
    assert list_view(line.conn, line.scene.list, NOW).counts.waiting == 2
    assert line.told("waiting") == [("waiting.joined", "W0"), ("waiting.joined", "W1")]


def test_everyone_sees_her_own_entry_and_how_many_come_before_her(line: Line) -> None:
    line.join(0, 1)
    grants = (Grant("focal_point", "organisation", line.people[1].organisation),)
    focal = line.act(lambda tx: speaking.colleague(tx, line.people[2], grants=grants))

    def seen(reader: Actor) -> list[tuple[str, int | None]]:
        found = waiting_for(line.conn, Reader(reader), line.scene.list, after=None, limit=9)
        return [(view.person.name, view.before) for view, _ in found]

    assert [seen(who) for who in (line.people[1], focal, line.people[3])] == [[("W1", 1)], [("W1", 1)], []]
    hers = waiting_of_person(line.conn, str(line.people[0].id), after=None, limit=9)
    assert [view.person.name for view, _ in hers] == ["W0"]


def test_freed_slot_is_offered_to_the_first_and_to_nobody_else(line: Line) -> None:
    line.join(0, 1)

    line.free(1)

    first, second = line.entries()
    assert (first.status, first.slot, first.offered_until) == ("offered", line.scene.slots[1], NOW + OFFER)
    assert (second.status, second.before) == ("waiting", 0)
    assert line.slots() == ["booked", "offered", "booked"]
    assert list_view(line.conn, line.scene.list, NOW).counts.free == 0
    with pytest.raises(SlotTaken) as taken:
        line.book(1, 1)
    assert taken.value.data == {"nearest": []}
    assert [kind for kind, _ in line.told("slot.")] == ["slot.offered"]


def test_who_books_what_she_is_offered_has_taken_it(line: Line) -> None:
    line.join(0, language="fr", topic="Safeguards")
    line.free()

    made = line.book(0, mode="remote")

    assert (made.slot, made.mode, made.language, made.topic) == (line.scene.slots[0], "remote", "fr", "Safeguards")
    assert (line.statuses(), line.slots()) == (["taken"], ["booked"] * 3)
    assert [kind for kind, _ in line.told("waiting")] == ["waiting.joined", "waiting.offered", "waiting.taken"]


def test_offer_lapses_by_the_clock_and_the_next_has_hers_from_that_moment(line: Line) -> None:
    line.join(0, 1, 2)
    line.free()

    line.clock.set(NOW + OFFER)
    with pytest.raises(SlotTaken):
        line.book(0)
    line.clock.set(NOW + OFFER * 2 + timedelta(minutes=1))
    line.look()

    assert line.statuses() == ["lapsed", "lapsed", "offered"]
    assert line.entries()[2].offered_until == NOW + OFFER * 3
    line.clock.set(NOW + OFFER * 3)
    line.look()
    assert (line.statuses(), line.slots()) == (["lapsed"] * 3, ["free", "booked", "booked"])
    each = [(f"waiting.{what}", f"W{number}") for number in range(3) for what in ("offered", "lapsed")]
    assert line.told("waiting")[3:] == each


def test_who_waits_has_her_turn_before_whoever_comes_later(line: Line) -> None:
    """Also where nobody wrote down that the first one's offer is over."""
    line.join(0, 1)
    line.free()
    line.clock.set(NOW + OFFER)

    with pytest.raises(SlotTaken):
        line.book(3)
    assert line.book(1).slot == line.scene.slots[0]
    assert line.statuses() == ["lapsed", "taken"]


def test_offer_is_the_first_that_fits_her(line: Line) -> None:
    line.act(lambda tx: tx.conn.update(Meeting, line.scene.meeting, remote_budget_seconds=3599))
    line.act(lambda tx: turns.change(tx, OPERATOR, line.scene.slots[0], {"reserved_for": {"category": "ngo"}}))
    ngo = line.act(lambda tx: speaking.speaker(tx, line.scene, "Ngo", category="ngo"))
    line.join(0, mode="remote")
    line.join(1)
    line.act(lambda tx: waiting.join(tx, ngo, line.scene.list, Booking("in_person")))

    line.free(0)
    line.free(1)

    # The first would need remote minutes that the meeting does not have, and the second is no NGO.
    offered = [(entry.status, entry.slot) for entry in line.entries()]
    assert offered == [("waiting", None), ("offered", line.scene.slots[1]), ("offered", line.scene.slots[0])]


def test_remote_minutes_that_somebody_gives_back_are_offered(line: Line) -> None:
    line.act(lambda tx: tx.conn.update(Meeting, line.scene.meeting, remote_budget_seconds=3600))
    line.free(0)
    speaks = line.book(0, 0, "remote")
    line.free(1)
    line.join(1, mode="remote")

    line.act(lambda tx: changing.change(tx, line.people[0], speaks.id, {"mode": "in_person"}))

    assert [(entry.status, entry.slot) for entry in line.entries()] == [("offered", line.scene.slots[1])]


def test_remote_minutes_that_are_offered_are_not_booked_by_others(line: Line) -> None:
    line.act(lambda tx: tx.conn.update(Meeting, line.scene.meeting, remote_budget_seconds=3600))
    line.join(0, mode="remote")
    line.free(0)
    line.free(1)

    with pytest.raises(Refusal) as refused:
        line.book(1, 1, "remote")

    assert refused.value.code == "remote-budget-exceeded"
    assert line.book(0, 0, "remote").slot == line.scene.slots[0]


def _already_there(line: Line) -> None:
    line.free()
    line.book(0)


def _waits(line: Line) -> None:
    line.join(0)


def _closed(line: Line) -> None:
    line.act(lambda tx: opening.close_list(tx, OPERATOR, line.scene.list))


def _cancelled(line: Line) -> None:
    line.act(lambda tx: moving.change_meeting(tx, OPERATOR, line.scene.meeting, {"status": "cancelled"}))


@pytest.mark.parametrize(
    ("first", "refusal"),
    [
        (_already_there, AlreadyInscribed),
        (_waits, AlreadyInscribed),
        (_closed, ListClosed),
        (_cancelled, NotAllowedNow),
        (Line.free, NotAllowedNow),
    ],
)
def test_waiting_is_refused_as_booking_is(line: Line, first: Callable[[Line], None], refusal: type[Refusal]) -> None:
    first(line)

    with pytest.raises(refusal):
        line.join(0)


def test_who_may_not_book_may_not_wait(line: Line) -> None:
    stranger = line.act(lambda tx: people.person(tx, "Stranger", organisation=people.organisation(tx, "Elsewhere")))
    for actor, wanted, refusal in (
        (stranger, Booking("in_person"), NotAccredited),
        (line.people[0], Booking("in_person", person=line.people[1].id), Forbidden),
    ):
        with pytest.raises(refusal):
            line.act(partial(waiting.join, actor=actor, list_id=line.scene.list, wanted=wanted))
    line.act(lambda tx: drawing_up.change(tx, OPERATOR, line.scene.list, {"modes": ["in_person"]}))
    with pytest.raises(ModeNotOffered):
        line.join(0, mode="video")


def test_a_free_slot_is_named_to_whoever_would_wait(line: Line) -> None:
    line.free(2)

    with pytest.raises(NotAllowedNow) as refused:
        line.join(0)

    assert (refused.value.data["allowed"], [slot.id for slot in refused.value.data["nearest"]]) == (
        ["book"],
        [line.scene.slots[2]],
    )


def test_leaving_lets_the_next_have_the_offer(line: Line) -> None:
    first, _ = line.join(0, 1)
    line.free()

    with pytest.raises(NotFound):
        line.act(lambda tx: waiting.leave(tx, line.people[2], first))
    line.act(lambda tx: waiting.leave(tx, line.people[0], first))

    assert (line.statuses(), line.slots()[0]) == (["left", "offered"], "offered")
    with pytest.raises(NotAllowedNow):
        line.act(lambda tx: waiting.leave(tx, line.people[0], first))


def test_closing_a_list_ends_its_offers_and_opening_it_goes_on_with_the_next(line: Line) -> None:
    line.join(0, 1)
    line.free()

    line.act(lambda tx: opening.close_list(tx, OPERATOR, line.scene.list))
    assert (line.statuses(), line.slots()[0]) == (["lapsed", "waiting"], "free")
    line.act(lambda tx: opening.reopen_list(tx, OPERATOR, line.scene.list))

    assert (line.statuses(), line.slots()[0]) == (["lapsed", "offered"], "offered")


def test_offer_holds_no_longer_than_the_list_is_open(line: Line) -> None:
    closes_at = NOW + timedelta(minutes=5)
    line.act(lambda tx: drawing_up.change(tx, OPERATOR, line.scene.list, {"closes_at": closes_at.isoformat()}))
    line.join(0)

    line.free()

    assert line.entries()[0].offered_until == closes_at


def test_nobody_loses_her_place_by_what_the_secretariat_does(line: Line) -> None:
    """A cancelled meeting, a slot taken out or kept for others: what was offered is taken back, and offered anew."""
    line.join(0)
    line.free()

    _cancelled(line)
    assert (line.statuses(), line.slots()[0]) == (["waiting"], "free")
    line.act(lambda tx: moving.change_meeting(tx, OPERATOR, line.scene.meeting, {"status": "scheduled"}))
    assert line.statuses() == ["offered"]
    line.act(lambda tx: turns.change(tx, OPERATOR, line.scene.slots[0], {"reserved_for": {"category": "ngo"}}))
    assert (line.statuses(), line.slots()[0]) == (["waiting"], "free")
    line.act(lambda tx: turns.change(tx, OPERATOR, line.scene.slots[0], {"reserved_for": None}))
    assert line.statuses() == ["offered"]
    line.act(lambda tx: turns.take_out(tx, OPERATOR, line.scene.slots[0]))
    assert line.statuses() == ["waiting"]


def test_longer_window_offers_the_slots_that_it_adds(line: Line) -> None:
    line.act(lambda tx: moving.change_meeting(tx, OPERATOR, line.scene.meeting, {"end": "14:00"}))
    line.join(0)

    line.act(
        lambda tx: drawing_up.change(tx, OPERATOR, line.scene.list, {"window": {"start": "10:00", "end": "14:00"}})
    )

    assert (line.statuses(), line.slots()) == (["offered"], ["booked", "booked", "booked", "offered"])


def test_offered_places_count_for_the_capacity(line: Line) -> None:
    line.free(0)
    line.act(lambda tx: drawing_up.change(tx, OPERATOR, line.scene.list, {"capacity": 2}))
    line.join(0)
    line.free(1)

    assert (line.entries()[0].status, line.entries()[0].slot) == ("offered", line.scene.slots[0])
    with pytest.raises(ListFull):
        line.book(1, 1)
    assert line.book(0).slot == line.scene.slots[0]


def test_queue_that_has_all_its_speakers_is_waited_for(writer: Writer, conn: Connection, clock: SettableClock) -> None:
    scene = writer.act_now(lambda tx: queueing.scene(tx, capacity=1))
    ada, bob = writer.act_now(lambda tx: [speaking.speaker(tx, scene, name) for name in ("Ada", "Bob")])
    with pytest.raises(NotAllowedNow) as early:
        writer.act_now(lambda tx: waiting.join(tx, bob, scene.list, Booking("in_person")))
    made = writer.act_now(lambda tx: queueing.inscribed(tx, scene, ada))
    writer.act_now(lambda tx: waiting.join(tx, bob, scene.list, Booking("in_person")))

    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, made))
    with pytest.raises(ListFull):
        writer.act_now(lambda tx: inscribing.inscribe(tx, ada, scene.list, Request("in_person")))
    writer.act_now(lambda tx: inscribing.inscribe(tx, bob, scene.list, Request("in_person")))

    assert early.value.data == {"allowed": ["inscribe"]}
    (entry,) = [view for view, _ in waiting_for(conn, Reader(OPERATOR), scene.list, after=None, limit=9)]
    assert (entry.status, entry.slot, entry.offered_until) == ("taken", None, NOW + OFFER)


def test_who_is_barred_is_passed_over_and_keeps_her_place(line: Line) -> None:
    line.join(0, 1)
    line.free()

    line.decide("objected")

    assert (line.statuses(), line.slots()[0]) == (["waiting", "offered"], "offered")


def test_who_may_speak_after_all_is_offered_what_is_free(line: Line) -> None:
    line.join(0)
    line.decide("objected")
    line.free()
    assert (line.statuses(), line.slots()[0]) == (["waiting"], "free")

    line.decide("approved")

    assert (line.statuses(), line.slots()[0]) == (["offered"], "offered")


def test_who_was_erased_waits_no_more(line: Line) -> None:
    line.join(0, 1)
    line.free()

    line.act(lambda tx: persons.erase(tx, OPERATOR, str(line.people[0].id)))
    line.hear()

    assert line.statuses() == ["left", "offered"]


def test_session_that_is_brought_back_goes_on_with_its_offers(line: Line) -> None:
    line.join(0)
    line.free()
    line.act(lambda tx: sessions.change(tx, OPERATOR, line.scene.session, {"status": "cancelled"}))
    line.hear()
    assert (line.statuses(), line.slots()[0]) == (["waiting"], "free")

    line.act(lambda tx: sessions.change(tx, OPERATOR, line.scene.session, {"status": "published"}))
    line.hear()

    assert (line.statuses(), line.slots()[0]) == (["offered"], "offered")
