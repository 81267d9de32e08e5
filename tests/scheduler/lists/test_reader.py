from scheduler.lists import withdrawing
from scheduler.lists.reader import reader_of
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import PUBLIC, Reader
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people, speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book


def test_nobody_is_the_public(conn: Connection) -> None:
    assert reader_of(conn, None) is PUBLIC


def test_accredited_person_with_a_slot(writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book) -> None:
    assert reader_of(conn, ada) == Reader(ada, frozenset({scene.session}))

    made = book(ada, scene.slots[0])
    assert reader_of(conn, ada) == Reader(ada, frozenset({scene.session}), frozenset({scene.meeting}))

    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, made.id))
    assert reader_of(conn, ada) == Reader(ada, frozenset({scene.session}))


def test_person_whose_organisation_is_not_approved(writer: Writer, conn: Connection, scene: Scene) -> None:
    organisation = writer.act_now(lambda tx: people.organisation(tx, "Unapproved"))
    writer.act_now(lambda tx: speaking.accredited(tx, scene.session, organisation, "pending"))
    person = writer.act_now(lambda tx: people.person(tx, "Some Body", organisation=organisation))

    assert reader_of(conn, person) == Reader(person)


def test_who_reads_everything_is_not_looked_up(writer: Writer, conn: Connection) -> None:
    secretariat = writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),)))

    assert [reader_of(conn, actor) for actor in (OPERATOR, secretariat)] == [Reader(OPERATOR), Reader(secretariat)]
