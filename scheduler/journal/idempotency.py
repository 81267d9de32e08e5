"""First answers under an Idempotency-Key: kept in the transaction that made the thing, given again for 24 hours."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from scheduler.errors import Meaningless
from scheduler.journal.tables import IdempotentAnswer
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

KEPT = timedelta(hours=24)
_a = table(IdempotentAnswer).c
_FIND = Prepared(select(_a.id, _a.fingerprint, _a.body).where(among(_a.id, "keys")))
_FORGET = Prepared(delete(table(IdempotentAnswer)).where(_a.created_at <= bindparam("before", type_=Instant())))
_FORGET_ABOUT = Prepared(delete(table(IdempotentAnswer)).where(_a.body.contains(bindparam("id"))))


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request under a person's key. `fingerprint` tells it from other requests."""

    person: str
    key: str
    fingerprint: str

    @property
    def id(self) -> str:
        """What stands for the person's key."""
        return hashlib.sha256(f"{self.person}\n{self.key}".encode()).hexdigest()


def kept_answers(tx: Tx, asked: Sequence[Keyed]) -> list[bytes | Meaningless | None]:
    """The first answer under each key, None where there is none yet, a refusal where it was used for something else."""
    tx.conn.run(_FORGET, before=tx.now - KEPT)
    kept = {id_: (fingerprint, body) for id_, fingerprint, body in tx.conn.all(_FIND, keys=[each.id for each in asked])}
    return [_kept(each, kept.get(each.id)) for each in asked]


def _kept(asked: Keyed, kept: tuple[str, str] | None) -> bytes | Meaningless | None:
    if kept is None:
        return None
    if kept[0] != asked.fingerprint:
        return Meaningless("This key was used for another request. Take a fresh one.", field="Idempotency-Key")
    return kept[1].encode()


def keep_answers(tx: Tx, answers: Sequence[tuple[Keyed, bytes]]) -> None:
    """Keeps the answers; whoever calls has struck out their secrets."""
    tx.conn.insert_many(
        IdempotentAnswer,
        [
            {"id": each.id, "fingerprint": each.fingerprint, "body": body.decode(), "created_at": tx.now}
            for each, body in answers
        ],
    )


def forget_answers_about(tx: Tx, id_: str) -> None:
    """Forgets the kept answers that name this id: what they tell of a person is erased with her."""
    tx.conn.run(_FORGET_ABOUT, id=id_)
