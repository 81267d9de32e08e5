"""Private calendar addresses: a person makes them for herself, each with a secret told once, and revokes them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import bindparam, delete, select, update

from scheduler.errors import Forbidden, Meaningless, NotFound
from scheduler.ids import hash_secret, is_id, new_id, new_secret
from scheduler.journal.entries import Audience, Author, append
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.queries import organisation as known_organisation
from scheduler.people.reader import Reader
from scheduler.programme.records import SessionRecord, known_session
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.writer import Tx
from scheduler.subscriptions import queries
from scheduler.subscriptions.access import Memory
from scheduler.subscriptions.rules import Include, Scope, require_session, tidy_include
from scheduler.subscriptions.tables import Feed
from scheduler.subscriptions.views import FeedView

_f = table(Feed).c
_OWNER = Prepared(select(_f.person_id).where(_f.id == bindparam("feed")))
_REVOKE = Prepared(delete(table(Feed)).where(_f.id == bindparam("feed")))
_REMEMBER = Prepared(
    update(table(Feed))
    .where(_f.id == bindparam("feed"), _f.memory_turns == bindparam("turns"))
    .values(memory=bindparam("memory"), memory_turns=_f.memory_turns + 1)
)
_READ = Prepared(
    update(table(Feed))
    .where(_f.id == bindparam("feed"))
    .values(last_read_at=bindparam("at", type_=Instant()), last_read_by=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class NewFeed:
    """What a feed shall hold. `session` is a code or id, `organisation` an id (None: the one she acts for)."""

    scope: Scope
    session: str | None = None
    organisation: str | None = None
    include: tuple[Include, ...] = ()


@dataclass(frozen=True, slots=True)
class LastRead:
    """When a feed was last fetched, and by which calendar program."""

    at: datetime
    by: str


def make(tx: Tx, actor: Actor, wanted: NewFeed) -> tuple[FeedView, str]:
    """Makes a private feed of her own; the feed and its secret, which is told only here.

    `mine` is everybody's, `organisation` its focal point's, `session` everybody's who knows of the session (which
    join links are in it is decided meeting by meeting, whenever it is read), `chair` its chairs' and secretariat's.

    Raises:
        NotFound, Forbidden: there is no such session or organisation for her; the role table says no.
        Meaningless: a session or an organisation must be named, or goes with another scope only.
    """
    session = known_session(tx.conn, Reader(actor), wanted.session) if wanted.session is not None else None
    organisation = _organisation(tx.conn, actor, wanted)
    role = _role(actor, wanted.scope, session, organisation)
    require_session(wanted.scope, wanted.session)
    id_, secret = new_id(), new_secret()
    tx.conn.insert(
        Feed,
        id=id_,
        person_id=str(actor.id),
        scope=wanted.scope,
        session_id=session and session.id,
        organisation_id=organisation,
        include=tidy_include(wanted.include),
        secret_hash=hash_secret(secret),
        memory=msgspec.to_builtins(Memory(actor.language)),
        memory_turns=0,
        created_at=tx.now.replace(microsecond=0),
    )
    _journal(tx, "feed.made", id_, Author(actor.id, role))
    return queries.feed(tx.conn, id_), secret


def revoke(tx: Tx, actor: Actor, feed_id: str) -> None:
    """Revokes one of her own feeds: its address answers 404 from then on. Raises NotFound, also for another's."""
    row = tx.conn.first(_OWNER, feed=feed_id) if is_id(feed_id) else None
    if row is None or row[0] != actor.id:
        raise NotFound("You have no such feed.")
    tx.conn.run(_REVOKE, feed=feed_id)
    _journal(tx, "feed.revoked", feed_id, Author(actor.id, "participant"))


def remember(tx: Tx, feed_id: str, turns: int, memory: Memory) -> bool:
    """Keeps what a feed showed, without a journal entry; False where another reading was first (`turns` is stale)."""
    return tx.conn.run(_REMEMBER, feed=feed_id, turns=turns, memory=msgspec.to_builtins(memory)) == 1


def note_read(tx: Tx, read: Mapping[str, LastRead]) -> None:
    """Writes when feeds (by id) were last fetched, without a journal entry: it tells of no change."""
    rows = [{"feed": id_, "at": last.at.replace(microsecond=0), "by": last.by} for id_, last in read.items()]
    tx.conn.run_many(_READ, rows)


def with_reading(view: FeedView, last: LastRead | None) -> FeedView:
    """A feed with a reading that is not written yet."""
    return replace(view, last_read_at=last.at.replace(microsecond=0), last_read_by=last.by) if last else view


def _organisation(conn: Connection, actor: Actor, wanted: NewFeed) -> str | None:
    """Whose slots an organisation's feed shows. Raises Meaningless, NotFound."""
    if wanted.scope != "organisation":
        if wanted.organisation is not None:
            raise Meaningless("Only a feed of scope organisation names one.", field="organisation")
        return None
    if wanted.organisation is not None:
        return known_organisation(conn, wanted.organisation).id
    acts_for = sorted(actor.focal_organisations())
    if len(acts_for) > 1:
        raise Meaningless("You act for several organisations. Name the one of this feed.", field="organisation")
    return acts_for[0] if acts_for else actor.organisation


def _role(actor: Actor, scope: Scope, session: SessionRecord | None, organisation: str | None) -> str:
    if scope == "organisation":
        if organisation is None:
            raise Forbidden("You act for no organisation. Ask the secretariat to make you its focal point.")
        return require(actor, Act.READ_INSCRIPTION, Scopes(organisation=organisation))
    if scope == "chair" and session is not None:
        return require(actor, Act.RUN_LISTS, session.scopes())
    return "participant"


def _journal(tx: Tx, kind: str, feed_id: str, by: Author) -> None:
    append(tx, kind, ("feed", feed_id), by, Audience(person=by.person))
