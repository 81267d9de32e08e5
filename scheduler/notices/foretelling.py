"""Writing down what a look at a meeting that sits has found: who is told what, who is asked, whose entry moves."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from scheduler.clock.zones import rfc3339
from scheduler.floor.folding import version_of
from scheduler.journal.entries import CLOCK, Audience, append
from scheduler.lists.tables import Inscription
from scheduler.notices import audience
from scheduler.notices.entries_moved import is_news, may_move, waits
from scheduler.notices.holders import Holder
from scheduler.notices.reminders import remindings, soon_key, told_at
from scheduler.notices.reminding import GONE
from scheduler.notices.tables import Foretold, Watched
from scheduler.notices.telling import Terms
from scheduler.notices.turn_rules import Saying, Told
from scheduler.notices.watching import Look
from scheduler.outbox.actions import plan
from scheduler.outbox.tables import Due
from scheduler.outbox.views import PlannedDue
from scheduler.programme.records import next_numbers
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared
from scheduler.storage.versions import shown_after
from scheduler.storage.writer import Tx

LATEST = timedelta(seconds=90)
"""How long after its cause news of a turn is sent: it is there within two minutes, also by a slow mail server."""

SITTING = ("in_progress", "suspended")

_w, _d = table(Watched).c, table(Due).c
_SINCE = Prepared(select(_w.version, _w.looked_at).where(_w.id == bindparam("meeting")))
_END = Prepared(delete(table(Watched)).where(_w.id == bindparam("meeting")))
_REMINDED = Prepared(
    select(_d.due_key, _d.status, _d.last_error).where(_d.meeting_id == bindparam("meeting"), _d.rule == "slot-soon")
)
_new = insert(table(Foretold)).values({c.name: bindparam(c.name) for c in table(Foretold).c})
_TELL = Prepared(
    _new.on_conflict_do_update(
        index_elements=["id"], set_={c.name: _new.excluded[c.name] for c in table(Foretold).c if c.name != "id"}
    )
)


def write(tx: Tx, found: Look, terms: Terms) -> bool:
    """Writes a look down; False where somebody else has looked since it began, so that it is made anew."""
    since = found.since
    row = tx.conn.first(_SINCE, meeting=since.meeting)
    if row is None or (row[0], row[1]) != (since.version, since.looked_at):
        return False
    _tell(tx, found, terms)
    if version_of(tx.conn, since.meeting) == found.here.floor.version:
        _ask(tx, found, terms)
    waiting = _move_entries(tx, found)
    if found.here.floor.status not in SITTING and not waiting:
        tx.conn.run(_END, meeting=since.meeting)
        return True
    tx.conn.update(
        Watched,
        since.meeting,
        version=found.here.floor.version,
        looked_at=found.at,
        warned=since.warned or found.warned_at is not None,
    )
    return True


def _tell(tx: Tx, found: Look, terms: Terms) -> None:
    rows = [row for saying in found.sayings for row in _letter(found, saying)]
    rows += [*_reminders(tx.conn, found), *_warnings(tx.conn, found)]
    if rows:
        plan(tx, rows, terms.host)
    tx.conn.run_many(_TELL, [_foretold(found, slot, told) for slot, told in found.told.items()])


def _foretold(found: Look, slot: str, told: Told) -> dict[str, object]:
    return {
        "id": slot,
        "meeting_id": found.since.meeting,
        "person_id": found.here.floor.turns[slot].speaker,
        "expected_at": told.expected_at,
        "carried": told.carried,
        "times": told.times,
        "near": told.near,
        "next": told.next,
    }


def _letter(found: Look, saying: Saying) -> Iterator[PlannedDue]:
    """Nothing where quiet hours hold it beyond her turn."""
    wishes, meeting = found.hearers[saying.person].wishes, found.since.meeting
    at = told_at(saying.cause, saying.expected_at, wishes)
    held = at > saying.cause
    if held and at >= saying.earliest_at:
        return
    yield PlannedDue(
        due_key=f"{saying.rule}/{saying.person}/{meeting}/{saying.slot}/{saying.revision}/mail",
        rule=saying.rule,
        channel="mail",
        subject_type="slot",
        subject_id=saying.slot,
        due_at=at,
        useless_at=saying.earliest_at if held else saying.cause + LATEST,
        person_id=saying.person,
        meeting_id=meeting,
        data={"was": rfc3339(saying.was)},
    )


def _reminders(conn: Connection, found: Look) -> Iterator[PlannedDue]:
    """`slot-soon`, at each of her lead times before the earliest moment at which she may be called."""
    rows = {row.due_key: row for row in _soon(found)}
    if not rows:
        return
    known = {key: (status, error) for key, status, error in conn.all(_REMINDED, meeting=found.since.meeting)}
    yield from (row for key, row in rows.items() if known.get(key, ("dropped", GONE)) == ("dropped", GONE))


def _soon(found: Look) -> Iterator[PlannedDue]:
    opened_at = found.here.floor.opened_at or found.at
    for slot, of in found.outlooks.items():
        hearer, holder = found.hearers.get(of.person), found.holders.get(slot)
        if hearer is None or holder is None:
            continue
        earliest = of.expected.earliest_start.replace(microsecond=0)
        for each in remindings(earliest, hearer.wishes, own=True):
            if opened_at <= each.due_at <= found.at < each.useless_at:
                yield _reminder(holder, each.minutes, each.due_at, each.useless_at)


def _reminder(holder: Holder, minutes: int, due_at: datetime, useless_at: datetime) -> PlannedDue:
    # Its key is that of the plan: what she was reminded of before the opening is not told again.
    return PlannedDue(
        due_key=soon_key("slot-soon", holder.person, holder.inscription, holder.planned_at, minutes),
        rule="slot-soon",
        channel="mail",
        subject_type="inscription",
        subject_id=holder.inscription,
        due_at=due_at,
        useless_at=useless_at,
        person_id=holder.person,
        meeting_id=holder.meeting,
        data={"starts_at": rfc3339(holder.planned_at)},
    )


def _warnings(conn: Connection, found: Look) -> Iterator[PlannedDue]:
    """`remote-minutes`, to the session's chairs and secretariat, once a meeting."""
    if found.warned_at is None:
        return
    session, meeting = found.here.session, found.since.meeting
    for person in audience.runners(conn, session.id, session.body_id):
        yield PlannedDue(
            due_key=f"remote-minutes/{person}/{meeting}/mail",
            rule="remote-minutes",
            channel="mail",
            subject_type="meeting",
            subject_id=meeting,
            due_at=found.warned_at,
            useless_at=found.warned_at + LATEST,
            person_id=person,
            meeting_id=meeting,
        )


