from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyInscribed,
    CategoryNotEligible,
    Forbidden,
    ListClosed,
    ListFull,
    ListNotOpen,
    Meaningless,
    ModeNotOffered,
    NotAccredited,
    NotAllowedNow,
    NotFound,
    RemoteBudgetExceeded,
    SlotTaken,
)
from scheduler.ids import new_id
from scheduler.journal.entries import Audience, Author
from scheduler.journal.following import entries_after
from scheduler.lists import opening, turns
from scheduler.lists.views import InscriptionView, Warned
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.views import Named
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book, speakers


def remote_booked(conn: Connection) -> int:
    return int(conn.all(select(table(Meeting).c.remote_booked_seconds))[0][0])


def audience(scene: Scene, of: Actor) -> Audience:
    return Audience(
        public=True,
        body=scene.body,
        session=scene.session,
        meeting=scene.meeting,
        organisation=of.organisation,
        person=of.id,
    )


def reserve(writer: Writer, slot: str, **reserved_for: str) -> None:
    writer.act_now(lambda tx: turns.change(tx, OPERATOR, slot, {"reserved_for": reserved_for}))


def test_booking_gives_the_inscription(conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[3], "remote", language="fr", topic="Article 6")

    assert made == InscriptionView(
        id=made.id,
        list=scene.list,
        slot=scene.slots[3],
        person=Named(str(ada.id), "Ada Example"),
        organisation=Named(str(ada.organisation), "Organisation of Ada Example"),
        category="member_state",
        mode="remote",
        language="fr",
        topic="Article 6",
        on_behalf_of=None,
        delivered_by=None,
        seconds_requested=None,
        status="allotted",
        created_at=datetime(2022, 5, 1, 12, tzinfo=UTC),
        version=1,
        warnings=(),
    )
    taken = speaking.slots(conn, scene.list)[3]
    assert (taken["status"], taken["inscription_id"], taken["version"]) == ("booked", made.id, 2)
    assert [row["status"] for row in speaking.slots(conn, scene.list)].count("free") == 19


def test_booking_tells_the_journal(conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    made = book(ada, scene.slots[0])

    entry = entries_after(conn, 0, 100)[-1]
    assert (entry.kind, entry.subject_type, entry.subject_id) == ("inscription.booked", "inscription", made.id)
    assert entry.by == Author(ada.id, "participant")
    assert entry.audience == audience(scene, ada)
    assert entry.data == {"list": scene.list, "slot": scene.slots[0], "status": "booked"}


def test_language_that_is_not_interpreted_is_booked_with_a_warning(scene: Scene, ada: Actor, book: Book) -> None:
    (warned,) = book(ada, scene.slots[0], language="zh").warnings

    assert isinstance(warned, Warned)
    assert warned.code == "language-not-interpreted"


def test_second_try_is_found_before_the_slot_is_looked_at(scene: Scene, ada: Actor, book: Book) -> None:
    book(ada, scene.slots[0])

    for slot in scene.slots[:2]:
        with pytest.raises(AlreadyInscribed):
            book(ada, slot)


def test_second_of_an_organisation_may_book_where_the_list_does_not_mind(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    other = writer.act_now(lambda tx: speaking.colleague(tx, ada))
    book(ada, scene.slots[0])

    assert book(other, scene.slots[1]).status == "allotted"


def test_second_of_an_organisation_is_refused_where_one_is_allowed(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, one_per_organisation=True))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))
    other = writer.act_now(lambda tx: speaking.colleague(tx, ada))
    book(ada, scene.slots[0])

    with pytest.raises(AlreadyInscribed):
        book(other, scene.slots[0])


