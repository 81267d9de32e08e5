"""Signing in by a link that is mailed: it works once, for a quarter of an hour, and only its SHA-256 is kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select

from scheduler.errors import NotFound
from scheduler.ids import hash_secret, new_id
from scheduler.outbox.actions import plan
from scheduler.outbox.views import PlannedDue
from scheduler.people import queries, tokens
from scheduler.people.tables import SignIn
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

RULE = "sign-in"
LASTS = timedelta(minutes=15)
MOST_AT_A_TIME = 5
USED = "This link has been used, or is older than 15 minutes. Ask for a new one."

_s = table(SignIn).c
_now = bindparam("now", type_=Instant())
_STANDING = Prepared(
    select(func.count()).where(_s.person_id == bindparam("person"), _s.kind == "link", _s.expires_at > _now)
)
_FORGET = Prepared(
    delete(table(SignIn)).where(_s.person_id == bindparam("person"), _s.kind == "link", _s.expires_at <= _now)
)
_TAKE = Prepared(delete(table(SignIn)).where(_s.id == bindparam("sign_in")))


def ask(tx: Tx, email: str, secret_of: Callable[[str], str], host: str, back: str | None = None) -> None:
    """Plans the mail with a link for whoever has this address; for an unknown one nothing, which nobody can tell.

    `secret_of` makes the link's secret of its id, so that the outbox holds no secret; `host` is that of Message-IDs;
    `back` is the page she came from. Nobody gets more than a few links at a time.
    """
    person = queries.by_address(tx.conn, email)
    if person is None:
        return
    tx.conn.run(_FORGET, person=person, now=tx.now)
    if tx.conn.all(_STANDING, person=person, now=tx.now)[0][0] >= MOST_AT_A_TIME:
        return
    id_, until = new_id(), (tx.now + LASTS).replace(microsecond=0)
    tx.conn.insert(
        SignIn, id=id_, person_id=person, kind="link", secret_hash=hash_secret(secret_of(id_)),
        created_at=tx.now.replace(microsecond=0), expires_at=until,
    )  # fmt: skip
    due = PlannedDue(
        due_key=f"{person}/{id_}/{RULE}/mail", rule=RULE, channel="mail", subject_type=RULE, subject_id=id_,
        due_at=tx.now, useless_at=until, person_id=person, data={"back": back} if back else {},
    )  # fmt: skip
    plan(tx, [due], host)


def use(tx: Tx, secret: str, expires_at: datetime) -> str:
    """Signs in whoever was sent this link and returns the secret of her browser's session, which lasts that long.

    Raises:
        NotFound: it was used, has lapsed, or never was.
    """
    found = queries.sign_in(tx.conn, hash_secret(secret), tx.now)
    if found is None or found[2] != "link":
        raise NotFound(USED)
    tx.conn.run(_TAKE, sign_in=found[0])
    return tokens.make(tx, queries.actor(tx.conn, found[1]), found[1], "browser", expires_at)
