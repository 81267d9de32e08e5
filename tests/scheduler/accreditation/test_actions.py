from dataclasses import dataclass, replace

import pytest

from scheduler.accreditation import actions, queries
from scheduler.accreditation.queries import AccreditationView
from scheduler.errors import AlreadyExists, Forbidden, Meaningless, NotFound, VersionConflict
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.people.permission import OPERATOR, Actor, Grant, Scopes
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, places


@dataclass(frozen=True)
class Scene:
    """A session in which nobody is accredited yet, and who plays in it."""

    session: Scopes
    organisation: str
    other: str
    focal_point: Actor
    participant: Actor
    chair: Actor


def _scene(tx: Tx) -> Scene:
    session = places.session(tx)
    organisation, other = people.organisation(tx, "Samoa"), people.organisation(tx, "Tonga")
    return Scene(
        session,
        organisation,
        other,
        people.person(tx, "Foc", grants=(Grant("focal_point", "organisation", organisation),)),
        people.person(tx, "Par", organisation=organisation),
        people.person(tx, "Cha", grants=(Grant("chair", "session", session.session),)),
    )


@pytest.fixture
def scene(writer: Writer) -> Scene:
    return writer.act_now(_scene)


def _ask(
    writer: Writer,
    by: Actor,
    organisation: str,
    status: str = "pending",
    *,
    note: str | None = None,
    code: str = "ahc-2",
) -> AccreditationView:
    return writer.act_now(lambda tx: actions.ask(tx, by, code, organisation, status=status, note=note))


def _decide(
    writer: Writer, by: Actor, accreditation: str, version: int | None = None, **changes: object
) -> AccreditationView:
    return writer.act_now(lambda tx: actions.decide(tx, by, accreditation, changes, version))


def test_a_focal_point_asks_for_her_organisation(writer: Writer, conn: Connection, scene: Scene) -> None:
    asked = _ask(writer, scene.focal_point, scene.organisation, note="Please")

    assert asked == AccreditationView(
        asked.id, "ahc-2", Named(scene.organisation, "Samoa"), "pending", "Please", asked.created_at, 1
    )
    assert queries.accreditations(conn, Reader(OPERATOR), "ahc-2") == [asked]
    (entry,) = entries_after(conn, 0, 10)
    told = entry.audience
    assert (entry.kind, entry.subject_id, entry.by.role) == ("accreditation.asked", asked.id, "focal_point")
    assert (told.public, told.body, told.session, told.organisation) == (
        False,
        scene.session.body,
        scene.session.session,
        scene.organisation,
    )


def test_who_may_not_ask_is_refused(writer: Writer, scene: Scene) -> None:
    with pytest.raises(Forbidden):
        _ask(writer, scene.participant, scene.organisation)
    with pytest.raises(Forbidden):
        _ask(writer, scene.chair, scene.organisation)
    with pytest.raises(Forbidden):
        _ask(writer, scene.focal_point, scene.other)


def test_a_focal_point_does_not_approve_herself(writer: Writer, scene: Scene) -> None:
    with pytest.raises(Forbidden):
        _ask(writer, scene.focal_point, scene.organisation, "approved")
    asked = _ask(writer, scene.focal_point, scene.organisation)
    with pytest.raises(Forbidden):
        _decide(writer, scene.focal_point, asked.id, status="approved")


@pytest.mark.parametrize("status", ["pending", "approved", "objected"])
def test_the_secretariat_accredits_with_any_status(writer: Writer, scene: Scene, status: str) -> None:
    assert _ask(writer, OPERATOR, scene.other, status).status == status


def test_an_organisation_asks_once_for_a_session(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: places.session(tx, "ahc-3"))
    _ask(writer, scene.focal_point, scene.organisation)

    with pytest.raises(AlreadyExists):
        _ask(writer, OPERATOR, scene.organisation, "approved")
    assert _ask(writer, scene.focal_point, scene.organisation, code="ahc-3").session == "ahc-3"


