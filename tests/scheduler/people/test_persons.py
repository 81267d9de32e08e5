from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import (
    AlreadyExists,
    Forbidden,
    Meaningless,
    NotAllowedNow,
    NotFound,
    UnknownTimezone,
    VersionConflict,
)
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after
from scheduler.people import persons, queries, tokens
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.persons import NewPerson
from scheduler.people.tables import Person
from scheduler.people.views import MeView, Named, PersonView, QuietHours, RoleView
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people

ADA = NewPerson("Ada@Example.org", "Ada Example")


def _add(writer: Writer, new: NewPerson = ADA) -> PersonView:
    return writer.act_now(lambda tx: persons.add(tx, OPERATOR, new))


def _herself(writer: Writer, person: str) -> Actor:
    return writer.act_now(lambda tx: queries.actor(tx.conn, person))


def _change(writer: Writer, person: str, version: int | None = None, **changes: object) -> PersonView:
    return writer.act_now(lambda tx: persons.change(tx, OPERATOR, person, changes, version))


def _change_own(writer: Writer, person: str, version: int | None = None, **changes: object) -> MeView:
    actor = _herself(writer, person)
    return writer.act_now(lambda tx: persons.change_own(tx, actor, changes, version))


def _entries(conn: Connection) -> list[Entry]:
    return entries_after(conn, 0, 100)


def test_a_person_is_added_as_said_and_the_rest_has_its_defaults(writer: Writer, clock: SettableClock) -> None:
    added = _add(writer)

    assert added == PersonView(
        id=added.id,
        email="Ada@Example.org",
        name="Ada Example",
        timezone="UTC",
        language="en",
        organisation=None,
        roles=(),
        erased=False,
        created_at=clock.now(),
        version=1,
    )


def test_a_person_first_sees_herself_with_the_contracts_preferences(writer: Writer, conn: Connection) -> None:
    added = _add(writer, replace(ADA, timezone="America/Bogota", language="es"))

    assert queries.me(conn, added.id) == MeView(
        id=added.id,
        name="Ada Example",
        email="Ada@Example.org",
        organisation=None,
        roles=(),
        timezone="America/Bogota",
        language="es",
        channels=("mail",),
        lead_minutes=(1440, 60, 15),
        quiet_hours=None,
        quiet_own_turn=False,
        turn_rules=("turn-near", "turn-next", "turn-moved"),
        list_rules=("list-opens", "list-closes"),
        feed_moves_minutes=15,
        slots_by="invitation",
        version=1,
    )


def test_adding_is_told_to_her_and_her_organisation_and_never_to_the_public(writer: Writer, conn: Connection) -> None:
    organisation = writer.act_now(people.organisation)
    added = _add(writer, replace(ADA, organisation=organisation, roles=(Grant("chair"),)))

    assert added.organisation == Named(organisation, "Republic of Exampleland")
    assert [(e.kind, e.subject_id, e.by.role) for e in _entries(conn)] == [
        ("person.added", added.id, "secretariat"),
        ("role.changed", added.id, "secretariat"),
    ]
    for entry in _entries(conn):
        told = entry.audience
        assert (told.public, told.person, told.organisation) == (False, added.id, organisation)


def test_an_address_in_another_case_is_the_same_address(writer: Writer, conn: Connection) -> None:
    _add(writer)

    with pytest.raises(AlreadyExists):
        _add(writer, NewPerson("ADA@example.ORG", "Another"))
    assert [entry.kind for entry in _entries(conn)] == ["person.added"]


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (replace(ADA, email="nowhere"), "email"),
        (replace(ADA, timezone="UTC+2"), "timezone"),
        (replace(ADA, organisation="4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"), "organisation"),
        (replace(ADA, roles=(Grant("focal_point"),)), "roles.0.scope"),
    ],
)
def test_what_cannot_be_meant_adds_nobody(writer: Writer, conn: Connection, new: NewPerson, field: str) -> None:
    with pytest.raises(Meaningless) as refusal:
        _add(writer, new)

    assert [fault.field for fault in refusal.value.faults] == [field]
    assert queries.people(conn, OPERATOR) == []
    assert _entries(conn) == []


@pytest.mark.parametrize("grant", [Grant("chair"), Grant("secretariat", "session", "some-session")])
def test_only_the_whole_services_secretariat_adds_changes_and_erases(writer: Writer, grant: Grant) -> None:
    actor = writer.act_now(lambda tx: people.person(tx, "Cha Ir", grants=(grant,)))
    acts: list[Callable[[Tx], object]] = [
        lambda tx: persons.add(tx, actor, ADA),
        lambda tx: persons.change(tx, actor, str(actor.id), {"name": "New"}),
        lambda tx: persons.erase(tx, actor, str(actor.id)),
    ]

    for act in acts:
        with pytest.raises(Forbidden):
            writer.act_now(act)


def test_what_is_not_sent_stays_when_a_person_is_changed(writer: Writer) -> None:
    added = _add(writer, replace(ADA, timezone="Asia/Calcutta"))

    changed = _change(writer, added.id, name="Ada New", email="ada@new.example")

    assert changed == replace(added, name="Ada New", email="ada@new.example", version=2)


def test_an_unchanged_change_changes_nothing(writer: Writer, conn: Connection) -> None:
    added = _add(writer, replace(ADA, roles=(Grant("chair"),)))
    before = _entries(conn)

    same = _change(
        writer, added.id, name=ADA.name, email=ADA.email, timezone="UTC", organisation=None, roles=(Grant("chair"),)
    )

    assert same == added
    assert _entries(conn) == before


