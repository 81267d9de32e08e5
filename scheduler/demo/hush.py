"""Making the practice consultation tells nobody.

Else each new one would write to everybody that its lists are open, and to those who have a slot from the start. They
are reminded of it in time, as everybody is.
"""

from datetime import timedelta

from sqlalchemy import bindparam, select

from scheduler.journal.following import follow
from scheduler.notices import following, planning
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import drop
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

WHY = "It was made for the demonstration, of which nobody is told."
_AT_ONCE = ("list-opens", "slot-given")
_m, _s = table(Meeting).c, table(Session).c
_MEETINGS = Prepared(
    select(_m.id)
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id))
    .where(_s.code == bindparam("session"))
)


def hush(tx: Tx, practice: str, host: str, quiet_seconds: float) -> int:
    """Lets notices catch up with what was filled in, and takes back what they would tell of a practice at once.

    `practice` is its code; `host` and `quiet_seconds` are the installation's. Returns how many letters that were.
    """
    terms = Terms(host, timedelta(seconds=quiet_seconds))
    while follow(tx, following.FOLLOWER, following.follow):
        pass
    while planning.step(tx, terms):
        pass
    meetings = tx.conn.all(_MEETINGS, session=practice)
    return sum(drop(tx, WHY, meeting_id=row[0], rules=_AT_ONCE) for row in meetings)
