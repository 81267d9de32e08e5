"""Fills an installation with the demonstration, through acts only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select

from scheduler.clock.zones import local, rfc3339
from scheduler.demo.mark import claim
from scheduler.lists.booking import Booking, book
from scheduler.lists.tables import Slot, SpeakersList
from scheduler.people.permission import OPERATOR
from scheduler.people.queries import by_address
from scheduler.programme.tables import Meeting, Session
from scheduler.secretariat.reading import checked, read
from scheduler.secretariat.rehearsing import load_at_once
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.writer import Tx

VENUE = "Europe/Vienna"
PEOPLE = (
    ("secretariat", "secretariat@example.org"),
    ("chair", "chair@example.org"),
    ("focal point", "focal.point@example.org"),
    ("participant", "laura.rojas@example.org"),
)
"""One person of each role, and her address in the programme file."""

_PROGRAMME = Path(__file__).parent / "programme.toml"
_SOON, _LENGTH, _STEP = timedelta(minutes=20), timedelta(hours=3), 300
_BOOKED = ("sefina.tuilagi@example.org", "focal.point@example.org")
_m, _s, _slot, _l = table(Meeting).c, table(Session).c, table(Slot).c, table(SpeakersList).c
_COMING = Prepared(
    select(func.max(_m.ends_at))
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id))
    .where(_s.code.startswith("practice-"))
)
_FREE = Prepared(
    select(_slot.id)
    .select_from(table(Slot).join(table(SpeakersList), _l.id == _slot.list_id))
    .join(table(Meeting), _m.id == _slot.meeting_id)
    .join(table(Session), _s.id == _m.session_id)
    .where(_s.code == bindparam("session"), _m.number == 1, _slot.status == "free")
    .order_by(_slot.position)
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling did, in a line, and the code of the practice consultation that it made, if any."""

    line: str
    practice: str | None


def fill(tx: Tx) -> Filled:
    """Loads the programme and, where none is to come, makes a practice consultation.

    Raises:
        NotAllowedNow: the database holds what is not the demonstration's.
    """
    claim(tx)
    programme = read(_PROGRAMME.read_bytes(), toml=True)
    report = load_at_once(tx, OPERATOR, programme)
    ends_at = tx.conn.all(_COMING)[0][0]
    organisations = [each.name for each in programme.document.organisations]
    made = None if ends_at and ends_at > tx.now else _practice(tx, organisations)
    practice = f"the practice consultation {made} was made" if made else "the practice consultation is to come"
    line = f"{report.created} created, {report.changed} changed, {report.unchanged} as they were; {practice}"
    return Filled(line, made)


def _practice(tx: Tx, organisations: list[str]) -> str:
    """Makes the consultation; its code."""
    code = f"practice-{tx.now:%Y%m%d-%H%M}"
    load_at_once(tx, OPERATOR, checked(practice(tx.now, code, organisations)))
    free = [row[0] for row in tx.conn.all(_FREE, session=code)]
    booked = [person for email in _BOOKED if (person := by_address(tx.conn, email))]
    for person, slot in zip(booked, free[::3], strict=False):
        book(tx, OPERATOR, slot, Booking(mode="remote", person=person, topic="Practice statement"))
    return code


def practice(now: datetime, code: str, organisations: list[str]) -> dict[str, Any]:
    """A consultation that starts soon after `now` (aware), in Vienna: a meeting now and one a day later."""
    step = int((now + _SOON).timestamp()) // _STEP * _STEP
    first = datetime.fromtimestamp(step, tz=now.tzinfo)
    begins = [local(first, VENUE), local(first + timedelta(days=1), VENUE)]
    opens = (now, now + timedelta(minutes=10))
    return {
        "sessions": [
            {
                "code": code,
                "body": "ahc",
                "title": "Practice consultation",
                "timezone": VENUE,
                "starts_on": begins[0].date().isoformat(),
                "ends_on": begins[1].date().isoformat(),
                "kind": "intersessional",
                "city": "Vienna",
                "venue": "A practice room",
                "description": "Not a real meeting: for trying out booking, calendars and reminders.",
                "items": [{"number": "1", "title": "Practice statements"}],
                "meetings": [_meeting(begin, at) for begin, at in zip(begins, opens, strict=True)],
                "accreditations": [{"organisation": name} for name in organisations],
            }
        ]
    }


def _meeting(begin: datetime, opens_at: datetime) -> dict[str, Any]:
    end = local(begin + _LENGTH, VENUE)
    return {
        "title": f"Practice meeting, {begin:%d %B}",
        "date": begin.date().isoformat(),
        "start": f"{begin:%H:%M}",
        "end": f"{end:%H:%M}",
        "fold": begin.fold,
        "room": "Practice room",
        "languages": ["en", "fr", "es"],
        "items": ["1"],
        "remote_budget_seconds": 1800,
        "join_url": "https://meet.example.org/practice",
        "lists": [
            {
                "title": "Practice statements",
                "item": "1",
                "slot_seconds": 180,
                "gap_seconds": 60,
                "opens_at": rfc3339(opens_at),
                "closes_at": rfc3339(begin + _LENGTH),
            }
        ],
    }
