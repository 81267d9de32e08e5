"""A remote speaker's slot from booking to withdrawal, rehearsed: her mail, her calendar and what everybody sees.

Between moments of the story the service is stopped and started again with a later ROSTRUM_CLOCK; what a worker apart
does at the others is done here, on a clock that is set to them.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.smtp import Envelope
from icalendar import Calendar

from api.app import build, close
from api.settings import read_settings
from api.worker.rounds import Rounds, channels_of
from scheduler.clock.now import SettableClock
from scheduler.clock.zones import rfc3339
from tests.makers.mail_server import MailServer, mail_server
from tests.stories import serving
from tests.stories.at_once import Wanted, ask_one

LINK = "https://video.example.org/rooms/secret"
PROGRAMME = f"""
[[bodies]]
code = "ahc"
name = "Ad Hoc Committee"

[[organisations]]
name = "Fundación Ejemplo"
category = "ngo"

[[sessions]]
code = "ahc-2"
body = "ahc"
title = "Second session"
timezone = "Europe/Vienna"
starts_on = 2022-05-30
ends_on = 2022-06-10
accreditations = [{{ organisation = "Fundación Ejemplo" }}]

[[sessions.meetings]]
number = 1
date = 2022-06-08
start = "10:00"
end = "13:00"
room = "Plenary Hall"
join_url = "{LINK}"
lists = [{{ title = "Statements", slot_seconds = 600, opens_at = "2022-06-01T08:00:00Z" }}]

[[people]]
email = "ana@example.org"
name = "Ana Pérez"
timezone = "America/Bogota"
organisation = "Fundación Ejemplo"

[[people]]
email = "office@example.org"
name = "Office"
roles = [{{ role = "secretariat" }}]
"""
SLOT_AT = datetime.fromisoformat("2022-06-08T08:30:00Z")
"""The fourth slot: 10:30 in Vienna, 03:30 in Bogotá."""

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SECONDS = 30.0

SOON = [
    "Your slot comes up: 03:30 tomorrow in Bogota (10:30 Vienna)",
    "Your slot comes up: 03:30 today in Bogota (10:30 Vienna)",
    "Your slot comes up: 03:30 today in Bogota (10:30 Vienna)",
]
"""A day, an hour and a quarter of an hour before."""

GIVEN = "Your slot: 03:30 on Wed 8 June in Bogota (10:30 Vienna)"
MOVED = "Your slot has moved: 03:30 tomorrow in Bogota (10:30 Vienna)"
BOTH_CLOCKS = """
Your clock, Bogota
  03:30
  {day}
  until 03:40

The venue, Vienna
  10:30
  {day}
  until 10:40
