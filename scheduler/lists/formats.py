"""What a meeting's new format does to those who want to speak in it: nobody's way to speak is taken from her."""

from sqlalchemy import and_, bindparam, or_, select

from scheduler.errors import NotAllowedNow
from scheduler.lists.place import Rows
from scheduler.lists.queries import inscription, slot
from scheduler.lists.rules import LIVE, MODES_OF_FORMAT
from scheduler.storage.connection import Connection
from scheduler.storage.many import among

_INSCRIPTIONS = Rows(
    select(inscription.c.id, inscription.c.slot_id)
    .where(
        inscription.c.meeting_id == bindparam("meeting"),
        or_(*(inscription.c.status == status for status in sorted(LIVE))),
        among(inscription.c.mode, "modes"),
    )
    .order_by(inscription.c.created_at, inscription.c.id)
)
_KEPT = Rows(
    select(slot.c.id)
    .where(and_(slot.c.meeting_id == bindparam("meeting"), among(slot.c.reserved_mode, "modes")))
    .order_by(slot.c.starts_after, slot.c.id)
)


def require_modes_kept(conn: Connection, meeting_id: str, before: str, after: str) -> None:
    """Refuses a new format (`after`) without a mode in which somebody is to speak, or for which a slot is reserved.

    What a list offers besides is narrowed by itself: `rules.modes_offered`.

    Raises:
        NotAllowedNow: so it is (`inscriptions` and `slots`, their ids).
    """
    vanishing = sorted(set(MODES_OF_FORMAT[before]) - set(MODES_OF_FORMAT[after]))
    if not vanishing:
        return
    found = _INSCRIPTIONS.all(conn, meeting=meeting_id, modes=vanishing)
    slots = [row["slot_id"] for row in found if row["slot_id"] is not None]
    slots += [row["id"] for row in _KEPT.all(conn, meeting=meeting_id, modes=vanishing) if row["id"] not in slots]
    if found or slots:
        raise NotAllowedNow(
            f"The meeting would no longer offer {' or '.join(vanishing)}, but `inscriptions` are to speak so, or "
            "`slots` are kept for it. Change their mode or withdraw them first, and reserve the slots otherwise.",
            inscriptions=[row["id"] for row in found],
            slots=slots,
        )
