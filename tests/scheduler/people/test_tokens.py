from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, NotFound
from scheduler.ids import hash_secret
from scheduler.journal.following import entries_after
from scheduler.people import queries, tokens
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.tables import SignIn
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people


@pytest.fixture
def ada(writer: Writer) -> Actor:
    return writer.act_now(people.person)


@pytest.fixture
def bob(writer: Writer) -> Actor:
    return writer.act_now(lambda tx: people.person(tx, "Bob"))


def _make(writer: Writer, by: Actor, person: Actor, **how: object) -> str:
    return writer.act_now(lambda tx: tokens.make(tx, by, str(person.id), **how))  # type: ignore[arg-type]  # -- its own


def test_a_token_signs_her_in_and_only_its_hash_is_kept(
    writer: Writer, conn: Connection, clock: SettableClock, ada: Actor
) -> None:
    secret = _make(writer, OPERATOR, ada)

    (kept,) = conn.all(select(table(SignIn)))
    assert secret not in str(kept)
    assert queries.sign_in(conn, hash_secret(secret), clock.now()) == (kept[0], ada.id, "token", None)
    (entry,) = entries_after(conn, 0, 10)
    assert (entry.kind, entry.subject_id, entry.audience.public, entry.audience.person) == (
        "sign-in.made",
        kept[0],
        False,
        ada.id,
    )
    assert secret not in str(entry)


def test_a_sign_in_ends_at_its_time(writer: Writer, conn: Connection, clock: SettableClock, ada: Actor) -> None:
    secret = _make(writer, ada, ada, kind="browser", expires_at=clock.now() + timedelta(hours=1))
    assert [view.kind for view in queries.sign_ins(conn, str(ada.id), clock.now())] == ["browser"]

    clock.advance(3600)

    assert queries.sign_in(conn, hash_secret(secret), clock.now()) is None
    assert queries.sign_ins(conn, str(ada.id), clock.now()) == []


def test_nobody_makes_a_token_for_another(writer: Writer, ada: Actor, bob: Actor) -> None:
    with pytest.raises(Forbidden):
        _make(writer, bob, ada)


def test_a_token_is_made_for_an_address_in_whatever_case(
    writer: Writer, conn: Connection, clock: SettableClock, ada: Actor
) -> None:
    email = str(queries.me(conn, str(ada.id)).email)

    secret = writer.act_now(lambda tx: tokens.make_for_address(tx, OPERATOR, email.upper()))

    found = queries.sign_in(conn, hash_secret(secret), clock.now())
    assert found is not None
    assert found[1] == ada.id


def test_an_address_that_nobody_has_is_not_found(writer: Writer) -> None:
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: tokens.make_for_address(tx, OPERATOR, "nobody@example.org"))


def test_she_ends_her_own_sign_ins_one_by_one(
    writer: Writer, conn: Connection, clock: SettableClock, ada: Actor
) -> None:
    _make(writer, ada, ada)
    clock.advance(1)
    _make(writer, ada, ada)
    first, second = queries.sign_ins(conn, str(ada.id), clock.now())

    writer.act_now(lambda tx: tokens.end(tx, ada, first.id))

    assert queries.sign_ins(conn, str(ada.id), clock.now()) == [second]
    entry = entries_after(conn, 0, 10)[-1]
    assert (entry.kind, entry.subject_id, entry.audience.person) == ("sign-in.ended", first.id, ada.id)


def test_she_has_no_sign_in_of_somebody_else(
    writer: Writer, conn: Connection, clock: SettableClock, ada: Actor, bob: Actor
) -> None:
    _make(writer, ada, ada)
    (hers,) = queries.sign_ins(conn, str(ada.id), clock.now())

    with pytest.raises(NotFound):
        writer.act_now(lambda tx: tokens.end(tx, bob, hers.id))
    assert queries.sign_ins(conn, str(ada.id), clock.now()) == [hers]


def test_last_use_is_noted_without_a_journal_entry(
    writer: Writer, conn: Connection, clock: SettableClock, ada: Actor
) -> None:
    _make(writer, ada, ada)
    (hers,) = queries.sign_ins(conn, str(ada.id), clock.now())
    clock.advance(60)

    writer.act_now(lambda tx: tokens.note_seen(tx, {hers.id: clock.now(), "ended meanwhile": clock.now()}))

    assert [view.last_seen_at for view in queries.sign_ins(conn, str(ada.id), clock.now())] == [clock.now()]
    assert [entry.kind for entry in entries_after(conn, 0, 10)] == ["sign-in.made"]