def test_an_organisation_that_does_not_exist_is_not_accredited(writer: Writer, scene: Scene) -> None:
    with pytest.raises(Meaningless) as refusal:
        _ask(writer, OPERATOR, new_id())

    assert [fault.field for fault in refusal.value.faults] == ["organisation"]


def test_nobody_asks_for_a_session_that_she_may_not_know_of(writer: Writer, scene: Scene) -> None:
    writer.act_now(lambda tx: places.session(tx, "draft", status="draft"))

    with pytest.raises(NotFound):
        _ask(writer, scene.focal_point, scene.organisation, code="draft")
    with pytest.raises(NotFound):
        _ask(writer, OPERATOR, scene.organisation, code="nowhere")


def test_a_decision_opens_and_bars_the_floor(writer: Writer, conn: Connection, scene: Scene) -> None:
    session = str(scene.session.session)
    asked = _ask(writer, scene.focal_point, scene.organisation)
    assert (queries.is_approved(conn, session, scene.organisation), queries.accredited_people(conn, session)) == (
        False,
        [],
    )

    approved = _decide(writer, OPERATOR, asked.id, status="approved", note="Welcome")

    assert approved == replace(asked, status="approved", note="Welcome", version=2)
    assert queries.is_approved(conn, session, scene.organisation) is True
    assert queries.is_approved(conn, session, scene.other) is False
    assert queries.approved_sessions(conn, scene.organisation) == {session}
    assert [person.id for person in queries.accredited_people(conn, session)] == [scene.participant.id]

    _decide(writer, OPERATOR, asked.id, status="objected")

    assert queries.is_approved(conn, session, scene.organisation) is False
    assert queries.approved_sessions(conn, scene.organisation) == frozenset()
    entry = entries_after(conn, 0, 10)[-1]
    assert (entry.kind, entry.data) == ("accreditation.decided", {"before": "approved", "after": "objected"})


def test_a_person_without_an_organisation_is_accredited_nowhere(conn: Connection) -> None:
    assert queries.is_approved(conn, "session", None) is False
    assert queries.approved_sessions(conn, None) == frozenset()


def test_a_sessions_secretariat_decides_there_and_nowhere_else(writer: Writer, scene: Scene) -> None:
    elsewhere = writer.act_now(lambda tx: places.session(tx, "ahc-3"))
    asked = _ask(writer, scene.focal_point, scene.organisation)
    here = writer.act_now(
        lambda tx: people.person(tx, "Here", grants=(Grant("secretariat", "body", scene.session.body),))
    )
    there = writer.act_now(
        lambda tx: people.person(tx, "There", grants=(Grant("secretariat", "session", elsewhere.session),))
    )

    assert _decide(writer, here, asked.id, status="objected").status == "objected"
    with pytest.raises(NotFound):
        _decide(writer, there, asked.id, status="approved")
    with pytest.raises(Forbidden):
        _decide(writer, scene.chair, asked.id, status="approved")


def test_an_unchanged_decision_changes_nothing(writer: Writer, conn: Connection, scene: Scene) -> None:
    asked = _ask(writer, OPERATOR, scene.organisation, "approved", note="Welcome")

    assert _decide(writer, OPERATOR, asked.id, status="approved", note="Welcome") == asked
    assert len(entries_after(conn, 0, 10)) == 1


def test_a_decision_on_a_stale_reading_is_refused_with_what_is_so_now(writer: Writer, scene: Scene) -> None:
    asked = _ask(writer, OPERATOR, scene.organisation)
    decided = _decide(writer, OPERATOR, asked.id, 1, status="approved")

    with pytest.raises(VersionConflict) as refusal:
        _decide(writer, OPERATOR, asked.id, 1, status="objected")

    assert refusal.value.data == {"current": decided}


def test_a_note_is_cleared_by_none(writer: Writer, scene: Scene) -> None:
    asked = _ask(writer, OPERATOR, scene.organisation, note="Later")

    assert _decide(writer, OPERATOR, asked.id, note=None) == replace(asked, note=None, version=2)
