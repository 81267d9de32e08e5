"""The consultation of 13 June 2022: sixty people of eight categories in 25 zones, 150 minutes, 30 of them remote.

`python -m tests.stories.allocation` prints what each policy would give them, and why.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, select

from scheduler.accreditation import actions as accreditation
from scheduler.allocation import actions
from scheduler.allocation.actions import Wanted
from scheduler.allocation.policies import POLICIES
from scheduler.allocation.views import AllocationView, AllottedSlot
from scheduler.clock.civil import view
from scheduler.clock.now import SettableClock
from scheduler.demo.fill import fill
from scheduler.journal.entries import JournalLedger
from scheduler.lists import drawing_up, inscribing, opening
from scheduler.lists.inscribing import Request
from scheduler.lists.particulars import NewList
from scheduler.people import organisations, persons, queries
from scheduler.people.organisations import NewOrganisation
from scheduler.people.permission import OPERATOR
from scheduler.people.persons import NewPerson
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.engine import database
from scheduler.storage.migrate import migrate
from scheduler.storage.writer import Tx, Writer

BUDGET, REMOTE, GAP = 9_000, 1_800, 10
SEED = "spring rain"
ASKERS = {
    "regional_group": 3, "member_state": 22, "observer_state": 3, "igo": 4, "un_entity": 4, "ngo_ecosoc": 10, "ngo": 8,
    "academia": 6,
}  # fmt: skip
ZONES = (
    "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Chicago", "America/Costa_Rica",
    "America/Los_Angeles", "America/New_York", "America/Santiago", "America/Sao_Paulo", "Asia/Dhaka", "Asia/Dubai",
    "Asia/Jakarta", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Seoul", "Asia/Shanghai", "Asia/Tehran", "Asia/Tokyo",
    "Australia/Sydney", "Europe/London", "Europe/Moscow", "Pacific/Apia", "Pacific/Auckland", "Pacific/Fiji",
)  # fmt: skip
LIMITS = {"seconds_default": 240, "seconds_by_category": {"regional_group": 300, "ngo": 180, "academia": 180}}
STEPS = [
    {"seconds_default": 180, "seconds_by_category": {"regional_group": 240, "ngo": 120, "academia": 120}},
    {"seconds_default": 120, "seconds_by_category": {"regional_group": 180, "ngo": 90, "academia": 90}},
]
_c2 = table(Session).c.code == "ahc-c2"
_MEETING = Prepared(
    select(table(Meeting).c.id, table(Meeting).c.session_id)
    .select_from(table(Meeting).join(table(Session), table(Session).c.id == table(Meeting).c.session_id))
    .where(_c2, table(Meeting).c.date == "2022-06-13", table(Meeting).c.start == bindparam("start"))
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody on the list."""

    name: str
    category: str
    timezone: str
    mode: str


@dataclass(frozen=True, slots=True)
class Consultation:
    """The list, and who is on it by inscription."""

    writer: Writer
    list: str
    askers: dict[str, Asker]

    def looked_at(self, policy: str) -> AllocationView:
        """What a policy would give."""
        wanted = Wanted(SEED, policy, BUDGET)
        return self.writer.act_now(lambda tx: actions.preview(tx.conn, OPERATOR, self.list, wanted, tx.now))

    def allotted(self, policy: str) -> AllocationView:
        """What it gives."""
        wanted = Wanted(SEED, policy, BUDGET)
        return self.writer.act_now(lambda tx: actions.allocate(tx, OPERATOR, self.list, wanted), alone=True)


@contextmanager
def consultation(url: str) -> Iterator[Consultation]:
    """In a migrated database the demonstration's programme, and its consultation with a list of sixty people."""
    clock = SettableClock(datetime(2022, 6, 6, 8, tzinfo=UTC))
    writer = Writer(database(url), clock, JournalLedger())
    try:
        writer.act_now(fill)
        meeting, session = writer.act_now(lambda tx: tx.conn.all(_MEETING, start="10:00")[0])
        list_id = writer.act_now(lambda tx: _list(tx, meeting))
        askers = {}
        for number, asker in enumerate(_askers()):
            clock.set(clock.now() + timedelta(minutes=7))
            askers[writer.act_now(partial(_inscribed, on=(session, list_id), asker=asker, number=number))] = asker
        yield Consultation(writer, list_id, askers)
    finally:
        writer.close()