def test_a_change_on_a_stale_reading_is_refused_with_what_is_so_now(writer: Writer) -> None:
    added = _add(writer)
    changed = _change(writer, added.id, 1, name="First")

    with pytest.raises(VersionConflict) as refusal:
        _change(writer, added.id, 1, name="Second")

    assert refusal.value.data == {"current": changed}


def test_a_new_name_moves_the_moment_that_calendars_show_and_nothing_else_does(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    added = _add(writer)
    shown = select(table(Person).c.shown_at)

    clock.advance(0.4)
    _change(writer, added.id, language="fr")
    assert conn.all(shown) == [(added.created_at,)]
    _change(writer, added.id, name="Ada New")

    ((moved,),) = conn.all(shown)
    assert (moved - added.created_at).total_seconds() == 1


def test_a_person_who_is_not_there_is_not_found(writer: Writer) -> None:
    with pytest.raises(NotFound):
        _change(writer, "4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10", name="New")


def test_another_takes_no_address_that_is_somebodys(writer: Writer) -> None:
    _add(writer)
    second = _add(writer, NewPerson("bob@example.org", "Bob"))

    with pytest.raises(AlreadyExists):
        _change(writer, second.id, email="ada@example.org")


def test_she_says_how_she_wants_to_be_told(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    me = _change_own(
        writer,
        added.id,
        lead_minutes=[15, 120, 15],
        quiet_hours=QuietHours("22:00", "07:00"),
        quiet_own_turn=True,
        turn_rules=["turn-moved", "turn-near"],
        list_rules=["list-closes"],
        channels=[],
        feed_moves_minutes=5,
        slots_by="feed",
        timezone="Pacific/Apia",
    )

    assert me == replace(
        queries.me(conn, added.id),
        lead_minutes=(120, 15),
        quiet_hours=QuietHours("22:00", "07:00"),
        quiet_own_turn=True,
        turn_rules=("turn-near", "turn-moved"),
        list_rules=("list-closes",),
        channels=(),
        feed_moves_minutes=5,
        slots_by="feed",
        timezone="Pacific/Apia",
        version=2,
    )
    entry = _entries(conn)[-1]
    assert (entry.kind, entry.by.person, entry.by.role) == ("person.changed", added.id, "participant")


def test_quiet_hours_are_taken_back_by_none(writer: Writer) -> None:
    added = _add(writer)
    _change_own(writer, added.id, quiet_hours=QuietHours("22:00", "07:00"))

    assert _change_own(writer, added.id, quiet_hours=None).quiet_hours is None


def test_preferences_that_are_so_already_change_nothing(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    me = _change_own(writer, added.id, lead_minutes=[15, 60, 1440], quiet_hours=None, channels=["mail", "mail"])

    assert me.version == 1
    assert [entry.kind for entry in _entries(conn)] == ["person.added"]


def test_a_zone_that_nobody_knows_is_refused(writer: Writer) -> None:
    added = _add(writer)

    with pytest.raises(UnknownTimezone):
        _change_own(writer, added.id, timezone="Mars/Olympus")


def test_her_own_change_on_a_stale_reading_is_refused(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    with pytest.raises(VersionConflict) as refusal:
        _change_own(writer, added.id, 7, name="New")

    assert refusal.value.data == {"current": queries.me(conn, added.id)}


def test_erasing_takes_name_address_roles_and_sign_ins_and_keeps_the_record(writer: Writer, conn: Connection) -> None:
    organisation = writer.act_now(people.organisation)
    added = _add(writer, replace(ADA, organisation=organisation, roles=(Grant("chair"),)))
    secret = writer.act_now(lambda tx: tokens.make(tx, OPERATOR, added.id))

    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, added.id))

    kept = queries.person(conn, OPERATOR, added.id)
    assert kept == replace(added, email=None, name="erased", roles=(), erased=True, version=2)
    assert queries.sign_ins(conn, added.id, added.created_at) == []
    assert [entry.kind for entry in _entries(conn)][-2:] == ["sign-in.ended", "person.erased"]
    held = " ".join(str(row) for row in conn.all(select(table(Person))))
    assert "Ada" not in held
    assert secret not in held


def test_nobody_can_be_made_of_someone_erased(writer: Writer) -> None:
    added = _add(writer)
    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, added.id))

    with pytest.raises(NotAllowedNow):
        _change(writer, added.id, name="Ada")
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: tokens.make(tx, OPERATOR, added.id))


def test_erasing_her_again_changes_nothing(writer: Writer, conn: Connection) -> None:
    added = _add(writer)
    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, added.id))
    before = _entries(conn)

    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, added.id))

    assert _entries(conn) == before


def test_the_address_of_someone_erased_is_free_again(writer: Writer) -> None:
    added = _add(writer)
    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, added.id))

    assert _add(writer).roles == ()


def test_the_last_secretariat_is_not_erased(writer: Writer, conn: Connection) -> None:
    last = _add(writer, replace(ADA, roles=(Grant("secretariat"),)))

    with pytest.raises(NotAllowedNow):
        writer.act_now(lambda tx: persons.erase(tx, OPERATOR, last.id))
    assert queries.person(conn, OPERATOR, last.id).roles == (RoleView("secretariat", None),)
