import pytest

from scheduler.errors import Meaningless, NotAllowedNow
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.people import persons, queries, roles
from scheduler.people.permission import OPERATOR, Grant
from scheduler.people.persons import NewPerson
from scheduler.people.tables import Code
from scheduler.people.views import PersonView, RoleView, ScopeView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people


def _places(tx: Tx) -> dict[str, str]:
    """The ids of a body, a session and an organisation; the codes are `ahc` and `ahc-2`."""
    ids = {"body": new_id(), "session": new_id(), "organisation": people.organisation(tx)}
    tx.conn.insert(Code, id="ahc", of_type="body", of_id=ids["body"])
    tx.conn.insert(Code, id="ahc-2", of_type="session", of_id=ids["session"])
    return ids


def _secretariat(writer: Writer) -> PersonView:
    new = NewPerson("sec@example.org", "Sec", roles=(Grant("secretariat"),))
    return writer.act_now(lambda tx: persons.add(tx, OPERATOR, new))


def _grant(writer: Writer, person: str, *grants: Grant) -> PersonView:
    return writer.act_now(lambda tx: persons.change(tx, OPERATOR, person, {"roles": grants}))


def test_roles_are_shown_in_the_order_granted_with_codes_for_places(writer: Writer, conn: Connection) -> None:
    ids = writer.act_now(_places)
    person = str(writer.act_now(people.person).id)

    changed = _grant(
        writer,
        person,
        Grant("focal_point", "organisation", ids["organisation"]),
        Grant("chair", "session", "ahc-2"),
        Grant("secretariat", "body", ids["body"]),
        Grant("participant"),
    )

    assert changed.roles == (
        RoleView("focal_point", ScopeView("organisation", ids["organisation"])),
        RoleView("chair", ScopeView("session", "ahc-2")),
        RoleView("secretariat", ScopeView("body", "ahc")),
        RoleView("participant", None),
    )
    assert queries.me(conn, person).roles == changed.roles
    assert queries.people(conn, OPERATOR)[0].roles == changed.roles
    assert queries.actor(conn, person).grants == (
        Grant("focal_point", "organisation", ids["organisation"]),
        Grant("chair", "session", ids["session"]),
        Grant("secretariat", "body", ids["body"]),
        Grant("participant"),
    )


def test_new_roles_replace_the_old_ones_and_the_change_is_journaled(writer: Writer, conn: Connection) -> None:
    person = str(writer.act_now(lambda tx: people.person(tx, grants=(Grant("chair"),))).id)

    changed = _grant(writer, person, Grant("participant"), Grant("participant"))

    assert (changed.roles, changed.version) == ((RoleView("participant", None),), 2)
    (entry,) = entries_after(conn, 0, 10)
    assert (entry.kind, entry.subject_type, entry.subject_id) == ("role.changed", "person", person)
    assert (entry.audience.public, entry.audience.person) == (False, person)


def test_the_code_of_a_session_is_not_a_bodys(writer: Writer) -> None:
    writer.act_now(_places)
    person = str(writer.act_now(people.person).id)

    with pytest.raises(Meaningless) as refusal:
        _grant(writer, person, Grant("chair", "body", "ahc-2"))

    assert [fault.field for fault in refusal.value.faults] == ["roles.0.scope.id"]


def test_each_role_that_cannot_be_granted_is_named(writer: Writer, conn: Connection) -> None:
    ids = writer.act_now(_places)
    person = str(writer.act_now(people.person).id)

    with pytest.raises(Meaningless) as refusal:
        _grant(
            writer,
            person,
            Grant("participant"),
            Grant("secretariat", "organisation", ids["organisation"]),
            Grant("focal_point", "session", "ahc-2"),
            Grant("chair", "session", "nowhere"),
        )

    assert [fault.field for fault in refusal.value.faults] == ["roles.1.scope", "roles.2.scope", "roles.3.scope.id"]
    assert queries.person_view(conn, person).roles == ()


def test_the_last_secretariat_of_the_service_keeps_the_role(writer: Writer, conn: Connection) -> None:
    writer.act_now(_places)
    last = _secretariat(writer)
    writer.act_now(lambda tx: people.person(tx, "Other", grants=(Grant("secretariat", "body", "ahc"),)))

    with pytest.raises(NotAllowedNow):
        _grant(writer, last.id, Grant("secretariat", "body", "ahc"))
    assert queries.person_view(conn, last.id) == last


def test_a_secretariat_goes_where_another_stays(writer: Writer) -> None:
    first = _secretariat(writer)
    writer.act_now(lambda tx: people.person(tx, "Other", grants=(Grant("secretariat"),)))

    assert _grant(writer, first.id).roles == ()


def test_a_secretariat_that_is_erased_does_not_count(writer: Writer) -> None:
    first = _secretariat(writer)
    second = writer.act_now(lambda tx: people.person(tx, "Other", grants=(Grant("secretariat"),)))
    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, str(second.id)))

    with pytest.raises(NotAllowedNow):
        _grant(writer, first.id)


def test_a_role_is_written_with_its_scope_behind_a_colon(writer: Writer, conn: Connection) -> None:
    ids = writer.act_now(_places)

    assert roles.written(conn, "secretariat") == Grant("secretariat")
    assert roles.written(conn, "secretariat:ahc") == Grant("secretariat", "body", ids["body"])
    assert roles.written(conn, "chair:ahc-2") == Grant("chair", "session", ids["session"])
    assert roles.written(conn, f"focal_point:{ids['organisation']}") == Grant(
        "focal_point", "organisation", ids["organisation"]
    )


@pytest.mark.parametrize("text", ["chair:", "chair:nowhere", "focal_point:4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"])
def test_a_written_scope_that_does_not_exist_is_refused(conn: Connection, text: str) -> None:
    with pytest.raises(Meaningless) as refusal:
        roles.written(conn, text)

    assert [fault.field for fault in refusal.value.faults] == ["role"]
