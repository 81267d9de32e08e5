from datetime import timedelta

from sqlalchemy import func, select

from scheduler.clock.now import SettableClock
from scheduler.demo.fill import fill
from scheduler.demo.hush import hush
from scheduler.journal.following import follow
from scheduler.lists import opening
from scheduler.lists.tables import SpeakersList
from scheduler.notices import following, planning
from scheduler.notices.telling import Terms
from scheduler.outbox.tables import Due
from scheduler.people.permission import OPERATOR
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.writer import Tx, Writer

_d = table(Due).c


def planned(writer: Writer, status: str = "planned") -> dict[str, int]:
    """How many letters are planned, or have another status, by rule."""
    statement = select(_d.rule, func.count()).where(_d.status == status).group_by(_d.rule)
    return dict(writer.act_now(lambda tx: tx.conn.all(statement)))


def open_list(tx: Tx, code: str) -> str:
    list_, meeting, session = (table(model) for model in (SpeakersList, Meeting, Session))
    joined = list_.join(meeting, meeting.c.id == list_.c.meeting_id).join(session, session.c.id == meeting.c.session_id)
    of = select(list_.c.id).select_from(joined).where(session.c.code == code).order_by(meeting.c.number)
    row = tx.conn.first(of)
    return str(row and row[0])


def test_nobody_is_told_of_a_new_practice_before_its_reminders(writer: Writer) -> None:
    made = str(writer.act_now(fill).practice)

    taken_back = writer.act_now(lambda tx: hush(tx, made, "rostrum.test", 120))

    dropped = planned(writer, "dropped")
    assert (sorted(dropped), dropped["slot-given"], sum(dropped.values())) == (
        ["list-opens", "slot-given"],
        2,
        taken_back,
    )
    assert sorted(planned(writer)) == ["meeting-soon", "slot-soon"]


def test_who_was_not_told_is_told_when_the_list_is_opened_anew(writer: Writer, clock: SettableClock) -> None:
    made = str(writer.act_now(fill).practice)
    writer.act_now(lambda tx: hush(tx, made, "rostrum.test", 120))
    taken_back = planned(writer, "dropped")["list-opens"]
    list_id = writer.act_now(lambda tx: open_list(tx, made))
    clock.advance(60)

    writer.act_now(lambda tx: opening.close_list(tx, OPERATOR, list_id))
    clock.advance(60)
    writer.act_now(lambda tx: opening.reopen_list(tx, OPERATOR, list_id))
    while writer.act_now(lambda tx: follow(tx, following.FOLLOWER, following.follow)):
        pass
    while writer.act_now(lambda tx: planning.step(tx, Terms("rostrum.test", timedelta(minutes=2)))):
        pass

    assert planned(writer)["list-opens"] == taken_back
