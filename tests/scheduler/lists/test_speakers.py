import pytest

from scheduler.errors import Forbidden, NotFound, NotSignedIn
from scheduler.lists import booking, readiness, waiting, withdrawing
from scheduler.lists.booking import Booking
from scheduler.lists.inscription_queries import inscription_in_list
from scheduler.lists.readiness import ready_among
from scheduler.lists.speakers import speaker_for, speakers_for
from scheduler.lists.waiting_queries import waiting_of_organisation
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.queries import people_of
from scheduler.people.reader import PUBLIC, Reader
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book


@pytest.fixture
def focal(writer: Writer, ada: Actor) -> Actor:
    """Ada's focal point, who is of the same organisation."""
    grants = (Grant("focal_point", "organisation", ada.organisation),)
    return writer.act_now(lambda tx: speaking.colleague(tx, ada, "Fo Cal", grants=grants))


@pytest.fixture
def bea(writer: Writer, scene: Scene) -> Actor:
    """Somebody accredited, of another organisation."""
    return writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bea"))


def names(conn: Connection, actor: Actor | None, scene: Scene, q: str = "") -> list[str]:
    return [each.person.name for each in speakers_for(conn, Reader(actor), scene.list, q=q)]


def test_a_focal_point_asks_for_her_organisation_and_a_chair_for_all_who_are_accredited(
    writer: Writer, conn: Connection, scene: Scene, *, ada: Actor, bea: Actor, focal: Actor
) -> None:
    grants = (Grant("chair", "session", scene.session),)
    chair = writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants))
    writer.act_now(lambda tx: people.person(tx, "Stranger", organisation=people.organisation(tx)))

    assert {
        "public": names(conn, None, scene),
        "ada": names(conn, ada, scene),
        "focal": names(conn, focal, scene),
        "chair": names(conn, chair, scene),
        "operator": names(conn, OPERATOR, scene),
    } == {
        "public": [],
        "ada": [],
        "focal": ["Ada Example", "Fo Cal"],
        "chair": ["Ada Example", "Fo Cal", "Bea"],
        "operator": ["Ada Example", "Fo Cal", "Bea"],
    }


def test_people_are_found_by_their_or_their_organisation_s_name(
    conn: Connection, scene: Scene, ada: Actor, bea: Actor
) -> None:
    assert names(conn, OPERATOR, scene, "of bea") == ["Bea"]
    assert names(conn, OPERATOR, scene, "ADA EX") == ["Ada Example"]
    assert names(conn, OPERATOR, scene, "%") == []


def test_one_of_another_organisation_is_not_found_for_a_focal_point(
    conn: Connection, scene: Scene, ada: Actor, bea: Actor, focal: Actor
) -> None:
    assert speaker_for(conn, Reader(focal), scene.list, str(ada.id)).person.name == "Ada Example"
    with pytest.raises(NotFound):
        speaker_for(conn, Reader(focal), scene.list, str(bea.id))


def test_nobody_is_asked_for_who_is_erased(writer: Writer, conn: Connection, scene: Scene, ada: Actor) -> None:
    writer.act_now(lambda tx: persons.erase(tx, OPERATOR, str(ada.id)))

    assert names(conn, OPERATOR, scene) == []


def test_an_organisation_s_people_are_for_its_focal_point_and_the_secretariat(
    conn: Connection, ada: Actor, bea: Actor, focal: Actor
) -> None:
    organisation = str(ada.organisation)

    assert [each.name for each in people_of(conn, focal, organisation)] == ["Ada Example", "Fo Cal"]
    assert [each.name for each in people_of(conn, OPERATOR, organisation)] == ["Ada Example", "Fo Cal"]
    for other in (ada, bea):
        with pytest.raises(Forbidden):
            people_of(conn, other, organisation)
    with pytest.raises(NotSignedIn):
        people_of(conn, None, organisation)


def test_an_inscription_is_found_by_whom_it_is_for(
    writer: Writer, conn: Connection, scene: Scene, *, ada: Actor, bea: Actor, focal: Actor, book: Book
) -> None:
    made = book(ada, scene.slots[0], topic="Mine")

    found = {
        name: inscription_in_list(conn, Reader(actor), scene.list, str(ada.id))
        for name, actor in (("focal", focal), ("bea", bea), ("public", None))
    }
    assert {name: view and (view.id, view.topic) for name, view in found.items()} == {
        "focal": (made.id, "Mine"),
        "bea": (made.id, None),
        "public": (made.id, None),
    }
    assert inscription_in_list(conn, PUBLIC, scene.list, str(bea.id)) is None
    writer.act_now(lambda tx: withdrawing.withdraw(tx, ada, made.id))
    assert inscription_in_list(conn, Reader(ada), scene.list, str(ada.id)) is None


def test_who_says_that_her_link_works_is_told_among_others(
    writer: Writer, conn: Connection, scene: Scene, *, ada: Actor, bea: Actor, book: Book
) -> None:
    first, second = book(ada, scene.slots[0], "remote"), book(bea, scene.slots[1], "remote")
    writer.act_now(lambda tx: readiness.say(tx, ada, first.id, ready=True))

    assert ready_among(conn, [first.id, second.id]) == {first.id}
    assert ready_among(conn, []) == frozenset()


def test_a_focal_point_sees_who_of_hers_waits(writer: Writer, conn: Connection) -> None:
    def make(tx: Tx) -> tuple[Scene, list[Actor], Actor]:
        scene = speaking.scene(tx, capacity=1)
        speakers = [speaking.speaker(tx, scene, name) for name in ("Ada", "Bea")]
        grants = (Grant("focal_point", "organisation", speakers[1].organisation),)
        return scene, speakers, speaking.colleague(tx, speakers[1], grants=grants)

    scene, (ada, bea), focal = writer.act_now(make)
    writer.act_now(lambda tx: booking_of(tx, ada, scene))
    writer.act_now(lambda tx: waiting.join(tx, bea, scene.list, Booking("remote")))

    found = waiting_of_organisation(conn, Reader(focal), str(bea.organisation))

    assert [(each.person.name, each.status, each.before) for each in found] == [("Bea", "waiting", 0)]
    with pytest.raises(Forbidden):
        waiting_of_organisation(conn, Reader(ada), str(bea.organisation))


def booking_of(tx: Tx, actor: Actor, scene: Scene) -> None:
    booking.book(tx, actor, scene.slots[0], Booking("remote"))
