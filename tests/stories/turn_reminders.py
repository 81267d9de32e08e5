"""A meeting at speed whose speakers are told of their turns, while the worker is killed twice.

`python -m tests.stories.turn_reminders [SPEAKERS]` plays it at 60 times the speed, with a worker in a process of its
own and a mail server, on each database, and prints what came of it. The test plays it on a clock that is set.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

from sqlalchemy import select

from api.app import build, close
from api.settings import read_settings
from api.web.service import Service
from scheduler.clock.zones import rfc3339
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.floor.folding import course
from scheduler.notices.stale import Scope, mark
from scheduler.outbox.rules import TOO_LATE
from scheduler.outbox.tables import Due
from scheduler.people.permission import OPERATOR
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx
from tests.makers import queueing
from tests.makers.mail_server import MailServer, mail_server
from tests.makers.speaking import STARTS_AT, Scene
from tests.stories import serving

TURNS = ("turn-near", "turn-next", "turn-moved", "turn-carried")
WITHIN = timedelta(minutes=2)
SPEED = 60
KILLED_AFTER = (12.0, 40.0)
"""Minutes after the start."""

SPOKEN = (2.6, 3.2, 4.6, 3.0, 2.2, 5.4, 3.7, 3.1, 4.1)
"""Minutes that speakers take in turn, of three that each was given."""

_MINUTE = timedelta(minutes=1)
_d = table(Due).c


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the chair's, so many minutes after the planned start."""

    minutes: float
    command: str
    slot: str | None = None


@dataclass(slots=True)
class Outcome:
    """What people were told, by rule: letters, by (rule, person) those told again, how late the latest was.

    `passed` counts letters of turns that had been called, `repeated` mails that came twice under one Message-ID.
    """

    sent: Counter[str] = field(default_factory=Counter)
    again: Counter[tuple[str, str]] = field(default_factory=Counter)
    latest: timedelta = timedelta()
    passed: int = 0
    repeated: int = 0
    too_late: int = 0

    def told(self) -> str:
        """In one line."""
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(self.sent.items()))
        return (
            f"{rules}; the latest {self.latest.total_seconds():.0f} s after its cause; {self.passed} of a turn that had"
            f" passed; {sum(self.again.values())} told twice; {self.repeated} mails came twice under one Message-ID; "
            f"{self.too_late} dropped as too late"
        )


def prepared(tx: Tx, speakers: int) -> tuple[Scene, tuple[str, ...]]:
    """The meeting and its slots in order; what is planned is known to everybody."""
    scene = queueing.scene(tx)
    slots = tuple(queueing.turn(tx, scene, f"Speaker {number}").id for number in range(1, speakers + 1))
    mark(tx, [Scope("changed", 0, scene.session)])
    return scene, slots


def script(slots: Sequence[str]) -> Iterator[Step]:
    """Opened late, most speak longer than allotted, one is not there, comes back and speaks, one call is taken back."""
    minutes, absent = 6.0, slots[5]
    yield Step(minutes, "open")
    for number, slot in enumerate((*slots[:-3], absent)):
        minutes += 0.4
        yield Step(minutes, "call", slot)
        if number == 9:  # any one: the chair meant another
            yield Step(minutes + 0.2, "undo")
            yield Step(minutes + 0.4, "call", slot)
            minutes += 0.4
        if slot == absent and number == slots.index(absent):
            minutes += 1
            yield Step(minutes, "absent")
            continue
        yield Step(minutes + 0.2, "start")
        minutes += 0.2 + SPOKEN[number % len(SPOKEN)]
        yield Step(minutes, "finish")
    yield Step(minutes + 1, "close")


def act(service: Service, scene: Scene, step: Step) -> None:
    """Does what the chair does."""
    asked = Command(step.command, slot=step.slot)
    service.writer.act_now(lambda tx: actions.run(tx, OPERATOR, scene.meeting, asked), alone=True)


def judged(conn: Connection, scene: Scene, arrived: Sequence[tuple[str, datetime]]) -> Outcome:
    """Holds the mails that arrived, by Message-ID and moment, against their causes and the floor's events."""
    outcome, first = Outcome(), dict[str, datetime]()
    for message_id, at in arrived:
        outcome.repeated += message_id in first
        first.setdefault(message_id, at)
    calls = [(event.slot, event.at) for event in course(conn, scene.meeting).events if event.command == "call"]
    told = Counter[tuple[str, str]]()
    columns = (_d.rule, _d.person_id, _d.subject_id, _d.message_id, _d.due_at, _d.status, _d.last_error)
    for rule, person, slot, message_id, due_at, status, error in conn.all(select(*columns)):
        if rule not in TURNS:
            continue
        outcome.too_late += status == "dropped" and error == TOO_LATE
        if message_id not in first:
            continue
        at = first[message_id]
        outcome.sent[rule] += 1
        # Each speaker has one turn. That it has moved is told as often as it moves.
        told[rule, person] += 1
        outcome.again[rule, person] += rule != "turn-moved" and told[rule, person] > 1
        outcome.latest = max(outcome.latest, at - due_at)
        outcome.passed += any(due_at < called <= at - timedelta(seconds=5) for of, called in calls if of == slot)
    return outcome


async def in_earnest(url: str, folder: Path, speakers: int) -> Outcome:
    """Plays it with a worker apart that is killed twice."""
    begins = STARTS_AT + 5 * _MINUTE
    async with mail_server() as mail:
        environment = serving.settings(
            url,
            folder / "var",
            ROSTRUM_SMTP_URL=f"smtp://127.0.0.1:{mail.port}",
            ROSTRUM_CLOCK=f"{rfc3339(begins)}x{SPEED}",
            ROSTRUM_WORKER="apart",
        )
        service = build(read_settings(environment))
        try:
            scene, slots = service.writer.act_now(lambda tx: prepared(tx, speakers))
            arrived = await _with_workers(service, environment, mail, scene, list(script(slots)))
            return service.reads.now(lambda conn: judged(conn, scene, arrived))
        finally:
            close(service)


async def _with_workers(
    service: Service, environment: dict[str, str], mail: MailServer, scene: Scene, steps: list[Step]
) -> list[tuple[str, datetime]]:
    arrived: list[tuple[str, datetime]] = []
    for killed_at in (*KILLED_AFTER, float("inf")):
        with serving.working(environment) as worker:
            while steps and steps[0].minutes < killed_at:
                step = steps.pop(0)
                await _wait(STARTS_AT + step.minutes * _MINUTE, mail, service, arrived)
                await asyncio.to_thread(act, service, scene, step)
            if steps:
                worker.kill()
                worker.wait()
            else:
                await _wait(service.clock.now() + 4 * _MINUTE, mail, service, arrived)
    return arrived


async def _wait(until: datetime, mail: MailServer, service: Service, arrived: list[tuple[str, datetime]]) -> None:
    """Meanwhile each mail is noted with the rehearsal's moment at which it came."""
    while True:
        for envelope in mail.got[len(arrived) :]:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            arrived.append((str(message_from_bytes(content)["Message-ID"]), service.clock.now()))
        if service.clock.now() >= until:
            return
        await asyncio.sleep(0.02)


async def _told(name: str, url: str, speakers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = await in_earnest(url, Path(folder), speakers)
    sys.stdout.write(f"{name}, {speakers} speakers, the worker killed twice: {outcome.told()}\n")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with serving.database_of_each_kind() as kinds:
        for kind, each in kinds.items():
            asyncio.run(_told(kind, each, wanted))