def lines(held: Consultation, policy: str, found: AllocationView) -> Iterator[str]:
    """What a policy gives, for people to read."""
    totals, gaps = found.totals, GAP * max(0, len(found.slots) - 1)
    used = totals.seconds + gaps
    yield f"== {policy}: {len(found.slots)} of {len(held.askers)} speak"
    yield (
        f"   {totals.seconds} s of turns + {gaps} s between them = {used} of {totals.budget_seconds} s; "
        f"remote {totals.remote_seconds} of {REMOTE} s"
    )
    for slot, reason in zip(found.slots, found.reasons, strict=True):
        asker = held.askers[reason.inscription]
        yield f"{slot.position:>4} {_hours(slot, asker)}  {_who(asker)}"
        figures = f"asked {reason.seconds_asked or 'any'}, given {reason.seconds_given}"
        yield f"     {figures} [{reason.rule}] {reason.reason}"
    for left in found.left_out:
        yield f"   - left out: {_who(held.askers[left.inscription])}"
        yield f"     [{left.rule}] {left.reason}"
    yield ""


def _askers() -> list[Asker]:
    dice = random.Random(13)  # noqa: S311  -- the same people every time
    categories = [category for category, count in ASKERS.items() for _ in range(count)]
    dice.shuffle(categories)
    modes = ["remote"] * 20 + ["video"] * 4 + ["in_person"] * 36
    dice.shuffle(modes)
    return [
        Asker(f"Speaker {number:02}", category, ZONES[number % len(ZONES)], mode)
        for number, (category, mode) in enumerate(zip(categories, modes, strict=True), 1)
    ]


def _list(tx: Tx, meeting: str) -> str:
    options = {"order": [], "steps": STEPS}
    new = NewList("Item 1: statements", "queue", gap_seconds=GAP, policy_options=options, **LIMITS)  # type: ignore[arg-type]  # -- two kinds of values in one literal
    made = drawing_up.add(tx, OPERATOR, meeting, new)
    opening.open_list(tx, OPERATOR, made.id)
    return made.id


def _inscribed(tx: Tx, on: tuple[str, str], asker: Asker, number: int) -> str:
    session, list_id = on
    groups = ("Friends of the Convention",) if asker.category == "member_state" else ()
    of = organisations.add(tx, OPERATOR, NewOrganisation(f"Party {number + 1:02}", asker.category, groups=groups)).id
    accreditation.ask(tx, OPERATOR, session, of, status="approved")
    email = f"speaker.{number + 1:02}@example.org"
    person = persons.add(tx, OPERATOR, NewPerson(email, asker.name, asker.timezone, organisation=of)).id
    asked = (None, 120, 180, 240, 300)[number % 5]
    behalf = groups[0] if groups and number % 11 == 0 else None
    wanted = Request(asker.mode, "en", "International cooperation", on_behalf_of=behalf, seconds_requested=asked)
    return inscribing.inscribe(tx, queries.actor(tx.conn, person), list_id, wanted).id


def _hours(slot: AllottedSlot, asker: Asker) -> str:
    hers = view(slot.starts_at, slot.ends_at, "Europe/Vienna", asker.timezone)
    venue = view(slot.starts_at, slot.ends_at, "Europe/Vienna", "Europe/Vienna")
    return f"{venue.start} Vienna, {hers.start} {asker.timezone} ({hers.civil})"


def _who(asker: Asker) -> str:
    return f"{asker.name}, {asker.category}, {asker.mode}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/rostrum.db"
        migrate(address)
        with consultation(address) as stage:
            for each in POLICIES:
                print("\n".join(lines(stage, each, stage.looked_at(each))))  # noqa: T201  -- it is there to be read