def test_taken_slot_names_the_nearest_free_ones(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example"))
    cleo = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Cleo Example"))
    book(ada, scene.slots[5])
    book(cleo, scene.slots[6])
    reserve(writer, scene.slots[4], category="ngo")

    with pytest.raises(SlotTaken) as refused:
        book(bob, scene.slots[5])

    assert [slot.id for slot in refused.value.data["nearest"]] == [scene.slots[n] for n in (3, 7, 2)]
    assert refused.value.data["nearest"][0].starts_at == datetime(2022, 6, 8, 8, 27, tzinfo=UTC)


def test_taken_slot_of_a_full_list_is_taken_and_has_no_nearest(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, capacity=1))
    ada, bob = speakers(writer, scene, 2)
    book(ada, scene.slots[0])

    with pytest.raises(SlotTaken) as refused:
        book(bob, scene.slots[0])
    with pytest.raises(ListFull):
        book(bob, scene.slots[1])

    assert refused.value.data["nearest"] == []


def test_list_that_has_not_opened_takes_nobody(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, opened=False, opens_at="2022-05-02T00:00:00Z"))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))

    with pytest.raises(ListNotOpen):
        book(ada, scene.slots[0])


def test_list_opens_and_closes_by_the_clock(writer: Writer, clock: SettableClock, book: Book) -> None:
    opens, closes = "2022-05-02T00:00:00Z", "2022-05-03T00:00:00Z"
    scene = writer.act_now(lambda tx: speaking.scene(tx, opened=False, opens_at=opens, closes_at=closes))
    ada, bob = speakers(writer, scene, 2)

    clock.set(datetime(2022, 5, 2, tzinfo=UTC))
    assert book(ada, scene.slots[0]).status == "allotted"
    clock.set(datetime(2022, 5, 3, tzinfo=UTC))
    with pytest.raises(ListClosed):
        book(bob, scene.slots[1])


def test_closed_list_takes_nobody(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    writer.act_now(lambda tx: opening.close_list(tx, OPERATOR, scene.list))

    with pytest.raises(ListClosed):
        book(ada, scene.slots[0])


@pytest.mark.parametrize("status", ["pending", "objected", None])
def test_nobody_speaks_whose_organisation_is_not_approved(
    writer: Writer, scene: Scene, book: Book, status: str | None
) -> None:
    def stranger(tx: Tx) -> Actor:
        organisation = people.organisation(tx, "Unapproved")
        if status:
            speaking.accredited(tx, scene.session, organisation, status)
        return people.person(tx, "Stran Ger", organisation=organisation, grants=(Grant("secretariat"),))

    with pytest.raises(NotAccredited):
        book(writer.act_now(stranger), scene.slots[0])


def test_slot_that_is_reserved_for_others_is_refused(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    reserve(writer, scene.slots[0], category="ngo")
    reserve(writer, scene.slots[1], mode="remote")

    with pytest.raises(CategoryNotEligible):
        book(ada, scene.slots[0])
    with pytest.raises(ModeNotOffered):
        book(ada, scene.slots[1])


def test_slot_that_is_reserved_for_her_organisation_is_hers(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example"))
    reserve(writer, scene.slots[0], organisation=str(ada.organisation))

    with pytest.raises(CategoryNotEligible):
        book(bob, scene.slots[0])
    assert book(ada, scene.slots[0]).slot == scene.slots[0]


def test_mode_that_the_list_does_not_offer_is_refused(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, modes=["in_person"]))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))

    with pytest.raises(ModeNotOffered):
        book(ada, scene.slots[0], "remote")


def test_mode_that_the_meetings_format_lost_is_refused(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, format="in_person"))

    with pytest.raises(ModeNotOffered):
        book(ada, scene.slots[0], "remote")


def test_remote_minutes_are_counted_up_to_the_cap(writer: Writer, conn: Connection, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={"remote_budget_seconds": 1_100}))
    first, second, third = speakers(writer, scene, 3)
    book(first, scene.slots[0], "remote")
    book(second, scene.slots[1], "remote")

    with pytest.raises(RemoteBudgetExceeded):
        book(third, scene.slots[2], "remote")

    assert remote_booked(conn) == 1_080
    assert [row["status"] for row in speaking.slots(conn, scene.list)][:3] == ["booked", "booked", "free"]
    assert book(third, scene.slots[2], "video").mode == "video"
    assert remote_booked(conn) == 1_080


