"""Following the journal: who waits hears also of what became possible, or impossible, in a lower room."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from scheduler.journal.entries import Entry
from scheduler.lists import offering, offers
from scheduler.lists.place import meeting
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

FOLLOWER = "waiting"
"""The name of this follower's cursor in the journal."""

_OF_A_SESSION = frozenset(
    {"accreditation.asked", "accreditation.decided", "session.cancelled", "session.published", "session.restored"}
)
_MEETINGS = Prepared(select(meeting.c.id).where(meeting.c.session_id == bindparam("session")))


def follow(tx: Tx, entries: Sequence[Entry]) -> None:
    """Goes on with the offers of sessions where others may speak now, or where meetings take place or not.

    Whoever was erased waits no more.
    """
    sessions = {entry.audience.session for entry in entries if entry.kind in _OF_A_SESSION}
    meetings = {entry.subject_id for entry in entries if entry.kind == "meeting.changed"}
    for session in sorted(each for each in sessions if each is not None):
        meetings |= {row[0] for row in tx.conn.all(_MEETINGS, session=session)}
    for entry in entries:
        if entry.kind == "person.erased":
            for row in offers.entries_still_of(tx.conn, entry.subject_id):
                offering.leave(tx, entry.by, row, "left")
                meetings.add(row["meeting_id"])
    if meetings:
        offering.catch_up_meetings(tx, meetings)
