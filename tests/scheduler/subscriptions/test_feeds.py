from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.errors import Forbidden, Meaningless, NotFound
from scheduler.ids import hash_secret, new_id
from scheduler.journal.following import entries_after, last_number
from scheduler.people.permission import Actor, Grant
from scheduler.people.views import Named
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from scheduler.subscriptions import feeds, queries
from scheduler.subscriptions.access import Memory, Shown
from scheduler.subscriptions.feeds import LastRead, NewFeed
from scheduler.subscriptions.tables import Feed
from scheduler.subscriptions.views import FeedView
from tests.makers import people, places
from tests.makers.speaking import Scene
from tests.scheduler.subscriptions.conftest import MakeFeed

NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)


def test_feed_is_made_with_a_secret_that_is_not_kept(conn: Connection, ada: Actor, make_feed: MakeFeed) -> None:
    before = last_number(conn)

    made, secret = make_feed(ada, NewFeed("mine", include=("deadlines", "deadlines")))

    assert made == FeedView(made.id, "mine", None, None, ("deadlines",), NOW, None, None)
    assert len(secret) == 43
    stored = conn.all(select(table(Feed)))
    assert hash_secret(secret) in stored[0]
    assert secret not in repr(stored)
    (entry,) = entries_after(conn, before, 10)
    assert (entry.kind, entry.subject_id, entry.by.person, entry.audience.person, entry.audience.public) == (
        "feed.made",
        made.id,
        ada.id,
        ada.id,
        False,
    )


def test_feed_is_found_by_its_secret_alone(conn: Connection, ada: Actor, make_feed: MakeFeed) -> None:
    made, secret = make_feed(ada, NewFeed("mine"))

    found = queries.subscription(conn, secret)

    assert (found.id, found.person, found.scope, found.memory, found.turns) == (
        made.id,
        ada.id,
        "mine",
        Memory("en"),
        0,
    )
    for wrong in (secret[:-1], hash_secret(secret), made.id, "", "\x00", "x" * 10_000):
        with pytest.raises(NotFound):
            queries.subscription(conn, wrong)


def test_revoked_feed_is_gone(writer: Writer, conn: Connection, ada: Actor, make_feed: MakeFeed) -> None:
    made, secret = make_feed(ada, NewFeed("mine"))

    writer.act_now(lambda tx: feeds.revoke(tx, ada, made.id))

    assert conn.all(select(table(Feed).c.id)) == []
    with pytest.raises(NotFound):
        queries.subscription(conn, secret)
    assert entries_after(conn, 0, 100)[-1].kind == "feed.revoked"


def test_nobody_else_revokes_a_feed(
    writer: Writer, conn: Connection, ada: Actor, secretariat: Actor, make_feed: MakeFeed
) -> None:
    made, _ = make_feed(ada, NewFeed("mine"))

    def revoke(actor: Actor, feed: str) -> None:
        writer.act_now(lambda tx: feeds.revoke(tx, actor, feed))

    for actor, feed in ((secretariat, made.id), (ada, new_id()), (ada, "no id\x00")):
        with pytest.raises(NotFound):
            revoke(actor, feed)
    assert [each.id for each in queries.feeds(conn, str(ada.id))] == [made.id]


def test_organisations_feed_is_its_focal_points(writer: Writer, scene: Scene, ada: Actor, make_feed: MakeFeed) -> None:
    focal = writer.act_now(
        lambda tx: people.person(
            tx, "Fo Cal", organisation=None, grants=(Grant("focal_point", "organisation", ada.organisation),)
        )
    )

    made, _ = make_feed(focal, NewFeed("organisation"))

    assert made.organisation == Named(str(ada.organisation), "Organisation of Ada Example")
    for participant in (ada, replace(ada, organisation=None)):
        with pytest.raises(Forbidden):
            make_feed(participant, NewFeed("organisation"))
    with pytest.raises(NotFound):
        make_feed(focal, NewFeed("organisation", organisation=new_id()))


