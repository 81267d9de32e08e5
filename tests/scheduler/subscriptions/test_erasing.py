import pytest

from scheduler.errors import Forbidden, NotFound
from scheduler.journal.following import entries_after, last_number
from scheduler.people import queries as people
from scheduler.people.permission import OPERATOR, Actor
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from scheduler.subscriptions import erasing, queries
from scheduler.subscriptions.feeds import NewFeed
from tests.scheduler.subscriptions.conftest import MakeFeed


def test_feeds_of_an_erased_person_answer_no_more_and_those_of_others_do(
    writer: Writer, conn: Connection, ada: Actor, chair: Actor, make_feed: MakeFeed
) -> None:
    made, secret = make_feed(ada, NewFeed("mine"))
    _, anothers = make_feed(chair, NewFeed("mine"))
    before = last_number(conn)

    writer.act_now(lambda tx: erasing.erase_person(tx, OPERATOR, str(ada.id)))

    with pytest.raises(NotFound):
        queries.subscription(conn, secret)
    assert queries.subscription(conn, anothers).person == chair.id
    assert [(e.kind, e.subject_id, e.by.role, e.audience.person) for e in entries_after(conn, before, 10)] == [
        ("person.erased", ada.id, "secretariat", ada.id),
        ("feed.revoked", made.id, "secretariat", ada.id),
    ]


def test_nobody_else_erases_anybody(writer: Writer, conn: Connection, ada: Actor, chair: Actor) -> None:
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: erasing.erase_person(tx, chair, str(ada.id)))
    assert people.me(conn, str(ada.id)).name == ada.name
