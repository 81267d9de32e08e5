"""First answers under an Idempotency-Key: kept in the transaction that made the thing, given again for 24 hours."""

import hashlib
from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from scheduler.errors import Meaningless
from scheduler.journal.tables import IdempotentAnswer
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

KEPT = timedelta(hours=24)
_a = table(IdempotentAnswer).c
_FIND = Prepared(select(_a.fingerprint, _a.body, _a.created_at).where(_a.id == bindparam("key")))
_FORGET = Prepared(delete(table(IdempotentAnswer)).where(_a.created_at <= bindparam("before", type_=Instant())))
_FORGET_ABOUT = Prepared(delete(table(IdempotentAnswer)).where(_a.body.contains(bindparam("id"))))


def kept_answer(tx: Tx, person: str, key: str, fingerprint: str) -> bytes | None:
    """The first answer under this person's key, None where there is none yet.

    Raises Meaningless where the key was used for something else.
    """
    tx.conn.run(_FORGET, before=tx.now - KEPT)
    row = tx.conn.first(_FIND, key=_row_id(person, key))
    if row is None:
        return None
    if row[0] != fingerprint:
        raise Meaningless("This key was used for another request. Take a fresh one.", field="Idempotency-Key")
    return str(row[1]).encode()


def keep_answer(tx: Tx, person: str, key: str, fingerprint: str, body: bytes) -> None:
    """Keeps the answer; whoever calls has struck out its secrets."""
    tx.conn.insert(
        IdempotentAnswer,
        id=_row_id(person, key),
        fingerprint=fingerprint,
        body=body.decode(),
        created_at=tx.now,
    )


def forget_answers_about(tx: Tx, id_: str) -> None:
    """Forgets the kept answers that name this id: what they tell of a person is erased with her."""
    tx.conn.run(_FORGET_ABOUT, id=id_)


def _row_id(person: str, key: str) -> str:
    return hashlib.sha256(f"{person}\n{key}".encode()).hexdigest()
