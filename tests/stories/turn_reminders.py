"""A meeting whose speakers are told of their turns, on a clock that is set, and how what they were told is judged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from api.web.service import Service
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
from tests.makers.speaking import Scene

TURNS = ("turn-near", "turn-next", "turn-moved", "turn-carried")
WITHIN = timedelta(minutes=2)
SPOKEN = (2.6, 3.2, 4.6, 3.0, 2.2, 5.4, 3.7, 3.1, 4.1)
"""Minutes that speakers take in turn, of three that each was given."""

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

    `passed` counts letters of turns that had been called, `repeated` mails that came twice under one Message-ID,
    `warned` those to chair and secretariat of the remote minutes.
    """

    sent: Counter[str] = field(default_factory=Counter)
    again: Counter[tuple[str, str]] = field(default_factory=Counter)
    latest: timedelta = timedelta()
    passed: int = 0
    repeated: int = 0
    too_late: int = 0
    warned: int = 0

    def told(self) -> str:
        """In one line."""
        rules = ", ".join(f"{rule} {count}" for rule, count in sorted(self.sent.items()))
        return (
            f"{rules}; the latest {self.latest.total_seconds():.0f} s after its cause; {self.passed} of a turn that had"
            f" passed; {sum(self.again.values())} told twice; {self.repeated} mails came twice under one Message-ID; "
            f"{self.too_late} dropped as too late; {self.warned} warned of the remote minutes"
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


def judged(conn: Connection, meeting: str, arrived: Sequence[tuple[str, datetime]]) -> Outcome:
    """Holds the mails that arrived, by Message-ID and moment, against their causes and the floor's events."""
    outcome, first = Outcome(), dict[str, datetime]()
    for message_id, at in arrived:
        outcome.repeated += message_id in first
        first.setdefault(message_id, at)
    events = course(conn, meeting).events
    calls = [(event.slot, event.at) for event in events if event.command == "call"]
    put_off = Counter(event.slot for event in events if event.command in {"absent", "defer"})
    told = Counter[tuple[str, str]]()
    columns = (_d.rule, _d.person_id, _d.subject_id, _d.message_id, _d.due_at, _d.status, _d.last_error)
    for rule, person, slot, message_id, due_at, status, error in conn.all(select(*columns)):
        if rule not in TURNS:
            outcome.warned += rule == "remote-minutes" and message_id in first
            continue
        outcome.too_late += status == "dropped" and error == TOO_LATE
        if message_id not in first:
            continue
        at = first[message_id]
        outcome.sent[rule] += 1
        # Each speaker has one turn, and waits anew when she is put off. That it has moved is told as often as it moves.
        told[rule, person] += 1
        outcome.again[rule, person] += rule != "turn-moved" and told[rule, person] > 1 + put_off[slot]
        outcome.latest = max(outcome.latest, at - due_at)
        outcome.passed += any(due_at < called <= at - timedelta(seconds=5) for of, called in calls if of == slot)
    return outcome
