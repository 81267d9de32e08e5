from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import pytest

from scheduler.accreditation import actions
from scheduler.accreditation.queries import AccreditationView, accreditations
from scheduler.errors import Forbidden, Meaningless, NotAccredited, VersionConflict
from scheduler.ids import new_id
from scheduler.journal.following import entries_after, last_number
from scheduler.lists import booking, drawing_up, inscribing, opening
from scheduler.lists.booking import Booking
from scheduler.lists.inscribing import Request
from scheduler.lists.particulars import NewList
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Grant, Scopes
from scheduler.people.reader import Reader
from scheduler.secretariat import deciding
from scheduler.secretariat.affected import Affected, Reach
from scheduler.secretariat.deciding import AccreditationPreview, Concerned
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, places, speaking
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
        Concerned(
            cast.scene.session,
            frozenset({str(cast.ada.organisation)}),
            frozenset({str(cast.ada.id), str(cast.colleague.id)}),
        )
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


def _inscribed(tx: Tx, cast: Cast) -> str:
    """A queue list of another meeting on which Ada's colleague waits; her inscription."""
    meeting = speaking.meeting(tx, Scopes(cast.scene.body, cast.scene.session), 2)
    queue = drawing_up.add(tx, OPERATOR, meeting, NewList(title="Queue", allocation="queue"))
    opening.open_list(tx, OPERATOR, queue.id)
    return inscribing.inscribe(tx, cast.colleague, queue.id, Request("in_person")).id


def test_who_waits_for_a_turn_is_named_too(writer: Writer, cast: Cast, accreditation: AccreditationView) -> None:
    waiting = writer.act_now(lambda tx: _inscribed(tx, cast))

    seen = _preview(writer, OPERATOR, accreditation, Reached(), status="objected")

    assert [(each.id, each.status) for each in seen.inscriptions] == [(waiting, "pending")]
    assert (seen.affected.people, seen.affected.booked) == (2, 1)


def test_a_turn_held_for_another_organisation_is_named_where_her_own_is_decided_on(
    writer: Writer, conn: Connection, cast: Cast, accreditation: AccreditationView
) -> None:
    def book(tx: Tx) -> None:
        grants = (Grant("focal_point", "organisation", str(cast.other.organisation)),)
        speaker = speaking.colleague(tx, cast.ada, "For Others", grants=grants)
        booking.book(tx, speaker, cast.scene.slots[6], Booking("in_person", organisation=cast.other.organisation))

    writer.act_now(book)

    seen = _preview(writer, OPERATOR, accreditation, Reached(), status="objected")

    assert [slot.id for slot in seen.slots] == [cast.scene.slots[2], cast.scene.slots[6]]


def test_several_are_decided_at_once_and_journaled_one_by_one(
    writer: Writer, conn: Connection, cast: Cast, accreditation: AccreditationView
) -> None:
    found = accreditations(conn, Reader(OPERATOR), cast.scene.session)
    asked, before = [each.id for each in found], last_number(conn)

    def decide(tx: Tx) -> list[AccreditationView]:
        return actions.decide_many(tx, OPERATOR, "ahc-2", [*asked, asked[0]], {"status": "objected", "note": "Late"})

    assert writer.act_now(decide) == [replace(each, status="objected", note="Late", version=2) for each in found]
    assert [
        (entry.kind, entry.subject_id, entry.audience.organisation) for entry in entries_after(conn, before, 9)
    ] == [("accreditation.decided", each.id, each.organisation.id) for each in found]
    done = last_number(conn)
    writer.act_now(decide)
    assert last_number(conn) == done


def test_several_are_looked_at_as_one(
    writer: Writer, conn: Connection, cast: Cast, accreditation: AccreditationView
) -> None:
    waiting = writer.act_now(lambda tx: _inscribed(tx, cast))
    found, reached = accreditations(conn, Reader(OPERATOR), cast.scene.session), Reached()
    asked, before = [each.id for each in found], last_number(conn)

    seen = writer.act_now(
        lambda tx: deciding.preview_many(tx, OPERATOR, "ahc-2", asked, {"status": "pending"}, count_reach=reached)
    )

    assert seen.accreditations == tuple(replace(each, status="pending", version=2) for each in found)
    assert [slot.id for slot in seen.slots] == [cast.scene.slots[2], cast.scene.slots[4]]
    assert [each.id for each in seen.inscriptions] == [waiting]
    assert (seen.affected.people, seen.affected.booked, seen.affected.feeds) == (3, 2, 3)
    everybody = frozenset(str(each.id) for each in (cast.ada, cast.colleague, cast.other))
    both = frozenset({str(cast.ada.organisation), str(cast.other.organisation)})
    assert reached.asked == [Concerned(cast.scene.session, both, everybody)]
    assert last_number(conn) == before


def test_one_that_is_none_of_the_session_s_stops_all(
    writer: Writer, conn: Connection, cast: Cast, accreditation: AccreditationView
) -> None:
    elsewhere = writer.act_now(
        lambda tx: speaking.accredited(tx, str(places.session(tx, "ahc-3").session), str(cast.ada.organisation))
    )
    asked, before = [accreditation.id, elsewhere, new_id()], last_number(conn)

    for do in (actions.decide_many, partial(deciding.preview_many, count_reach=Reached())):
        with pytest.raises(Meaningless) as refused:
            writer.act_now(lambda tx, do=do: do(tx, OPERATOR, "ahc-2", asked, {"status": "objected"}))  # type: ignore[misc]  # -- a lambda's default
        assert [fault.field for fault in refused.value.faults] == ["accreditations.1", "accreditations.2"]
    assert last_number(conn) == before


@pytest.mark.parametrize(("role", "may"), [("chair", False), ("secretariat", True)])
def test_the_session_s_secretariat_decides_on_several(
    writer: Writer, cast: Cast, accreditation: AccreditationView, role: str, may: bool
) -> None:
    by = writer.act_now(lambda tx: people.person(tx, "B Y", grants=(Grant(role, "session", cast.scene.session),)))

    with nullcontext() if may else pytest.raises(Forbidden):
        writer.act_now(lambda tx: actions.decide_many(tx, by, "ahc-2", [accreditation.id], {"status": "pending"}))
