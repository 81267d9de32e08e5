from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from scheduler.accreditation import actions
from scheduler.accreditation.queries import AccreditationView, accreditations
from scheduler.errors import Forbidden, NotAccredited, VersionConflict
from scheduler.journal.following import last_number
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import Reader
from scheduler.secretariat import deciding
from scheduler.secretariat.affected import Affected, Reach
from scheduler.secretariat.deciding import AccreditationPreview, Concerned
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, speaking
from tests.makers.speaking import Scene


@dataclass(frozen=True)
class Cast:
    """Two of one delegation, of whom the first holds a slot, and one of another who holds one too."""

    scene: Scene
    ada: Actor
    colleague: Actor
    other: Actor


def _cast(tx: Tx) -> Cast:
    scene = speaking.scene(tx)
    ada, other = speaking.speaker(tx, scene), speaking.speaker(tx, scene, "Oth Er")
    colleague = people.person(tx, "Co League", organisation=ada.organisation, timezone="Pacific/Apia")
    booking.book(tx, ada, scene.slots[2], Booking("remote", topic="Evidence"))
    booking.book(tx, other, scene.slots[4], Booking("in_person"))
    return Cast(scene, ada, colleague, other)


@pytest.fixture
def cast(writer: Writer) -> Cast:
    return writer.act_now(_cast)


@pytest.fixture
def accreditation(conn: Connection, cast: Cast) -> AccreditationView:
    """Ada's delegation's."""
    found = accreditations(conn, Reader(OPERATOR), cast.scene.session)
    return next(view for view in found if view.organisation.id == cast.ada.organisation)


class Reached:
    """Counts nothing, remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Concerned] = []

    def __call__(self, _: Connection, concerned: Concerned) -> Reach:
        self.asked.append(concerned)
        return Reach(3, 2)


def _preview(
    writer: Writer, by: Actor, of: AccreditationView, reached: Reached, version: int | None = None, **changes: str
) -> AccreditationPreview:
    return writer.act_now(lambda tx: deciding.preview(tx, by, of.id, dict(changes), reached, expected_version=version))


def test_taking_back_names_whom_it_bars_and_the_slots_that_they_hold(
    writer: Writer, conn: Connection, cast: Cast, accreditation: AccreditationView
) -> None:
    before, reached = last_number(conn), Reached()

    seen = _preview(writer, OPERATOR, accreditation, reached, status="objected", note="Credentials")

    assert seen.accreditation == replace(accreditation, status="objected", note="Credentials", version=2)
    assert [(slot.id, slot.speaker and slot.speaker.id) for slot in seen.slots] == [(cast.scene.slots[2], cast.ada.id)]
    assert (seen.affected.people, seen.affected.booked, seen.affected.accredited) == (2, 1, 1)
    assert (seen.affected.feeds, seen.affected.webhooks, seen.affected.letters) == (3, 2, ())
    assert reached.asked == [
        Concerned(cast.scene.session, str(cast.ada.organisation), frozenset({str(cast.ada.id), str(cast.colleague.id)}))
    ]
    assert accreditations(conn, Reader(OPERATOR), cast.scene.session, limit=1) == [accreditation]
    assert last_number(conn) == before


def test_taking_back_is_seen_on_the_clock_of_each_zone(
    writer: Writer, cast: Cast, accreditation: AccreditationView
) -> None:
    zones = _preview(writer, OPERATOR, accreditation, Reached(), status="pending").affected.by_timezone

    assert [(zone.timezone, zone.people, zone.after) for zone in zones] == [
        ("Europe/Vienna", 1, None),
        ("Pacific/Apia", 1, None),
    ]
    starts = [(zone.before.date, zone.before.start, zone.before.end) for zone in zones if zone.before]
    assert starts == [("2022-06-08", "10:00", "13:00"), ("2022-06-08", "21:00", "00:00")]


def test_somebody_erased_is_not_affected(writer: Writer, cast: Cast, accreditation: AccreditationView) -> None:
    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, str(cast.colleague.id)))

    assert _preview(writer, OPERATOR, accreditation, Reached(), status="pending").affected.people == 1


def test_approving_opens_the_session_to_them(writer: Writer, cast: Cast, accreditation: AccreditationView) -> None:
    taken = writer.act_now(lambda tx: actions.decide(tx, OPERATOR, accreditation.id, {"status": "pending"}))

    seen = _preview(writer, OPERATOR, taken, Reached(), status="approved")

    assert (seen.affected.people, seen.affected.booked) == (2, 1)
    assert [(zone.before, zone.after is None) for zone in seen.affected.by_timezone] == [(None, False), (None, False)]


def test_a_decision_that_changes_nothing_for_speakers_affects_nobody(
    writer: Writer, cast: Cast, accreditation: AccreditationView
) -> None:
    reached = Reached()

    seen = _preview(writer, OPERATOR, accreditation, reached, note="Welcome")

    assert seen.affected == Affected(0, 0, 0, 0, 0, 0, (), 0, 0, ())
    assert reached.asked == []


def test_only_who_may_decide_sees_what_it_would_do(
    writer: Writer, cast: Cast, accreditation: AccreditationView
) -> None:
    chair = writer.act_now(lambda tx: people.person(tx, "Cha Ir", grants=(Grant("chair"),)))

    with pytest.raises(Forbidden):
        _preview(writer, chair, accreditation, Reached(), status="objected")
    with pytest.raises(VersionConflict):
        _preview(writer, OPERATOR, accreditation, Reached(), 9, status="objected")


def test_what_is_taken_back_bars_booking_and_leaves_held_slots(
    writer: Writer, cast: Cast, accreditation: AccreditationView
) -> None:
    writer.act_now(lambda tx: actions.decide(tx, OPERATOR, accreditation.id, {"status": "objected"}))

    with pytest.raises(NotAccredited):
        writer.act_now(lambda tx: booking.book(tx, cast.colleague, cast.scene.slots[0], Booking("in_person")))
    held = _preview(writer, OPERATOR, replace(accreditation, version=2), Reached(), status="pending").slots
    assert [(slot.id, slot.status, slot.starts_at) for slot in held] == [
        (cast.scene.slots[2], "booked", datetime(2022, 6, 8, 8, 18, tzinfo=UTC))
    ]
