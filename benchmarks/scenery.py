"""Databases with something in them to measure, made through the acts and the makers of the tests."""

import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from api.app import build
from api.cli import databases
from api.settings import read_settings
from api.web.service import Service
from scheduler.people.permission import OPERATOR
from scheduler.programme import meetings
from scheduler.programme.meetings import NewMeeting
from scheduler.programme.tables import Session
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Tx
from tests.makers import people, places, speaking

T = TypeVar("T")
SLOTS_A_LIST = 20
PEOPLE_AN_ORGANISATION = 10


@dataclass(frozen=True, slots=True)
class Place:
    """An installation: its settings as an environment."""

    environment: dict[str, str]

    @classmethod
    def made(cls, folder: Path, url: str | None = None, smtp: str = "") -> "Place":
        """A migrated one; on SQLite unless a URL says otherwise."""
        place = cls(
            {
                "ROSTRUM_DATA_DIR": str(folder),
                "ROSTRUM_DATABASE_URL": url or f"sqlite:///{folder / 'rostrum.db'}",
                "ROSTRUM_SMTP_URL": smtp,
                "ROSTRUM_WORKER": "apart",
            }
        )
        folder.mkdir(parents=True, exist_ok=True)
        migrate(place.environment["ROSTRUM_DATABASE_URL"])
        return place

    @property
    def whole(self) -> dict[str, str]:
        """The environment of a process there."""
        return {**os.environ, **self.environment}

    def fill(self, act: Callable[[Tx], T]) -> T:
        """Runs an act there, while no service runs."""
        return databases.act(read_settings(self.environment), act)

    def service(self) -> Service:
        """The parts of a service there, to be closed."""
        return build(read_settings(self.environment))


@dataclass(frozen=True, slots=True)
class Rush:
    """Free slots, and as many people with their tokens, each to book one."""

    slots: list[str]
    tokens: list[str]


def rush(tx: Tx, code: str, size: int) -> Rush:
    """A rush on `size` slots in lists of 20, by people of ten an organisation, in an order by lot."""
    of = places.session(tx, code)
    starts_at = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
    slots: list[str] = []
    for number in range(size // SLOTS_A_LIST):
        times = {"number": number, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
        slots += speaking.scene_in(tx, of, meeting_values=times).slots[:SLOTS_A_LIST]
    tokens: list[str] = []
    for number in range(size // PEOPLE_AN_ORGANISATION):
        organisation = people.organisation(tx, f"Organisation {number} of {code}")
        speaking.accredited(tx, str(of.session), organisation)
        names = [f"{code} {number} {place}" for place in range(PEOPLE_AN_ORGANISATION)]
        members = [people.person(tx, name, organisation=organisation) for name in names]
        tokens += [people.token(tx, each) for each in members]
    random.Random(code).shuffle(tokens)
    return Rush(slots, tokens)


def programme(tx: Tx, code: str, count: int) -> None:
    """A published session with so many meetings, two a day from 2030 on."""
    of = places.session(tx, code)
    tx.conn.update(Session, str(of.session), starts_on="2030-01-01", ends_on="2039-12-31")
    meetings.add_all(tx, OPERATOR, code, sittings(count))


def sittings(count: int) -> list[NewMeeting]:
    """So many meetings, two a day from 2030 on."""
    first, hours = date(2030, 1, 1), (("10:00", "13:00"), ("15:00", "18:00"))
    return [
        NewMeeting(
            title=f"Meeting {number + 1}",
            date=(first + timedelta(days=number // 2)).isoformat(),
            start=hours[number % 2][0],
            end=hours[number % 2][1],
            room="Plenary Hall",
            languages=["en", "fr"],
        )
        for number in range(count)
    ]


def programme_file(count: int) -> bytes:
    """A programme file with one session of so many meetings."""
    meetings_in_it = [
        {"title": each.title, "date": each.date, "start": each.start, "end": each.end, "room": each.room}
        for each in sittings(count)
    ]
    session = {
        "code": "long", "body": "body", "title": "A long session", "timezone": "Europe/Vienna",
        "starts_on": "2030-01-01", "ends_on": "2039-12-31", "kind": "session", "meetings": meetings_in_it,
    }  # fmt: skip
    return json.dumps({"bodies": [{"code": "body", "name": "A body"}], "sessions": [session]}).encode()
