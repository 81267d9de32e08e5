from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, NotFound, NotSignedIn
from scheduler.ids import new_id
from scheduler.journal.entries import CLOCK, Audience, append
from scheduler.journal.following import entries_after, follow
from scheduler.outbox.tables import Due
from scheduler.people.permission import Actor
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions import following, queries, webhooks
from scheduler.subscriptions.rules import wants
from scheduler.subscriptions.views import WebhookView
from scheduler.subscriptions.webhooks import NewWebhook
from tests.makers.speaking import Scene

URL = "https://hooks.example.org/rostrum"
NOW = datetime(2022, 5, 1, 12, tzinfo=UTC)
_d = table(Due).c
DUE = select(_d.webhook_id, _d.rule, _d.channel, _d.subject_id, _d.status, _d.data).order_by(_d.due_at, _d.due_key)

MakeWebhook = Callable[[NewWebhook], WebhookView]


@pytest.fixture
def make(writer: Writer, secretariat: Actor) -> MakeWebhook:
    return lambda wanted: writer.act_now(lambda tx: webhooks.make(tx, secretariat, wanted))


def _follow(writer: Writer) -> int:
    do = following.follower("rostrum.example")
    return writer.act_now(lambda tx: follow(tx, following.FOLLOWER, do))


def _three(tx: Tx, scene: Scene) -> None:
    append(
        tx, "meeting.moved", ("meeting", scene.meeting), CLOCK, Audience(public=True, session=scene.session), note="n"
    )
    append(
        tx, "inscription.changed", ("inscription", "i"), CLOCK, Audience(session=scene.session, person="p"), topic="t"
    )
    append(tx, "body.changed", ("body", "b"), CLOCK, Audience(public=True, body="b"))


def test_webhook_is_made_by_the_secretariat_and_read_by_it(
    conn: Connection, scene: Scene, chair: Actor, secretariat: Actor, make: MakeWebhook
) -> None:
    made = make(NewWebhook(URL, ("meeting", "slot.moved", "meeting"), "ahc-2"))

    assert made == WebhookView(made.id, URL, ("meeting", "slot.moved"), "ahc-2", "active", NOW)
    assert queries.webhooks(conn, secretariat) == [made]
    with pytest.raises(Forbidden):
        queries.webhooks(conn, chair)
    with pytest.raises(NotSignedIn):
        queries.webhooks(conn, None)


def test_nobody_else_makes_or_removes_a_webhook(
    writer: Writer, conn: Connection, chair: Actor, secretariat: Actor, make: MakeWebhook
) -> None:
    made = make(NewWebhook(URL))

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: webhooks.make(tx, chair, NewWebhook(URL)))
    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: webhooks.remove(tx, chair, made.id))
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: webhooks.remove(tx, secretariat, new_id()))
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: webhooks.make(tx, secretariat, NewWebhook(URL, session="nowhere")))
    assert queries.webhooks(conn, secretariat) == [made]


def test_webhooks_are_read_page_by_page(conn: Connection, secretariat: Actor, make: MakeWebhook) -> None:
    made = sorted((make(NewWebhook(URL)) for _ in range(3)), key=lambda webhook: webhook.id)

    first = queries.webhooks(conn, secretariat, limit=2)
    rest = queries.webhooks(conn, secretariat, after=(first[-1].created_at, first[-1].id))

    assert [*first, *rest] == made


def test_each_entry_becomes_one_thing_to_tell_with_nothing_private(
    writer: Writer, conn: Connection, scene: Scene, make: MakeWebhook
) -> None:
    _follow(writer)
    made = make(NewWebhook(URL))
    writer.act_now(lambda tx: _three(tx, scene))

    _follow(writer)
    _follow(writer)

    moved, changed, body = entries_after(conn, 0, 100)[-3:]
    told = {row[5]["data"]["id"]: row for row in conn.all(DUE)}
    assert sorted(told) == [moved.id, changed.id, body.id]
    at = "2022-05-01T12:00:00Z"
    subject = {"type": "inscription", "id": "i"}
    assert told[changed.id] == (
        made.id,
        "webhook",
        "webhook",
        "i",
        "planned",
        {
            "type": "inscription.changed",
            "timestamp": at,
            "data": {"id": changed.id, "kind": "inscription.changed", "subject": subject, "at": at},
        },
    )


def test_webhook_hears_its_kinds_and_session_alone(
    writer: Writer, conn: Connection, scene: Scene, make: MakeWebhook
) -> None:
    _follow(writer)
    by_noun = make(NewWebhook(URL, ("body", "inscription")))
    by_kind = make(NewWebhook(URL, ("meeting.moved", "body.changed"), scene.session))
    writer.act_now(lambda tx: _three(tx, scene))

    _follow(writer)

    assert sorted((row[0], row[5]["type"]) for row in conn.all(DUE)) == sorted(
        [(by_noun.id, "inscription.changed"), (by_noun.id, "body.changed"), (by_kind.id, "meeting.moved")]
    )


def test_webhook_does_not_hear_what_was_before_it_nor_of_itself(
    writer: Writer, conn: Connection, clock: SettableClock, scene: Scene, make: MakeWebhook
) -> None:
    writer.act_now(lambda tx: _three(tx, scene))
    clock.advance(60)
    make(NewWebhook(URL))

    _follow(writer)

    assert conn.all(DUE) == []


def test_removed_webhook_is_told_nothing_more(
    writer: Writer, conn: Connection, scene: Scene, secretariat: Actor, make: MakeWebhook
) -> None:
    made = make(NewWebhook(URL, ("meeting",)))
    writer.act_now(lambda tx: _three(tx, scene))
    _follow(writer)

    writer.act_now(lambda tx: webhooks.remove(tx, secretariat, made.id))
    writer.act_now(lambda tx: _three(tx, scene))
    _follow(writer)

    assert [(row[0], row[4]) for row in conn.all(DUE)] == [(made.id, "dropped")]
    with pytest.raises(NotFound):
        queries.webhook(conn, made.id)


def test_filter_of_a_webhook() -> None:
    assert wants((), None, "meeting.moved", None)
    assert wants(("meeting",), "s", "meeting.moved", "s")
    assert not wants((), "s", "meeting.moved", None)
    assert not wants(("meet", "moved", "meeting.mov"), None, "meeting.moved", "s")