def _ask(tx: Tx, found: Look, terms: Terms) -> None:
    """Asks who is near whether her link works: an event of the floor, and a mail."""
    meeting, rows = found.since.meeting, []
    numbers = next_numbers(tx.conn, meeting, len(found.asked)) if found.asked else ()
    for slot, number in zip(found.asked, numbers, strict=True):
        holder = found.holders[slot]
        tx.conn.update(Inscription, holder.inscription, asked_ready_at=tx.now)
        append(
            tx, "inscription.asked_ready", ("inscription", holder.inscription), CLOCK,
            _audience(found, holder, public=True), meeting_number=number,
            floor={"command": "ask_ready", "slot": slot}, slot=slot,
        )  # fmt: skip
        if holder.person in found.hearers:
            rows.append(
                PlannedDue(
                    due_key=f"ready-asked/{holder.person}/{meeting}/{slot}/mail",
                    rule="ready-asked",
                    channel="mail",
                    subject_type="slot",
                    subject_id=slot,
                    due_at=tx.now,
                    useless_at=tx.now + LATEST,
                    person_id=holder.person,
                    meeting_id=meeting,
                )
            )
    if rows:
        plan(tx, rows, terms.host)


def _move_entries(tx: Tx, found: Look) -> bool:
    """Lets calendar entries follow; whether one must wait that is to say when a turn was."""
    shown = {slot: (found.holders[slot], each) for slot, each in found.happenings.items() if slot in found.holders}
    left = []
    for holder, happening in shown.values():
        if not is_news(holder.shown, happening, holder.threshold):
            continue
        if not may_move(holder.shown, tx.now):
            left.append((holder.shown, happening))
            continue
        tx.conn.update(
            Inscription,
            holder.inscription,
            foreseen_start=happening.starts_at,
            foreseen_seconds=happening.seconds,
            foreseen_at=tx.now,
            sequence=holder.sequence + 1,
            shown_at=shown_after(tx.now, holder.shown_at),
        )
        append(
            tx, "inscription.foreseen", ("inscription", holder.inscription), CLOCK, _audience(found, holder),
        )  # fmt: skip
    return waits(left)


def _audience(found: Look, holder: Holder, *, public: bool = False) -> Audience:
    of = found.here.session.audience(found.since.meeting, public=public)
    return Audience(of.public, of.body, of.session, of.meeting, holder.organisation, holder.person)
