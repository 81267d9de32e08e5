import pytest

from scheduler.accreditation import actions, queries
from scheduler.errors import NotFound, NotSignedIn
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.records import known_session
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, places


def _three(tx: Tx) -> dict[str, str]:
    """Accreditations of three organisations, their ids by name; by name, Tonga's is of a second session too."""
    places.session(tx)
    places.session(tx, "ahc-3")
    ids = {name: people.organisation(tx, name) for name in ("Tonga", "Samoa", "Kiribati")}
    for organisation in ids.values():
        actions.ask(tx, OPERATOR, "ahc-2", organisation, status="approved")
    actions.ask(tx, OPERATOR, "ahc-3", ids["Tonga"])
    return ids


def _names(conn: Connection, actor: Actor) -> list[str]:
    return [view.organisation.name for view in queries.accreditations(conn, Reader(actor), "ahc-2")]


def test_accreditations_come_by_name_a_page_at_a_time(writer: Writer, conn: Connection) -> None:
    writer.act_now(_three)

    first = queries.accreditations(conn, Reader(OPERATOR), "ahc-2", limit=2)
    last = first[-1]
    rest = queries.accreditations(conn, Reader(OPERATOR), "ahc-2", after=(last.organisation.name, last.id))

    assert [view.organisation.name for view in first] == ["Kiribati", "Samoa"]
    assert [view.organisation.name for view in rest] == ["Tonga"]


def test_each_sees_the_accreditations_that_concern_her(writer: Writer, conn: Connection) -> None:
    ids = writer.act_now(_three)

    def person(name: str, *grants: Grant, organisation: str | None = None) -> Actor:
        return writer.act_now(lambda tx: people.person(tx, name, organisation=organisation, grants=grants))

    session = known_session(conn, PUBLIC, "ahc-2")
    other = known_session(conn, PUBLIC, "ahc-3")

    assert _names(conn, person("A", Grant("chair", "session", session.id))) == ["Kiribati", "Samoa", "Tonga"]
    assert _names(conn, person("B", Grant("secretariat", "body", session.body_id))) == ["Kiribati", "Samoa", "Tonga"]
    assert _names(conn, person("C", Grant("chair", "session", other.id))) == []
    assert _names(conn, person("D", Grant("focal_point", "organisation", ids["Samoa"]))) == ["Samoa"]
    assert _names(conn, person("E", organisation=ids["Kiribati"])) == ["Kiribati"]
    assert _names(conn, person("F")) == []


def test_one_accreditation_is_found_by_whom_it_concerns(writer: Writer, conn: Connection) -> None:
    ids = writer.act_now(_three)
    samoas = queries.accreditations(conn, Reader(OPERATOR), "ahc-2")[1]
    hers = writer.act_now(lambda tx: people.person(tx, "A", organisation=ids["Samoa"]))
    anothers = writer.act_now(lambda tx: people.person(tx, "B", organisation=ids["Tonga"]))

    assert queries.known_accreditation(conn, Reader(hers), samoas.id)[1] == samoas
    for reader in (Reader(anothers), PUBLIC):
        with pytest.raises(NotFound):
            queries.known_accreditation(conn, reader, samoas.id)


def test_the_public_is_asked_to_sign_in(writer: Writer, conn: Connection) -> None:
    writer.act_now(_three)

    with pytest.raises(NotSignedIn):
        queries.accreditations(conn, PUBLIC, "ahc-2")


def test_somebody_erased_is_not_among_the_accredited(writer: Writer, conn: Connection) -> None:
    ids = writer.act_now(_three)
    session = known_session(conn, PUBLIC, "ahc-2").id
    stays = writer.act_now(lambda tx: people.person(tx, "Stays", organisation=ids["Samoa"], timezone="Pacific/Apia"))
    goes = writer.act_now(lambda tx: people.person(tx, "Goes", organisation=ids["Samoa"]))

    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, str(goes.id)))

    assert queries.accredited_people(conn, session) == [
        queries.AccreditedPerson(str(stays.id), "Stays", ids["Samoa"], "Pacific/Apia", "en")
    ]