"""


@dataclass
class Rehearsal:
    """The installation, everybody's mail server, and the service at its present address."""

    environment: dict[str, str]
    mail: MailServer
    tokens: dict[str, str] = field(default_factory=dict)
    url: str = ""
    feed: str = ""

    @contextmanager
    def serving(self, moment: datetime, **more: str) -> Iterator[None]:
        """The service, started at this moment of the rehearsal."""
        with serving.serving(self.environment | {"ROSTRUM_CLOCK": rfc3339(moment)} | more) as self.url:
            yield

    async def worked(self, *moments: datetime) -> list[EmailMessage]:
        """What a worker does at these moments, twice at each; all letters so far."""
        clock = SettableClock(moments[0])
        settings = read_settings(self.environment)
        service = build(settings, clock)
        rounds = Rounds(service, channels_of(settings))
        try:
            for moment in moments:
                clock.set(moment)
                await rounds.run()
                await rounds.run()
        finally:
            await rounds.close()
            close(service)
        return self.letters()

    async def do(self, who: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await ask_one(Wanted(self.url, self.tokens[who], method, path, body))
        assert answer.status < 400, answer.body
        return answer.body

    def letters(self) -> list[EmailMessage]:
        """All that came in, which is to her alone."""
        assert {str(each.rcpt_tos[0]) for each in self.mail.got} <= {"ana@example.org"}
        return [_letter(each) for each in self.mail.got]

    async def events(self, path: str) -> list[Any]:
        """What is in a calendar, as anybody fetches it."""
        async with httpx.AsyncClient(base_url=f"{self.url}/calendars/") as nobody:
            answer = await nobody.get(path)
        assert answer.status_code == 200
        return [*Calendar.from_ical(answer.content).walk("VEVENT")]


def _letter(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    found = message_from_bytes(envelope.content, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def _uid(letter: EmailMessage) -> str:
    """That of the calendar entry beside a letter."""
    (file,) = (part for part in letter.iter_attachments() if part.get_filename() == "rostrum.ics")
    (event,) = Calendar.from_ical(str(file.get_content())).walk("VEVENT")
    return str(event["UID"])


def _stands(event: Any) -> tuple[str, str, int, str]:
    return str(event["STATUS"]), event["DTSTART"].dt.isoformat(), int(event["SEQUENCE"]), str(event["UID"])


def _begin(story: Rehearsal, file: Path) -> None:
    """Loads the programme and makes the tokens, by the commands."""
    file.write_text(PROGRAMME)
    loaded = serving.command(story.environment, "load", str(file))
    made = serving.command(story.environment, "token", "ana@example.org", "office@example.org")
    assert (loaded.code, made.code) == (0, 0)
    story.tokens = dict(zip(("ana", "office"), made.out.split(), strict=True))


async def _book(story: Rehearsal) -> tuple[str, str]:
    """She books the fourth slot and is told so on both clocks; the ids of the list and of her inscription."""
    (meeting,) = (await story.do("ana", "GET", "/sessions/ahc-2/meetings"))["items"]
    (speakers,) = (await story.do("ana", "GET", f"/meetings/{meeting['id']}/lists"))["items"]
    slot = (await story.do("ana", "GET", f"/lists/{speakers['id']}/slots?free=true"))["items"][3]
    booked = await story.do("ana", "POST", f"/slots/{slot['id']}/booking", {"mode": "remote"})
    made = await story.do("ana", "POST", "/me/feeds", {"scope": "mine"})
    story.feed = made["url"].partition("/calendars/")[2]

    async with asyncio.timeout(SECONDS):
        while not story.letters():  # noqa: ASYNC110  -- another process sends it
            await asyncio.sleep(0.05)
    (given,) = story.letters()
    (event,) = await story.events(story.feed)

    assert given["Subject"] == GIVEN
    assert BOTH_CLOCKS.format(day="Wed 8 June") in _text(given)
    assert _stands(event) == ("CONFIRMED", "2022-06-08T10:30:00+02:00", 0, _uid(given))
    assert event["CONFERENCE"] == LINK
    return speakers["id"], booked["id"]


async def _move(story: Rehearsal) -> None:
    """A quarter of an hour before it, the meeting is put off by a day: all that hangs on it follows."""
    (before,) = await story.events(story.feed)
    (meeting,) = (await story.do("office", "GET", "/sessions/ahc-2/meetings"))["items"]
    await story.do("office", "PATCH", f"/meetings/{meeting['id']}", {"date": "2022-06-09"})

    (mine,) = (await story.do("ana", "GET", "/me/inscriptions"))["items"]
    slot = await story.do("ana", "GET", f"/slots/{mine['slot']}")
    (after,) = await story.events(story.feed)
    moved = (await story.worked(SLOT_AT - 10 * MINUTE, SLOT_AT - 9 * MINUTE))[-1]

    assert (slot["starts_at"], slot["status"]) == ("2022-06-09T08:30:00Z", "booked")
    assert _stands(after) == ("CONFIRMED", "2022-06-09T10:30:00+02:00", 1, _stands(before)[3])
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt > before["LAST-MODIFIED"].dt
    assert BOTH_CLOCKS.format(day="tomorrow, Thu 9 June") in _text(moved)
    assert "Before: 03:30 today in Bogota (10:30 Vienna)" in _text(moved)
    assert _uid(moved) == str(after["UID"])


async def _withdraw(story: Rehearsal, speakers: str, inscription: str) -> None:
    """She withdraws: her calendar says so, and everybody sees that the slot is free."""
    (before,) = await story.events(story.feed)
    public = await story.events("sessions/ahc-2.ics?include=deadlines")
    await story.do("ana", "DELETE", f"/inscriptions/{inscription}")

    (after,) = await story.events(story.feed)
    free = (await story.do("ana", "GET", f"/lists/{speakers}/slots?free=true"))["items"]

    assert _stands(after) == ("CANCELLED", "2022-06-09T10:30:00+02:00", 2, _stands(before)[3])
    assert str(after["SUMMARY"]) == "CANCELLED: You speak: Statements – Second session"
    assert [slot["starts_at"] for slot in free].count("2022-06-09T08:30:00Z") == 1
    assert len(free) == 18
    assert await story.events("sessions/ahc-2.ics?include=deadlines") == public


async def test_a_remote_slot_is_booked_confirmed_reminded_of_moved_and_withdrawn(
    database_url: str, tmp_path: Path
) -> None:
    async with mail_server() as mail:
        mail_to = {"ROSTRUM_SMTP_URL": f"smtp://127.0.0.1:{mail.port}", "ROSTRUM_QUIET_SECONDS": "1"}
        begins = {"ROSTRUM_CLOCK": rfc3339(SLOT_AT - 3 * DAY)}
        story = Rehearsal(serving.settings(database_url, tmp_path / "var", **mail_to, **begins), mail)
        _begin(story, tmp_path / "programme.toml")
        with story.serving(SLOT_AT - 3 * DAY):
            speakers, inscription = await _book(story)
        await story.worked(*(SLOT_AT - minutes * MINUTE for minutes in (1441, 1440, 61, 60, 16, 15)))
        with story.serving(SLOT_AT - 14 * MINUTE, ROSTRUM_WORKER="apart"):
            await _move(story)
        moved_to = SLOT_AT + DAY
        await story.worked(*(moved_to - minutes * MINUTE for minutes in (1441, 1440, 61, 60, 16, 15)))
        with story.serving(moved_to - 14 * MINUTE, ROSTRUM_WORKER="apart"):
            await _withdraw(story, speakers, inscription)
        letters = await story.worked(moved_to - 10 * MINUTE, moved_to, moved_to + DAY)
    assert [letter["Subject"] for letter in letters] == [GIVEN, *SOON, MOVED, *SOON]
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)
