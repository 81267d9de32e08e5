"""The chair's commands: each is one event of the floor, and the tables follow what it makes of the floor."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from scheduler.errors import Busy, Meaningless, NotAllowedNow
from scheduler.floor import carrying, replies, tables_follow
from scheduler.floor.fold import apply
from scheduler.floor.folding import moment_after, noted
from scheduler.floor.reading import Standing, after_event, seen, standing
from scheduler.floor.states import LEGAL, OPENS_BEFORE, Floor, allowed, check, moment
from scheduler.floor.turns import INTERLUDES, Event
from scheduler.floor.view import FloorView
from scheduler.floor.written import written_event, written_turn
from scheduler.journal.entries import Author, append
from scheduler.lists import swaps
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme.records import next_numbers
from scheduler.storage.versions import check_version
from scheduler.storage.writer import Tx

_NAMING = frozenset({"absent", "defer"})


@dataclass(frozen=True, slots=True)
class Command:
    """What the chair asks. What a command does not use may be there and means nothing.

    `slot` None: the first of the queue, or the one who was called. `organisation` and `person` (ids) are whom a point
    of order or a right of reply is for; `to` is `end` or `next_meeting`.
    """

    command: str
    slot: str | None = None
    seconds: int | None = None
    organisation: str | None = None
    person: str | None = None
    to: str | None = None
    carry: bool = True
    text: str | None = None
    expected_version: int | None = None


def run(tx: Tx, actor: Actor, meeting_id: str, asked: Command) -> FloorView:
    """Does a command of the chair's, as one event. The session's chair and secretariat may.

    It must be alone in its batch (`alone=True`): what acts of the same batch told the journal cannot be read yet.

    Raises:
        NotFound, Forbidden: there is no such meeting that she may know of; she may not run its floor.
        Meaningless: the slot is not of this meeting; a text, an organisation or a person that it needs is missing or
            unknown.
        NotAccredited: the organisation may not speak in this session.
        VersionConflict: somebody was first (`current`: the floor).
        NotAllowedNow: the moment does not allow it (`allowed`: what it does).
        RuntimeError: it is not alone.
    """
    tx.require_alone()
    here = standing(tx.conn, meeting_id, Reader(actor))
    by = Author(actor.id, require(actor, Act.RUN_FLOOR, here.session.scopes()))
    _check_meaning(here.floor, asked)
    if asked.command in replies.FOR_WHOM:
        replies.check(tx.conn, here.session, asked.organisation, asked.person)
    check_version(asked.expected_version, here.floor.version, lambda: seen(tx.conn, here, tx.now))
    _check_moment(here, asked.command, tx.now)
    event = _event(tx, here, asked)
    check(here.floor, event)
    return _happen(tx, by, here, event)


def _check_meaning(floor: Floor, asked: Command) -> None:
    if asked.slot is not None and asked.slot not in floor.turns:
        raise Meaningless("This meeting has no such slot. Take one of its queue.", field="slot")
    if asked.command == "announce" and not asked.text:
        raise Meaningless("Say in `text` what all who wait shall read.", field="text")
    if asked.command in replies.FOR_WHOM and asked.organisation is None:
        raise Meaningless("Say in `organisation` for which delegation it is.", field="organisation")


def _check_moment(here: Standing, command: str, now: datetime) -> None:
    if here.cancelled:
        raise NotAllowedNow("This meeting is cancelled, so nobody can be given its floor.", allowed=[])
    if command == "open" and moment(here.floor) == "not_open" and now < here.meeting.starts_at - OPENS_BEFORE:
        raise NotAllowedNow(
            "A meeting can be opened from 60 minutes before its start.",
            allowed=[other for other in LEGAL["not_open"] if other != "open"],
        )


def _event(tx: Tx, here: Standing, asked: Command) -> Event:
    """The event with all that the fold needs: the slot that is meant, a new turn."""
    floor, at = here.floor, moment_after(here.floor, tx.now)
    if asked.command not in allowed(floor):
        return Event(at, asked.command)
    if asked.command in replies.FOR_WHOM:
        whom = replies.Asked(asked.command, str(asked.organisation), asked.person, asked.seconds)
        return replies.event(tx.conn, here, at, whom)
    said: dict[str, Any] = {name: getattr(asked, name) for name in _USED.get(asked.command, ())}
    if asked.command == "call":
        said["slot"] = asked.slot or _first(floor)
    if asked.command in _NAMING:
        said["slot"] = asked.slot or _called(floor)
    if asked.command == "close":
        said["carry"] = asked.carry and here.sitting.next_meeting is not None
    if asked.command == "defer" and asked.to == "next_meeting":
        _check_goes_on(here, said["slot"])
    return Event(at, asked.command, **said)


_USED = {
    "extend": ("seconds",),
    "defer": ("to",),
    "announce": ("text",),
}


def _first(floor: Floor) -> str:
    if not floor.queue:
        raise NotAllowedNow(
            "Nobody waits any more. To call somebody who was absent or put off, name her `slot`.",
            allowed=list(allowed(floor)),
        )
    return floor.queue[0]


def _called(floor: Floor) -> str:
    if floor.current is None or floor.current.started_at is not None:
        raise Meaningless("Nobody has been called, so say in `slot` who is meant.", field="slot")
    return floor.current.slot


def _check_goes_on(here: Standing, slot: str) -> None:
    if here.sitting.next_meeting is None or here.floor.turns[slot].kind in INTERLUDES:
        raise NotAllowedNow(
            "There is no further meeting on this item to which this turn could go. Defer it to the end.",
            allowed=list(allowed(here.floor)),
        )


def _happen(tx: Tx, by: Author, here: Standing, event: Event) -> FloorView:
    number = next_numbers(tx.conn, here.meeting.id)[0]
    if number != here.floor.version + 1:
        raise Busy("Something else changed this floor at the same moment. Try again.", retry_after=1)
    after = replace(apply(here.floor, event), version=number)
    more: dict[str, Any] = {}
    if event.command == "open":
        more = {"turns": _standing_now(here.floor), "notice": noted(here.floor.notice)}
    told = tables_follow.follow(tx, here, after)
    swaps.lapse_of_slots(tx, by, {each["slot"] for each in told if each["status"] != tables_follow.BOOKED})
    if event.command == "close":
        swaps.lapse_in_meeting(tx, by, here.meeting.id)
    if carrying.undoes_close(here, event):
        carrying.bring_back(tx, by, here)
    elif event.command == "close":
        more = {"carried": carrying.carry(tx, by, here, after)}
    append(
        tx, f"floor.{event.command}", ("meeting", here.meeting.id), by, here.session.audience(here.meeting.id),
        meeting_number=number, floor=written_event(event), slots=told, **more,
    )  # fmt: skip
    replies.reach(tx, by, here, event)
    return seen(tx.conn, after_event(tx.conn, here, after), event.at)


def _standing_now(floor: Floor) -> list[dict[str, Any]]:
    """All who wait, in order: from the opening on, the journal alone tells the floor."""
    waiting = (replace(floor.turns[slot], position=position) for position, slot in enumerate(floor.queue, 1))
    return [written_turn(turn) for turn in waiting]
