"""Making the practice consultation tells nobody: else each new one would write to everybody that its lists are open."""

from datetime import timedelta

from sqlalchemy import bindparam, select

from scheduler.journal.following import follow
from scheduler.lists.tables import SpeakersList
from scheduler.notices import following, planning
from scheduler.notices.telling import Terms
from scheduler.outbox.actions import drop
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

WHY = "It was made for the demonstration, of which nobody is told."
_m, _s, _l = (table(model).c for model in (Meeting, Session, SpeakersList))
_LISTS = Prepared(
    select(_l.id)
    .select_from(table(SpeakersList).join(table(Meeting), _m.id == _l.meeting_id))
    .join(table(Session), _s.id == _m.session_id)
    .where(_s.code == bindparam("session"))
)


def hush(tx: Tx, practice: str, host: str, quiet_seconds: float) -> int:
    """Lets notices catch up with what was filled in, and takes back what they would tell of a practice's open lists.

    `practice` is its code; `host` and `quiet_seconds` are the installation's. Returns how many letters that were.
    """
    terms = Terms(host, timedelta(seconds=quiet_seconds))
    while follow(tx, following.FOLLOWER, following.follow):
        pass
    while planning.step(tx, terms):
        pass
    lists = tx.conn.all(_LISTS, session=practice)
    return sum(drop(tx, WHY, subject_id=row[0], rules=("list-opens",)) for row in lists)
