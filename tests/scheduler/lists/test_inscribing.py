from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyInscribed,
    Forbidden,
    ListClosed,
    ListFull,
    ListNotOpen,
    Meaningless,
    ModeNotOffered,
    NotAccredited,
    NotAllowedNow,
    NotFound,
)
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.lists import inscribing, opening
from scheduler.lists.calendar import slot_events
from scheduler.lists.inscribing import Request
from scheduler.lists.inscription_queries import inscriptions_of_list, inscriptions_of_person
from scheduler.lists.queries import list_view
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import PUBLIC, Reader
from scheduler.people.tables import Organisation
from scheduler.programme import items
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, places, queueing, speaking
from tests.makers.people import MADE_AT
from tests.makers.speaking import Scene


@pytest.fixture
def scene(writer: Writer) -> Scene:
    """An open queue list of the whole meeting."""
    return queue(writer)


def queue(writer: Writer, **said: Any) -> Scene:
    return writer.act_now(lambda tx: queueing.scene(tx, **said))


def inscribe(writer: Writer, scene: Scene, actor: Actor, mode: str = "in_person", **wanted: Any) -> InscriptionView:
    return writer.act_now(lambda tx: inscribing.inscribe(tx, actor, scene.list, Request(mode, **wanted)))


def member(writer: Writer, scene: Scene, name: str, **grants: Any) -> Actor:
    return writer.act_now(lambda tx: speaking.speaker(tx, scene, name, **grants))


def test_inscription_is_pending_and_says_what_was_asked(writer: Writer, scene: Scene, ada: Actor) -> None:
    made = inscribe(
        writer, scene, ada, "remote", language="fr", topic="Article 6", delivered_by="Sub", seconds_requested=120
    )

    assert made == InscriptionView(
        id=made.id,
        list=scene.list,
        slot=None,
        person=made.person,
        organisation=made.organisation,
        category="member_state",
        mode="remote",
        language="fr",
        topic="Article 6",
        on_behalf_of=None,
        delivered_by="Sub",
        seconds_requested=120,
        status="pending",
        created_at=datetime(2022, 5, 1, 12, tzinfo=UTC),
        version=1,
        warnings=(),
    )
    assert (made.person.id, made.organisation and made.organisation.id) == (ada.id, ada.organisation)


def test_what_is_worth_a_look_is_accepted_and_said(writer: Writer, scene: Scene, ada: Actor) -> None:
    made = inscribe(writer, scene, ada, language="es", seconds_requested=600, on_behalf_of="Group of 77")

    assert [warning.code for warning in made.warnings] == [
        "language-not-interpreted",
        "seconds-above-limit",
        "topic-missing",
        "group-not-recorded",
    ]


def test_group_is_written_as_its_members_have_it(writer: Writer, scene: Scene, ada: Actor) -> None:
    writer.act_now(lambda tx: tx.conn.update(Organisation, str(ada.organisation), groups=["African Group", "G77"]))

    made = inscribe(writer, scene, ada, topic="x", on_behalf_of="african group")

    assert (made.on_behalf_of, made.warnings) == ("African Group", ())


def test_pending_inscription_is_hers_and_not_for_the_public(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor
) -> None:
    made = inscribe(writer, scene, ada, topic="x")
    chair = Reader(
        writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", scene.session),)))
    )

    def seen(reader: Reader) -> list[str]:
        found = inscriptions_of_list(conn, reader, scene.list, after=None, limit=10)
        return [view.id for view, _ in found]

    assert [seen(reader) for reader in (PUBLIC, Reader(ada), chair)] == [[], [made.id], [made.id]]
    assert [view.id for view, _ in inscriptions_of_person(conn, Reader(ada), after=None, limit=10)] == [made.id]
    assert slot_events(conn, Reader(ada), person=ada.id) == []
    (entry,) = [each for each in entries_after(conn, 0, 100) if each.kind == "inscription.made"]
    assert (entry.subject_id, entry.audience.public, entry.audience.person) == (made.id, False, ada.id)
    assert (entry.audience.meeting, entry.audience.organisation) == (scene.meeting, ada.organisation)
    assert list_view(conn, scene.list, MADE_AT).counts.pending == 1


def test_somebody_is_on_a_list_once_until_she_withdraws(writer: Writer, scene: Scene, ada: Actor) -> None:
    inscribe(writer, scene, ada)

    with pytest.raises(AlreadyInscribed):
        inscribe(writer, scene, ada, "video")


def test_organisation_is_on_a_list_once_where_one_is_allowed(writer: Writer) -> None:
    scene = queue(writer, one_per_organisation=True)
    ada = member(writer, scene, "Ada Example")
    colleague = writer.act_now(lambda tx: speaking.colleague(tx, ada))
    inscribe(writer, scene, ada)

    with pytest.raises(AlreadyInscribed):
        inscribe(writer, scene, colleague)


def test_list_takes_its_capacity(writer: Writer) -> None:
    scene = queue(writer, capacity=2)
    for name in ("A", "B"):
        inscribe(writer, scene, member(writer, scene, name))

    with pytest.raises(ListFull):
        inscribe(writer, scene, member(writer, scene, "C"))


