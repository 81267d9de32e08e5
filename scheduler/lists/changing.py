"""Changing an inscription: how and in what she speaks, about what, for whom, and who reads it in her place."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import Author, append
from scheduler.lists import offering
from scheduler.lists.inscription_queries import inscription_view, known_inscription, one_inscription
from scheduler.lists.numbered import numbered
from scheduler.lists.place import Place, Row, Rows, list_
from scheduler.lists.queries import inscription, slot
from scheduler.lists.remote_minutes import spend_remote
from scheduler.lists.rules import LIVE, Claim, Reserve, check_mode, check_reserve, group_as_known
from scheduler.lists.tables import Inscription
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection
from scheduler.storage.versions import check_version, differing, shown_after
from scheduler.storage.writer import Tx

CHANGEABLE = frozenset({"mode", "language", "topic", "on_behalf_of", "delivered_by", "seconds_requested"})
_SEEN_BY_ALL = frozenset({"mode", "language", "on_behalf_of"})
_IN_CALENDARS = frozenset({"mode", "topic", "delivered_by"})

_OFFER = Rows(
    select(
        list_.c.modes, slot.c.seconds, slot.c.reserved_category, slot.c.reserved_mode, slot.c.reserved_organisation_id
    )
    .select_from(
        inscription.join(list_, list_.c.id == inscription.c.list_id).outerjoin(
            slot, slot.c.inscription_id == inscription.c.id
        )
    )
    .where(inscription.c.id == bindparam("inscription"))
)


def change(
    tx: Tx, actor: Actor, inscription_id: str, changes: Mapping[str, Any], expected_version: int | None = None
) -> InscriptionView:
    """Changes what is in `changes` (of CHANGEABLE). Whoever may act for the speaker may; the list may be closed.

    Raises:
        NotFound, Forbidden: there is no such inscription that she may know of; she may not.
        ModeNotOffered: the list, the meeting or the slot does not take the new mode.
        NotAllowedNow: it is withdrawn or over, or the meeting is.
        RemoteBudgetExceeded, VersionConflict: too few remote minutes are left; somebody was first.
    """
    reader = Reader(actor)
    row, place = known_inscription(tx.conn, reader, inscription_id)
    by = Author(actor.id, require(actor, Act.SPEAK, place.scopes(row["organisation_id"], row["person_id"])))
    values = {name: changes[name] for name in CHANGEABLE & changes.keys()}
    if "on_behalf_of" in values:
        values["on_behalf_of"] = group_as_known(values["on_behalf_of"], row["organisation_groups"] or ())
    changed = differing(row, values)
    offer = _offer(tx.conn, row, place, changed)
    place.check_alive()
    if row["status"] not in LIVE:
        raise NotAllowedNow(f"This inscription is {row['status']}; it cannot be changed any more.", allowed=[])
    check_version(expected_version, row["version"], lambda: one_inscription(tx.conn, reader, inscription_id))
    if not changed:
        return inscription_view(row, place, full=True)
    if offer is not None:
        _count_minutes(tx.conn, place, row["mode"], changed["mode"], offer["seconds"] or 0)
    changed_view = _write(tx, by, place, row, changed)
    if offer is not None:
        # In another mode she may leave remote minutes to somebody who waits for them.
        offering.catch_up_meetings(tx, [place.meeting])
    return changed_view


def _offer(conn: Connection, row: Row, place: Place, changed: Row) -> Row | None:
    """The slot's side of a new mode, None where the mode stays. Raises ModeNotOffered."""
    if "mode" not in changed:
        return None
    offer = _OFFER.all(conn, inscription=row["id"])[0]
    check_mode(changed["mode"], offer["modes"], place.format)
    # She holds the slot already: only its mode can still be against her.
    check_reserve(Reserve(mode=offer["reserved_mode"]), Claim(None, None, changed["mode"]))
    return offer


def _count_minutes(conn: Connection, place: Place, before: str, after: str, seconds: int) -> None:
    taken = seconds * ((after == "remote") - (before == "remote"))
    if taken:
        spend_remote(conn, place.meeting, taken)


def _write(tx: Tx, by: Author, place: Place, row: Row, changed: Row) -> InscriptionView:
    new = {**changed, "version": row["version"] + 1}
    if _IN_CALENDARS & changed.keys():
        new["shown_at"] = shown_after(tx.now, row["shown_at"])
        new["sequence"] = row["sequence"] + ("mode" in changed)
    tx.conn.update(Inscription, row["id"], **new)
    public = row["status"] == "allotted" and bool(_SEEN_BY_ALL & changed.keys())
    subject, who = ("inscription", row["id"]), (row["organisation_id"], row["person_id"])
    told = {"list": row["list_id"], "slot": row["slot_id"]}
    if "delivered_by" in changed:
        append(tx, "inscription.substituted", subject, by, place.audience(*who, public=False), **told)
    others = sorted(changed.keys() - {"delivered_by"})
    if others:
        if "mode" in changed and row["status"] == "allotted":
            told |= numbered(tx, place, "change", row["slot_id"])
        append(tx, "inscription.changed", subject, by, place.audience(*who, public=public), **told, fields=others)
    return inscription_view(row | new, place, full=True)