def test_focal_point_of_several_names_the_organisation(writer: Writer, ada: Actor, make_feed: MakeFeed) -> None:
    other = writer.act_now(people.organisation)
    grants = tuple(Grant("focal_point", "organisation", id_) for id_ in (ada.organisation, other))
    focal = writer.act_now(lambda tx: people.person(tx, "Fo Cal", grants=grants))

    with pytest.raises(Meaningless):
        make_feed(focal, NewFeed("organisation"))
    made, _ = make_feed(focal, NewFeed("organisation", organisation=other))

    assert made.organisation == Named(other, "Republic of Exampleland")


def test_chairs_feed_is_the_sessions_chairs_and_secretariats(
    scene: Scene, ada: Actor, chair: Actor, secretariat: Actor, make_feed: MakeFeed
) -> None:
    for actor in (chair, secretariat):
        assert make_feed(actor, NewFeed("chair", session=scene.session))[0].session == "ahc-2"
    with pytest.raises(Forbidden):
        make_feed(ada, NewFeed("chair", session="ahc-2"))


def test_session_is_named_where_a_feed_shows_one(ada: Actor, chair: Actor, make_feed: MakeFeed) -> None:
    for actor, scope in ((ada, "session"), (chair, "chair")):
        with pytest.raises(Meaningless):
            make_feed(actor, NewFeed(scope))  # type: ignore[arg-type]  # -- a plain text
    with pytest.raises(Meaningless):
        make_feed(ada, NewFeed("mine", organisation=ada.organisation))


def test_draft_is_no_session_to_others(writer: Writer, ada: Actor, secretariat: Actor, make_feed: MakeFeed) -> None:
    writer.act_now(lambda tx: places.session(tx, "draft", status="draft"))

    with pytest.raises(NotFound):
        make_feed(ada, NewFeed("session", session="draft"))
    assert make_feed(secretariat, NewFeed("session", session="draft"))[0].session == "draft"


def test_feeds_are_read_in_order_page_by_page(conn: Connection, ada: Actor, chair: Actor, make_feed: MakeFeed) -> None:
    make_feed(chair, NewFeed("mine"))
    made = sorted((make_feed(ada, NewFeed("mine"))[0] for _ in range(3)), key=lambda feed: feed.id)

    first = queries.feeds(conn, str(ada.id), limit=2)
    rest = queries.feeds(conn, str(ada.id), after=(first[-1].created_at, first[-1].id), limit=2)

    assert [*first, *rest] == made


def test_reading_is_written_without_an_entry(writer: Writer, conn: Connection, ada: Actor, make_feed: MakeFeed) -> None:
    made, _ = make_feed(ada, NewFeed("mine"))
    before = last_number(conn)
    last = LastRead(NOW + timedelta(hours=1, microseconds=5), "Thunderbird")

    writer.act_now(lambda tx: feeds.note_read(tx, {made.id: last, new_id(): last}))

    shown = replace(made, last_read_at=NOW + timedelta(hours=1), last_read_by="Thunderbird")
    assert queries.feeds(conn, str(ada.id)) == [shown] == [feeds.with_reading(made, last)]
    assert last_number(conn) == before


def test_memory_is_kept_by_who_read_it_last(writer: Writer, conn: Connection, ada: Actor, make_feed: MakeFeed) -> None:
    made, secret = make_feed(ada, NewFeed("mine"))
    memory = Memory("fr", since=NOW, shown={"e": Shown(withheld=True, added=3, since=NOW)})

    first = writer.act_now(lambda tx: feeds.remember(tx, made.id, 0, memory))
    second = writer.act_now(lambda tx: feeds.remember(tx, made.id, 0, Memory("es")))

    assert (first, second) == (True, False)
    assert (queries.subscription(conn, secret).memory, queries.subscription(conn, secret).turns) == (memory, 1)


def test_sessions_feed_is_everybodys(writer: Writer, scene: Scene, make_feed: MakeFeed) -> None:
    stranger = writer.act_now(lambda tx: people.person(tx, "Stran Ger"))

    made, _ = make_feed(stranger, NewFeed("session", session=scene.session))

    assert (made.scope, made.session) == ("session", "ahc-2")
