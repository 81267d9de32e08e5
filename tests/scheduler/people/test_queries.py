import pytest

from scheduler.errors import Forbidden, NotFound, NotSignedIn
from scheduler.people import queries
from scheduler.people.permission import OPERATOR, Grant
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people

NOBODY = "4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"


def _three(tx: Tx) -> str:
    organisation = people.organisation(tx)
    people.person(tx, "Cy 100%", organisation=organisation, grants=(Grant("chair"), Grant("participant")))
    people.person(tx, "Ada", organisation=organisation)
    people.person(tx, "Bob_b")
    return organisation


def test_people_come_by_name_a_page_at_a_time(writer: Writer, conn: Connection) -> None:
    writer.act_now(_three)

    first = queries.people(conn, OPERATOR, limit=2)
    rest = queries.people(conn, OPERATOR, after=(first[-1].name, first[-1].id), limit=2)

    assert [view.name for view in first] == ["Ada", "Bob_b"]
    assert [(view.name, [role.role for role in view.roles]) for view in rest] == [("Cy 100%", ["chair", "participant"])]


def test_people_are_found_by_part_of_name_or_address_and_by_organisation(writer: Writer, conn: Connection) -> None:
    organisation = writer.act_now(_three)

    def names(q: str | None = None, of: str | None = None) -> list[str]:
        return [view.name for view in queries.people(conn, OPERATOR, q=q, organisation=of)]

    assert names("ada.") == ["Ada"]
    assert names("ADA.") == ["Ada"]
    assert names("0%") == ["Cy 100%"]
    assert names("_b") == ["Bob_b"]
    assert names(of=organisation) == ["Ada", "Cy 100%"]
    assert names("bob_b.", organisation) == []


@pytest.mark.parametrize("grant", [Grant("chair"), Grant("secretariat", "body", "b"), Grant("participant")])
def test_people_are_read_by_the_whole_services_secretariat_alone(
    writer: Writer, conn: Connection, grant: Grant
) -> None:
    actor = writer.act_now(lambda tx: people.person(tx, grants=(grant,)))

    with pytest.raises(Forbidden):
        queries.people(conn, actor)
    with pytest.raises(Forbidden):
        queries.person(conn, actor, str(actor.id))
    with pytest.raises(NotSignedIn):
        queries.people(conn, None)


def test_who_is_not_there_is_not_found(conn: Connection) -> None:
    with pytest.raises(NotFound):
        queries.person(conn, None, NOBODY)
    with pytest.raises(NotFound):
        queries.me(conn, NOBODY)
    with pytest.raises(NotFound):
        queries.organisation(conn, NOBODY)
    with pytest.raises(NotSignedIn):
        queries.actor(conn, NOBODY)


def test_organisations_come_by_name_a_page_at_a_time_for_everybody(writer: Writer, conn: Connection) -> None:
    for name, category in (("Tonga", "member_state"), ("Samoa", "member_state"), ("Red Cross", "igo")):
        writer.act_now(lambda tx, name=name, category=category: people.organisation(tx, name, category))  # type: ignore[misc]  # -- lambda

    first = queries.organisations(conn, limit=2)
    rest = queries.organisations(conn, after=(first[-1].name, first[-1].id))

    assert [view.name for view in first] == ["Red Cross", "Samoa"]
    assert [view.name for view in rest] == ["Tonga"]
    assert [view.name for view in queries.organisations(conn, q="o", category="member_state")] == ["Samoa", "Tonga"]
