"""A remote speaker says that her link works, and is asked to once more where she has not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler.errors import Meaningless, NotAllowedNow
from scheduler.journal.entries import CLOCK, Author, append
from scheduler.lists.inscription_queries import known_inscription
from scheduler.lists.numbered import numbered
from scheduler.lists.place import Place, Row
from scheduler.lists.queries import inscription
from scheduler.lists.tables import Inscription
from scheduler.people.permission import OPERATOR, Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.many import among
from scheduler.storage.writer import Tx

_READY = Prepared(
    select(inscription.c.id).where(among(inscription.c.id, "inscriptions"), inscription.c.ready.is_(True))
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether she who speaks in this slot says that her link works, and when she was last asked to."""

    inscription: str
    slot: str
    ready: bool
    asked_ready_at: datetime | None


def say(tx: Tx, actor: Actor, inscription_id: str, *, ready: bool) -> Readiness:
    """Says that a remote speaker's link works, or does not. Whoever may act for her may.

    Raises:
        NotFound, Forbidden: there is no such inscription that she may know of; she may not act for it.
        Meaningless: she does not speak remotely.
        NotAllowedNow: she has no turn to come; the meeting is cancelled or over.
    """
    row, place = known_inscription(tx.conn, Reader(actor), inscription_id)
    by = Author(actor.id, require(actor, Act.SPEAK, place.scopes(row["organisation_id"], row["person_id"])))
    if row["mode"] != "remote":
        raise Meaningless("Only a remote speaker has a link that must work. Change `mode` first.", field="ready")
    place.check_alive()
    if row["status"] not in {"allotted", "absent"} or row["slot_id"] is None:
        raise NotAllowedNow(f"This inscription is {row['status']}; it has no turn to come.", allowed=[])
    if bool(row["ready"]) != ready:
        tx.conn.update(Inscription, inscription_id, ready=ready)
        _tell(tx, by, (row, place), "inscription.ready", "ready", ready=ready)
    return Readiness(inscription_id, row["slot_id"], ready, row["asked_ready_at"])


def ready_among(conn: Connection, inscriptions: Collection[str]) -> frozenset[str]:
    """Those of these inscriptions, which she may read, whose speaker says that her link works."""
    return (
        frozenset(row[0] for row in conn.all(_READY, inscriptions=sorted(inscriptions)))
        if inscriptions
        else frozenset()
    )


def ask(tx: Tx, inscription_id: str) -> bool:
    """Notes that a remote speaker who has not said that her link works was asked to; once, so whether it was now."""
    row, place = known_inscription(tx.conn, Reader(OPERATOR), inscription_id)
    if row["ready"] or row["asked_ready_at"] is not None or row["mode"] != "remote" or row["slot_id"] is None:
        return False
    at = tx.now.replace(microsecond=tx.now.microsecond // 1000 * 1000)
    tx.conn.update(Inscription, inscription_id, asked_ready_at=at)
    _tell(tx, CLOCK, (row, place), "inscription.asked_ready", "ask_ready")
    return True


def _tell(tx: Tx, by: Author, of: tuple[Row, Place], kind: str, command: str, **said: bool) -> None:
    row, place = of
    append(
        tx, kind, ("inscription", row["id"]), by, place.audience(row["organisation_id"], row["person_id"]),
        list=row["list_id"], slot=row["slot_id"], **said, **numbered(tx, place, command, row["slot_id"]),
    )  # fmt: skip
