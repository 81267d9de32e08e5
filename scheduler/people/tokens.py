"""Sign-ins: bearer tokens and browsers. The secret is told once; its SHA-256 is kept."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from scheduler.errors import NotFound
from scheduler.ids import hash_secret, is_id, new_id, new_secret
from scheduler.journal.entries import Audience, Author, append
from scheduler.people import queries
from scheduler.people.permission import Act, Actor, Scopes, require
from scheduler.people.tables import SignIn
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

_s = table(SignIn).c
_OWNER = Prepared(select(_s.person_id).where(_s.id == bindparam("sign_in")))
_OF_PERSON = Prepared(select(_s.id).where(_s.person_id == bindparam("person")).order_by(_s.created_at, _s.id))
_END = Prepared(delete(table(SignIn)).where(_s.id == bindparam("sign_in")))
_SEEN = Prepared(
    update(table(SignIn))
    .where(_s.id == bindparam("sign_in"))
    .values(last_seen_at=bindparam("seen_at", type_=Instant()))
)


def make(
    tx: Tx,
    actor: Actor,
    person: str,
    kind: str = "token",
    expires_at: datetime | None = None,
) -> str:
    """Signs a person in and returns the secret, which is told only here. Herself or the secretariat may.

    `kind` is `token` or `browser`; `expires_at` an aware instant, None: it holds until it is ended.

    Raises:
        NotFound: there is no such person, or she is erased.
        Forbidden: she is somebody else.
    """
    found = queries.person_view(tx.conn, person)
    if found.erased:
        raise NotFound("There is no such person.")
    role = "participant" if actor.id == person else require(actor, Act.RUN_SERVICE, Scopes())
    secret, id_ = new_secret(), new_id()
    tx.conn.insert(
        SignIn,
        id=id_,
        person_id=person,
        kind=kind,
        secret_hash=hash_secret(secret),
        created_at=tx.now.replace(microsecond=0),
        expires_at=expires_at,
    )
    append(tx, "sign-in.made", ("sign-in", id_), Author(actor.id, role), Audience(person=person))
    return secret


def make_for_address(tx: Tx, actor: Actor, email: str) -> str:
    """A bearer token for whoever has this e-mail address.

    Raises:
        NotFound: nobody has.
        Forbidden: as `make`.
    """
    person = queries.by_address(tx.conn, email)
    if person is None:
        raise NotFound("Nobody has this e-mail address. Add the person first.")
    return make(tx, actor, person)


def end(tx: Tx, actor: Actor, sign_in: str) -> None:
    """Ends one of her own sign-ins. Raises NotFound, also for another's."""
    row = tx.conn.first(_OWNER, sign_in=sign_in) if is_id(sign_in) else None
    if row is None or row[0] != actor.id:
        raise NotFound("You have no such sign-in.")
    _end(tx, sign_in, row[0], Author(actor.id, "participant"))


def end_all(tx: Tx, person: str, by: Author) -> None:
    """Ends every sign-in of a person, as part of an act that has asked permission."""
    for (sign_in,) in tx.conn.all(_OF_PERSON, person=person):
        _end(tx, sign_in, person, by)


def note_seen(tx: Tx, seen: Mapping[str, datetime]) -> None:
    """Writes when sign-ins were last used, without a journal entry: it tells of no change."""
    tx.conn.run_many(
        _SEEN, [{"sign_in": sign_in, "seen_at": moment.replace(microsecond=0)} for sign_in, moment in seen.items()]
    )


def _end(tx: Tx, sign_in: str, person: str, by: Author) -> None:
    tx.conn.run(_END, sign_in=sign_in)
    append(tx, "sign-in.ended", ("sign-in", sign_in), by, Audience(person=person))
