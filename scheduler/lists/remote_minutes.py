"""A meeting's cap on remote minutes, decided by one conditional update."""

from sqlalchemy import bindparam, or_, select, update

from scheduler.errors import RemoteBudgetExceeded
from scheduler.lists.place import meeting
from scheduler.storage.connection import Connection, Prepared

TOO_FEW = "The meeting has too few remote minutes left for this. Speak in the room or by video, or ask the chair."

_UNBOOKED = Prepared(
    select(meeting.c.remote_budget_seconds - meeting.c.remote_booked_seconds).where(
        meeting.c.id == bindparam("meeting")
    )
)
_SPEND = Prepared(
    update(meeting)
    .where(
        meeting.c.id == bindparam("meeting"),
        or_(
            meeting.c.remote_budget_seconds.is_(None),
            bindparam("seconds") < 0,
            meeting.c.remote_booked_seconds + bindparam("seconds") <= meeting.c.remote_budget_seconds,
        ),
    )
    .values(remote_booked_seconds=meeting.c.remote_booked_seconds + bindparam("seconds"))
)


def remote_unbooked(conn: Connection, meeting_id: str) -> int | None:
    """The remote seconds of a meeting that nobody has booked, None where it has no cap."""
    unbooked: int | None = conn.all(_UNBOOKED, meeting=meeting_id)[0][0]
    return unbooked


def spend_remote(conn: Connection, meeting_id: str, seconds: int) -> None:
    """Takes remote minutes of a meeting, or gives them back (negative), as one conditional update.

    Raises:
        RemoteBudgetExceeded: there are not so many left under the meeting's cap.
    """
    if conn.run(_SPEND, meeting=meeting_id, seconds=seconds) == 0:
        raise RemoteBudgetExceeded(TOO_FEW)
