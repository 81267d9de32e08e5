"""Drawing up a list of speakers: the secretariat adds and changes it; a timed one has its slots from the start."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null, update

from scheduler.errors import AlreadyExists, Meaningless, NotAllowedNow
from scheduler.ids import new_id
from scheduler.journal.entries import Author, append
from scheduler.lists import arranging, offering
from scheduler.lists.announcing import announce, tell_turned
from scheduler.lists.particulars import NewList, check_deadlines, check_layout, columns, next_position, stands_at
from scheduler.lists.place import Place, Row, known_list, known_meeting, timing_of
from scheduler.lists.queries import STANDS, inscription, list_view
from scheduler.lists.queues import settle
from scheduler.lists.rules import Timing, next_change, status_at
from scheduler.lists.slots import packed, starts, until
from scheduler.lists.tables import SpeakersList
from scheduler.lists.views import ListView
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme.records import next_numbers
from scheduler.programme.rules import RUNNING
from scheduler.storage.connection import Connection, Prepared, UniqueTaken
from scheduler.storage.versions import check_version, differing, shown_after
from scheduler.storage.writer import Tx

_DEADLINES = frozenset({"opens_at", "closes_at"})
_LAYOUT = frozenset({"window_start", "window_end", "slot_seconds", "gap_seconds"})
_ORDER = _LAYOUT | {"window_follows", "position"}
_LIVE = inscription.c.list_id == bindparam("list"), STANDS
_ONE_EACH = Prepared(update(inscription).where(*_LIVE).values(organisation_key=inscription.c.organisation_id))
_ANY_NUMBER = Prepared(update(inscription).where(*_LIVE).values(organisation_key=null()))


def add(tx: Tx, actor: Actor, meeting_id: str, new: NewList) -> ListView:
    """Adds a list to a meeting, a timed one with its slots. The session's secretariat may.

    Raises:
        NotFound, Forbidden: there is no such meeting that she may know of; she may not.
        Meaningless, ModeNotOffered and kinds of local time: at the field named.
        OverBudget: earlier lists leave nothing of the meeting; turns of a queue that follows would have no room
            (`slots`). NotAllowedNow: it is cancelled or over. AlreadyExists: a list has this `position`.
    """
    place = known_meeting(tx.conn, Reader(actor), meeting_id)
    by = Author(actor.id, require(actor, Act.RUN_PROGRAMME, place.scopes()))
    said = {name: value for name, value in asdict(new).items() if name not in {"position", "allocation"}}
    position = new.position or next_position(tx.conn, meeting_id)
    row: Row = {"window_start": 0, "window_end": place.sitting.length}
    row |= columns(tx.conn, place, position, said, new.allocation)
    row |= {"position": position, "allocation": new.allocation}
    check_deadlines(row)
    check_layout(row)
    place.check_alive()
    _check_free(tx.conn, place, position)
    row |= {
        "id": new_id(),
        "meeting_id": meeting_id,
        "due_at": next_change(Timing(row["opens_at"], row["closes_at"]), tx.now),
        "created_at": tx.now,
        **dict.fromkeys(("shown_at", "opens_shown_at", "closes_shown_at"), tx.now.replace(microsecond=0)),
        **dict.fromkeys(("opens_sequence", "closes_sequence"), 0),
        "version": 1,
    }
    tx.conn.insert(SpeakersList, **row)
    if new.allocation == "timed":
        _add_slots(tx, place, row, row["window_start"], 1)
    settle(tx, by, place, {})
    append(tx, "list.created", ("list", row["id"]), by, place.audience(), list=row["id"])
    made = list_view(tx.conn, row["id"], tx.now)
    if made.status == "open":
        tell_turned(tx, by, place, made.id, before="pending", after=made.status)
    return made


def change(
    tx: Tx, actor: Actor, list_id: str, changes: Mapping[str, Any], expected_version: int | None = None
) -> ListView:
    """Changes what is in `changes` (fields of NewList; None is the default). The session's secretariat may.

    A timed list whose window, slot length or gap changes is laid out again: its slots keep their order and their
    holders, who are told; free ones are added or go at its end. A queue and those that follow it are planned anew.

    Raises:
        NotFound, Forbidden, Meaningless, ModeNotOffered, OverBudget: as `add`; `allocation` never changes.
        NotAllowedNow: a booked slot would have no room (`slots`), an organisation has several inscriptions and could
            have but one, an open meeting's lists keep their order, the meeting is cancelled or over.
        VersionConflict, RemoteBudgetExceeded: somebody was first; remote turns would become too long.
        AlreadyExists: another list has this `position`.
    """
    row, place = known_list(tx.conn, Reader(actor), list_id)
    by = Author(actor.id, require(actor, Act.RUN_PROGRAMME, place.scopes()))
    if changes.get("allocation", row["allocation"]) != row["allocation"]:
        raise Meaningless("A list stays queue or timed for ever. Add another list.", field="allocation")
    position = changes.get("position") or row["position"]
    values = columns(tx.conn, place, position, changes, row["allocation"]) | {"position": position}
    changed = differing(row, values)
    after = row | changed
    if _DEADLINES & changed.keys():
        check_deadlines(after)
    if (_LAYOUT | {"capacity"}) & changed.keys():
        check_layout(after)
    place.check_alive()
    if "position" in changed and place.meeting_status in RUNNING:
        raise NotAllowedNow(
            "The meeting is open, so its lists keep their order. Its chair may call any turn.", allowed=[]
        )
    check_version(expected_version, row["version"], lambda: list_view(tx.conn, list_id, tx.now))
    if "position" in changed:
        _check_free(tx.conn, place, position)
    if changed:
        announce(tx, place, row)
        _apply(tx, by, place, after, changed)
    seen = list_view(tx.conn, list_id, tx.now)
    tell_turned(tx, by, place, list_id, before=status_at(timing_of(row), tx.now), after=seen.status)
    return seen


def _apply(tx: Tx, by: Author, place: Place, after: Row, changed: Row) -> None:
    list_id = after["id"]
    if after["allocation"] == "timed" and _LAYOUT & changed.keys():
        _lay_out_again(tx, by, place, after, new_length="slot_seconds" in changed)
    if "one_per_organisation" in changed:
        _key_organisations(tx.conn, list_id, one_each=after["one_per_organisation"])
    timing = Timing(after["opens_at"], after["closes_at"])
    tx.conn.update(
        SpeakersList,
        list_id,
        **changed,
        **_shown(after, changed, tx.now),
        due_at=next_change(timing, tx.now),
        version=after["version"] + 1,
    )
    if _ORDER & changed.keys():
        settle(tx, by, place, {list_id: None})
    number = next_numbers(tx.conn, place.meeting)[0] if "position" in changed else None
    append(
        tx, "list.changed", ("list", list_id), by, place.audience(), meeting_number=number, list=list_id,
        fields=sorted(changed),
    )  # fmt: skip
    offering.catch_up_meetings(tx, [place.meeting])


def _check_free(conn: Connection, place: Place, position: int) -> None:
    if taken := stands_at(conn, place.meeting, position):
        raise AlreadyExists(f"The list {taken!r} is at position {position} already. Choose another, or move that one.")


def _shown(after: Row, changed: Row, now: datetime) -> Row:
    """What calendars go by: each of the title and the two deadlines counts by itself."""
    shown: Row = {"shown_at": shown_after(now, after["shown_at"])} if "title" in changed else {}
    for what in ("opens", "closes"):
        if changed.keys() & {f"{what}_at", f"{what}_as"}:
            shown[f"{what}_sequence"] = after[f"{what}_sequence"] + (f"{what}_at" in changed)
            shown[f"{what}_shown_at"] = shown_after(now, after[f"{what}_shown_at"])
    return shown


def _lay_out_again(tx: Tx, by: Author, place: Place, after: Row, *, new_length: bool) -> None:
    rows = arranging.rows_of(tx.conn, after["id"])
    length = {row["id"]: after["slot_seconds"] for row in rows if new_length and row["kind"] == "statement"}
    wanted = [replace(turn, seconds=length.get(turn.id, turn.seconds)) for turn in map(arranging.turn_of, rows)]
    plan = until(packed(wanted, after["window_start"], after["gap_seconds"]), after["window_end"])
    arranging.check_room(
        plan, NotAllowedNow, "The turns in `slots` would have no room any more. Move or withdraw them first."
    )
    arranging.apply(tx, by, place, rows, plan)
    first = plan.fit[-1].ends_after + after["gap_seconds"] if plan.fit else after["window_start"]
    for added in _add_slots(tx, place, after, first, max((row["position"] for row in rows), default=0) + 1):
        arranging.tell(tx, by, place, "slot.added", added | {"list_id": after["id"], "inscription_id": None})


def _add_slots(tx: Tx, place: Place, row: Row, first: int, position: int) -> list[Row]:
    """Adds free slots from `first` (seconds from the meeting's start) to the end of the list's window."""
    offsets = starts(first, row["window_end"], row["slot_seconds"], row["gap_seconds"])
    turns: list[Row] = [
        {
            "id": new_id(),
            "position": number,
            "kind": "statement",
            "title": None,
            "seconds": row["slot_seconds"],
            "starts_after": offset,
            "status": "free",
        }
        for number, offset in enumerate(offsets, position)
    ]
    arranging.insert(tx, place, row["id"], turns)
    return turns


def _key_organisations(conn: Connection, list_id: str, *, one_each: bool) -> None:
    try:
        conn.run(_ONE_EACH if one_each else _ANY_NUMBER, list=list_id)
    except UniqueTaken as taken:
        raise NotAllowedNow(
            "Some organisations have several places in this list. Let them withdraw until each has one.", allowed=[]
        ) from taken
