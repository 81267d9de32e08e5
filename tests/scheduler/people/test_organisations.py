from dataclasses import replace

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import AlreadyExists, Forbidden, Meaningless, NotFound, VersionConflict
from scheduler.journal.following import entries_after
from scheduler.people import organisations, queries
from scheduler.people.organisations import NewOrganisation
from scheduler.people.permission import OPERATOR, Grant
from scheduler.people.tables import Organisation
from scheduler.people.views import OrganisationView
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people

SAMOA = NewOrganisation("Samoa", "member_state", "WS", "asia_pacific", ("SIDS", "G77", "SIDS"))


def _add(writer: Writer, new: NewOrganisation = SAMOA) -> OrganisationView:
    return writer.act_now(lambda tx: organisations.add(tx, OPERATOR, new))


def _change(writer: Writer, organisation: str, version: int | None = None, **changes: object) -> OrganisationView:
    return writer.act_now(lambda tx: organisations.change(tx, OPERATOR, organisation, changes, version))


def test_an_organisation_is_added_and_everybody_may_know(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    assert added == OrganisationView(added.id, "Samoa", "member_state", "WS", "asia_pacific", ("SIDS", "G77"), 1)
    assert queries.organisation(conn, added.id) == added
    (entry,) = entries_after(conn, 0, 10)
    assert (entry.kind, entry.subject_id, entry.audience.public, entry.audience.organisation) == (
        "organisation.added",
        added.id,
        True,
        added.id,
    )


def test_a_name_is_one_organisations(writer: Writer) -> None:
    _add(writer)
    other = _add(writer, NewOrganisation("Tonga", "member_state"))

    with pytest.raises(AlreadyExists):
        _add(writer, NewOrganisation("Samoa", "ngo"))
    with pytest.raises(AlreadyExists):
        _change(writer, other.id, name="Samoa")


def test_a_country_that_is_none_is_refused(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    with pytest.raises(Meaningless):
        _add(writer, NewOrganisation("Atlantis", "observer_state", "XX"))
    with pytest.raises(Meaningless):
        _change(writer, added.id, country="ws")
    assert queries.organisations(conn) == [added]


def test_what_is_not_sent_stays_and_none_clears(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    changed = _change(writer, added.id, region=None, groups=["AOSIS"])

    assert changed == replace(added, region=None, groups=("AOSIS",), version=2)
    assert entries_after(conn, 0, 10)[-1].data == {"fields": ["groups", "region"]}


def test_an_unchanged_change_changes_nothing(writer: Writer, conn: Connection) -> None:
    added = _add(writer)

    assert _change(writer, added.id, name="Samoa", groups=["SIDS", "G77", "G77"]) == added
    assert len(entries_after(conn, 0, 10)) == 1


def test_a_change_on_a_stale_reading_is_refused_with_what_is_so_now(writer: Writer) -> None:
    added = _add(writer)

    with pytest.raises(VersionConflict) as refusal:
        _change(writer, added.id, 2, name="Independent State of Samoa")

    assert refusal.value.data == {"current": added}


def test_a_new_name_moves_the_moment_that_calendars_show(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    added = _add(writer)
    shown = select(table(Organisation).c.shown_at)
    first = conn.all(shown)

    _change(writer, added.id, category="igo")
    assert conn.all(shown) == first
    clock.advance(90)
    _change(writer, added.id, name="Independent State of Samoa")

    assert conn.all(shown) == [(clock.now(),)]


def test_only_the_whole_services_secretariat_adds_and_changes(writer: Writer) -> None:
    added = _add(writer)
    actor = writer.act_now(
        lambda tx: people.person(tx, "Foc", grants=(Grant("focal_point", "organisation", added.id), Grant("chair")))
    )

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: organisations.add(tx, actor, NewOrganisation("Tonga", "member_state")))
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: organisations.change(tx, actor, added.id, {"name": "New"}))


def test_an_organisation_that_is_not_there_is_not_found(writer: Writer) -> None:
    with pytest.raises(NotFound):
        _change(writer, "4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10", name="New")
