"""The sample feeds kept in tests/data/calendars; `python -m tests.calendars.goldens` writes them anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from calendars import meetings, private, programme, sessions
from calendars.feeds import attachment, feed
from scheduler.programme.events import CalendarEvent, MeetingEvent
from tests.calendars.hostile import TITLES, ZONES
from tests.makers.events import CHANGED_AT, VARIANT, deadline, meeting, slot

FOLDER = Path(__file__).parents[1] / "data" / "calendars"

JOIN = "https://join.example.org/j/1?pwd=a;b"
FRENCH, SPANISH = replace(VARIANT, language="fr"), replace(VARIANT, language="es", hers=True)


def meeting_in(zone: str, month: int, title: str) -> MeetingEvent:
    number = ZONES.index(zone) if zone in ZONES else len(ZONES)
    starts_at = datetime(2026, month, 10 + number, 9, 30, tzinfo=UTC)
    return meeting(
        id=f"5c0d5a1e-0000-4000-8000-{month:02}{number:010}",
        timezone=zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=3),
        title=title,
    )


def programme_feed() -> bytes:
    """Ten zones in both halves of the year, one meeting in the hour that New York has twice, hostile titles."""
    events = [
        meeting_in(zone, month, TITLES[(number + month) % len(TITLES)])
        for number, zone in enumerate(ZONES)
        for month in (1, 7)
    ]
    twice = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    events += [meeting(timezone="America/New_York", starts_at=twice, ends_at=twice + timedelta(hours=2))]
    source = "https://rostrum.example.org/calendars/programme.ics"
    return feed(programme.header(None, VARIANT, CHANGED_AT, source), events, VARIANT).body


def session_feed() -> bytes:
    """In French, with deadlines; the second meeting is cancelled."""
    header = sessions.header("ahc-2", "Deuxième session", FRENCH, CHANGED_AT, "https://rostrum.example.org/s.ics?x=1")
    second = meeting(id="0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c02", title="2e séance", cancelled=True, sequence=3)
    opens, closes = deadline(), deadline(id="0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0e02", what="closes", list_id=None)
    return feed(header, [closes, second, meeting(), opens], FRENCH).body


def meeting_feed() -> bytes:
    return feed(meetings.header(meeting(), VARIANT, CHANGED_AT, None), [meeting()], VARIANT).body


def mine_feed() -> bytes:
    """In Spanish: a turn with its link, and one that she withdrew."""
    turns = [
        slot(join_url=JOIN),
        slot(id="0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0f02", cancelled=True, withdrawn=True, sequence=4, join_url=JOIN),
    ]
    return feed(private.header("mine", "", "https://rostrum.example.org/me", SPANISH, CHANGED_AT), turns, SPANISH).body


def chair_feed() -> bytes:
    events: Sequence[CalendarEvent] = [meeting(join_url=JOIN), slot(join_url=JOIN), slot(organisation=None), deadline()]
    named = [replace(event, id=f"5c0d5a1e-0000-4000-8000-{number:012}") for number, event in enumerate(events)]
    page = "https://rostrum.example.org/sessions/ahc-2"
    header = private.header("chair", "Second session", page, VARIANT, CHANGED_AT)
    return feed(header, named, VARIANT).body


def reminder() -> bytes:
    return attachment(slot(join_url=JOIN), replace(VARIANT, hers=True), "rostrum@example.org")


GOLDENS = {
    "programme.ics": programme_feed,
    "session.ics": session_feed,
    "meeting.ics": meeting_feed,
    "mine.ics": mine_feed,
    "chair.ics": chair_feed,
    "attachment.ics": reminder,
}

if __name__ == "__main__":
    for name, make in GOLDENS.items():
        (FOLDER / name).write_bytes(make())