def test_nearest_slots_are_none_where_no_remote_minutes_are_left(writer: Writer, book: Book) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={"remote_budget_seconds": 540}))
    ada, bob = speakers(writer, scene, 2)
    book(ada, scene.slots[0], "remote")

    with pytest.raises(SlotTaken) as refused:
        book(bob, scene.slots[0], "remote")

    assert refused.value.data["nearest"] == []


def test_focal_point_books_for_her_people_and_for_nobody_else(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example"))
    grants = (Grant("focal_point", "organisation", ada.organisation),)
    focal = writer.act_now(lambda tx: speaking.colleague(tx, ada, grants=grants))

    assert book(focal, scene.slots[0], person=ada.id).person.id == ada.id
    with pytest.raises(Forbidden):
        book(focal, scene.slots[1], person=bob.id)
    with pytest.raises(Forbidden):
        book(focal, scene.slots[1], organisation=bob.organisation)


def test_chair_books_for_anyone_accredited(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book
) -> None:
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))

    assert book(chair, scene.slots[0], person=ada.id).organisation == Named(
        str(ada.organisation), "Organisation of Ada Example"
    )


def test_chair_lets_somebody_speak_for_another_organisation_where_both_are_accredited(
    writer: Writer, scene: Scene, ada: Actor, book: Book
) -> None:
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "body", scene.body),)))
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example", category="ngo"))
    unapproved = writer.act_now(lambda tx: people.organisation(tx, "Unapproved"))
    guest = writer.act_now(lambda tx: people.person(tx, "Gu Est", organisation=unapproved))

    spoken_for = book(chair, scene.slots[0], person=ada.id, organisation=bob.organisation)
    assert (spoken_for.organisation and spoken_for.organisation.id, spoken_for.category) == (bob.organisation, "ngo")
    with pytest.raises(NotAccredited):
        book(chair, scene.slots[1], person=bob.id, organisation=unapproved)
    with pytest.raises(NotAccredited):
        book(chair, scene.slots[1], person=guest.id, organisation=bob.organisation)


def test_participant_books_for_nobody_else(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    other = writer.act_now(lambda tx: speaking.colleague(tx, ada))

    for person in (str(other.id), new_id()):
        with pytest.raises(Forbidden):
            book(ada, scene.slots[0], person=person)


def test_unknown_person_or_organisation_is_meaningless(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair"),)))

    with pytest.raises(Meaningless) as person:
        book(chair, scene.slots[0], person=new_id())
    with pytest.raises(Meaningless) as organisation:
        book(chair, scene.slots[0], person=ada.id, organisation=new_id())

    assert (person.value.faults[0].field, organisation.value.faults[0].field) == ("person", "organisation")


def test_slot_that_is_not_there_is_not_found(ada: Actor, book: Book) -> None:
    with pytest.raises(NotFound):
        book(ada, new_id())


def test_slot_of_a_draft_is_not_found(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="draft"))

    with pytest.raises(NotFound):
        book(ada, scene.slots[0])


def test_cancelled_meeting_or_session_takes_no_booking(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="cancelled"))
    with pytest.raises(NotAllowedNow):
        book(ada, scene.slots[0])

    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status="scheduled"))
    writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="cancelled"))
    with pytest.raises(NotAllowedNow):
        book(ada, scene.slots[0])


def test_break_cannot_be_booked(writer: Writer, scene: Scene, ada: Actor, book: Book) -> None:
    pause = writer.act_now(lambda tx: turns.put(tx, OPERATOR, scene.list, turns.Interlude("break", 600)))

    with pytest.raises(SlotTaken):
        book(ada, pause.id)