def test_list_takes_nobody_before_it_opens_or_after_it_closes(writer: Writer, clock: SettableClock) -> None:
    scene = queue(writer, opened=False, opens_at="2022-05-02T08:00:00Z", closes_at="2022-05-02T09:00:00Z")
    ada, bea, cleo = (member(writer, scene, name) for name in ("A", "B", "C"))

    with pytest.raises(ListNotOpen):
        inscribe(writer, scene, ada)
    clock.set(datetime(2022, 5, 2, 8, tzinfo=UTC))
    inscribe(writer, scene, ada)
    clock.set(datetime(2022, 5, 2, 9, tzinfo=UTC))
    with pytest.raises(ListClosed):
        inscribe(writer, scene, bea)
    writer.act_now(lambda tx: opening.reopen_list(tx, OPERATOR, scene.list))
    inscribe(writer, scene, cleo)


@pytest.mark.parametrize("state", ["started", "ended"])
def test_list_closes_with_its_agenda_item(writer: Writer, clock: SettableClock, state: str) -> None:
    of = writer.act_now(places.session)
    item = writer.act_now(lambda tx: speaking.item(tx, of))
    when = {"item": item, "state": state}
    scene = writer.act_now(
        lambda tx: speaking.scene_in(tx, of, allocation="queue", slot_seconds=None, closes_when=when)
    )
    ada, bea = member(writer, scene, "A"), member(writer, scene, "B")
    inscribe(writer, scene, ada)

    clock.set(datetime(2022, 5, 2, tzinfo=UTC))
    writer.act_now(lambda tx: items.change(tx, OPERATOR, item, {"status": state}))

    with pytest.raises(ListClosed):
        inscribe(writer, scene, bea)


def test_timed_list_is_booked(writer: Writer) -> None:
    scene = writer.act_now(speaking.scene)

    with pytest.raises(NotAllowedNow) as refused:
        inscribe(writer, scene, member(writer, scene, "A"))

    assert refused.value.data == {"allowed": ["book"]}


def test_mode_that_the_list_does_not_offer_is_refused_before_the_moment(writer: Writer) -> None:
    scene = queue(writer, opened=False, modes=["in_person"])

    with pytest.raises(ModeNotOffered):
        inscribe(writer, scene, member(writer, scene, "A"), "remote")


def test_focal_point_inscribes_her_people_and_nobody_else(writer: Writer, scene: Scene, ada: Actor) -> None:
    grants = (Grant("focal_point", "organisation", ada.organisation),)
    focal = writer.act_now(lambda tx: speaking.colleague(tx, ada, "Focal", grants=grants))
    stranger = member(writer, scene, "Stranger")

    assert inscribe(writer, scene, focal, person=ada.id).person.id == ada.id
    with pytest.raises(Forbidden):
        inscribe(writer, scene, focal, person=stranger.id)
    with pytest.raises(Forbidden):
        inscribe(writer, scene, ada, organisation=stranger.organisation)


def test_chair_inscribes_anyone_accredited(writer: Writer, scene: Scene, ada: Actor) -> None:
    grants = (Grant("chair", "session", scene.session),)
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants))
    guest = writer.act_now(lambda tx: people.person(tx, "Guest", organisation=people.organisation(tx, "Nowhere")))

    assert inscribe(writer, scene, chair, person=ada.id).person.id == ada.id
    with pytest.raises(NotAccredited):
        inscribe(writer, scene, chair, person=guest.id)
    with pytest.raises(NotAccredited):
        inscribe(writer, scene, chair)
    with pytest.raises(Meaningless) as refused:
        inscribe(writer, scene, chair, person=new_id())
    assert refused.value.faults[0].field == "person"
    with pytest.raises(Meaningless) as refused:
        inscribe(writer, scene, chair, person=ada.id, organisation=new_id())
    assert refused.value.faults[0].field == "organisation"


def test_participant_inscribes_nobody_but_herself(writer: Writer, scene: Scene, ada: Actor) -> None:
    with pytest.raises(Forbidden):
        inscribe(writer, scene, ada, person=member(writer, scene, "B").id)
    with pytest.raises(Forbidden):
        inscribe(writer, scene, ada, person=new_id())


def test_list_of_a_draft_is_not_there_for_a_participant(writer: Writer, scene: Scene, ada: Actor) -> None:
    writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="draft"))

    with pytest.raises(NotFound):
        inscribe(writer, scene, ada)
    with pytest.raises(NotFound):
        inscribe(writer, replace(scene, list=new_id()), ada)


@pytest.mark.parametrize("status", ["cancelled", "closed"])
def test_list_of_a_meeting_that_is_not_held_takes_nobody(writer: Writer, scene: Scene, ada: Actor, status: str) -> None:
    writer.act_now(lambda tx: tx.conn.update(Meeting, scene.meeting, status=status))

    with pytest.raises(NotAllowedNow):
        inscribe(writer, scene, ada)
