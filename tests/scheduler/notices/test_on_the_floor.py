from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.floor.reading import floor_now
from scheduler.journal.following import follow
from scheduler.lists.calendar import offered_turns
from scheduler.lists.queries import inscription
from scheduler.notices import following, foretelling, gathering, planning, watching
from scheduler.notices.gathering import Addresses, Pointless, Writing
from scheduler.notices.stale import Scope, mark
from scheduler.notices.tables import Watched
from scheduler.notices.telling import Terms
from scheduler.notices.turn_rules import HAS_COME
from scheduler.outbox.actions import claim, settle
from scheduler.outbox.rules import TOO_LATE
from scheduler.outbox.tables import Due
from scheduler.outbox.views import Settled
from scheduler.people.permission import Grant
from scheduler.people.reader import PUBLIC
from scheduler.people.tables import Person
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import Sat, item_in_two, sat

TERMS = Terms("rostrum.test", timedelta(minutes=2))
ADDRESSES = Addresses("https://rostrum.test", lambda _, kind: f"https://rostrum.test/unsubscribe/{kind}")
MINUTE = timedelta(minutes=1)
_d, _p = table(Due).c, table(Person).c


@dataclass
class Told:
    """A meeting that sits, and what its people are told: letters by (minute, rule, name)."""

    here: Sat
    conn: Connection
    sent: list[tuple[float, str, str]] = field(default_factory=list)
    letters: list[Writing] = field(default_factory=list)
    pointless: list[Pointless] = field(default_factory=list)

    def look(self, minutes: float | None = None) -> None:
        """Notices look, and what is due is sent."""
        writer, clock = self.here.writer, self.here.clock
        if minutes is not None:
            clock.set(STARTS_AT + minutes * MINUTE)
        while writer.act_now(lambda tx: follow(tx, following.FOLLOWER, following.follow)):
            pass
        while writer.act_now(lambda tx: planning.step(tx, TERMS)):
            pass
        for since in watching.due(self.conn, clock.now()):
            found = watching.look(self.conn, since, clock.now())
            assert writer.act_now(partial(foretelling.write, found=found, terms=TERMS))
        claimed = writer.act_now(claim)
        results = []
        for each in gathering.gather(self.conn, claimed, clock.now(), ADDRESSES):
            if isinstance(each, Pointless):
                self.pointless.append(each)
                results.append(Settled(each.due, "dropped", each.why))
            else:
                results.append(Settled(each.due, "sent"))
                self.letters.append(each)
                self.sent.append(((clock.now() - STARTS_AT) / MINUTE, each.due.rule, each.to.name))
        writer.act_now(lambda tx: settle(tx, results))

    def do(self, minutes: float, command: str, **said: Any) -> None:
        """A command, and what people hear of it."""
        self.here.do(minutes, command, **said)
        self.look()

    def of(self, *rules: str) -> list[tuple[float, str, str]]:
        return sorted(each for each in self.sent if each[1] in rules)

    def shown(self, slot: int) -> tuple[float, int, int]:
        """What her calendar shows: minutes after the planned start, seconds, SEQUENCE."""
        held = inscription.c.slot_id == self.here.slots[slot]
        id_ = self.conn.all(select(inscription.c.id).where(held))[0][0]
        (turn,) = offered_turns(self.conn, PUBLIC, inscriptions=[id_])
        seconds = int((turn.plain.ends_at - turn.plain.starts_at).total_seconds())
        return (turn.plain.starts_at - STARTS_AT) / MINUTE, seconds, turn.plain.sequence


def told(here: Sat, conn: Connection) -> Told:
    """Everybody knows already what is planned."""
    here.writer.act_now(lambda tx: mark(tx, [Scope("changed", 0, here.scene.session)]))
    made = Told(here, conn)
    here.clock.set(STARTS_AT - 30 * MINUTE)
    made.look()
    made.sent.clear()
    return made


def wishes(writer: Writer, name: str, **changes: Any) -> None:
    """Somebody wants to be told otherwise."""
    writer.act_now(
        lambda tx: tx.conn.update(Person, tx.conn.all(select(_p.id).where(_p.name == name))[0][0], **changes)
    )


@pytest.fixture
def eight(writer: Writer, conn: Connection, clock: SettableClock) -> Told:
    return told(sat(writer, clock, "ABCDEFGH"), conn)


def test_each_is_told_that_she_is_near_and_next_once_and_at_once(eight: Told) -> None:
    eight.do(0, "open")
    assert eight.of("turn-near", "turn-next") == [
        (0, "turn-near", "B"), (0, "turn-near", "C"), (0, "turn-near", "D"), (0, "turn-next", "A"),
    ]  # fmt: skip

    for minutes in (3, 6, 9, 12, 15, 18, 21, 24):
        eight.do(minutes - 2, "call")
        eight.do(minutes - 2, "start")
        eight.look(minutes - 1)

    counted = Counter((rule, name) for _, rule, name in eight.of("turn-near", "turn-next", "turn-carried"))
    assert counted == Counter(
        [*(("turn-next", name) for name in "ABCDEFGH"), *(("turn-near", name) for name in "BCDEFGH")]
    )


def test_a_call_taken_back_and_made_again_is_not_told_again(eight: Told) -> None:
    for minutes, command in ((0, "open"), (1, "call"), (2, "undo"), (3, "call")):
        eight.do(minutes, command)

    assert eight.of("turn-near", "turn-next") == [
        (0, "turn-near", "B"), (0, "turn-near", "C"), (0, "turn-near", "D"), (0, "turn-next", "A"),
        (1, "turn-next", "B"),
    ]  # fmt: skip


def test_who_was_put_off_is_told_again_when_she_is_near_again(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    four = told(sat(writer, clock, "ABCD"), conn)
    for minutes, command in ((0, "open"), (1, "call"), (2, "defer"), (3, "call")):
        four.do(minutes, command)

    assert [each for each in four.of("turn-near", "turn-next") if each[2] == "A"] == [
        (0, "turn-next", "A"), (2, "turn-near", "A"),
    ]  # fmt: skip


def test_a_speaker_who_overruns_moves_those_behind_her_with_no_event(eight: Told) -> None:
    for minutes, command in ((0, "open"), (1, "call"), (1, "start")):
        eight.do(minutes, command)
    eight.sent.clear()
    for minutes in range(2, 20):
        eight.look(minutes)

    moved = eight.of("turn-moved")
    assert {name for _, _, name in moved} == set("BCDEFGH")
    assert Counter(name for _, _, name in moved).most_common(1)[0][1] == 1
    letter = next(each for each in eight.letters if each.due.rule == "turn-moved" and each.to.name == "H")
    assert letter.facts.expectation is not None
    assert letter.facts.expectation.was is not None
    assert letter.facts.starts_at - letter.facts.expectation.was > 10 * MINUTE


def test_what_a_worker_finds_too_late_is_dropped_and_says_so(eight: Told) -> None:
    here = eight.here
    here.play((0, "open"), (1, "call"), (1, "start"))
    eight.look(4)

    assert eight.of("turn-near", "turn-next") == []
    dropped = conn_rows(eight, "turn-near", "turn-next")
    assert {row[2] for row in dropped} == {TOO_LATE}
    assert sorted((row[0], row[1]) for row in dropped) == [
        ("turn-near", "B"), ("turn-near", "C"), ("turn-near", "D"), ("turn-next", "A"), ("turn-next", "B"),
    ]  # fmt: skip
    eight.look(5)
    assert eight.of("turn-near", "turn-next") == []


def conn_rows(of: Told, *rules: str) -> list[tuple[str, str, str]]:
    joined = table(Due).join(table(Person), _p.id == _d.person_id)
    rows = of.conn.all(select(_d.rule, _p.name, _d.last_error, _d.status).select_from(joined))
    return [(row[0], row[1], row[2]) for row in rows if row[0] in rules and row[3] == "dropped"]


def test_never_of_a_turn_that_has_come(eight: Told) -> None:
    eight.do(0, "open")
    eight.here.do(1, "call")
    eight.here.do(1, "start")
    eight.here.do(1.5, "call")
    eight.look(1.6)

    assert ("turn-next", "B") not in [(rule, name) for _, rule, name in eight.sent]
    assert [each.why for each in eight.pointless] == [HAS_COME]


def test_a_call_taken_back_before_anybody_heard_of_it_is_told_once_it_is_made_again(eight: Told) -> None:
    for minutes, command in ((0, "open"), (1, "call")):
        eight.here.do(minutes, command)
    eight.here.writer.act_now(lambda tx: follow(tx, following.FOLLOWER, following.follow))
    (since,) = watching.due(eight.conn, eight.here.clock.now())
    found = watching.look(eight.conn, since, eight.here.clock.now())
    eight.here.writer.act_now(partial(foretelling.write, found=found, terms=TERMS))

    eight.do(1.2, "undo")
    assert ("turn-next", "B") not in [(rule, name) for _, rule, name in eight.sent]
    eight.do(1.4, "call")

    assert [(rule, name) for _, rule, name in eight.sent].count(("turn-next", "B")) == 1


def test_two_workers_that_look_at_once_tell_once(eight: Told) -> None:
    here = eight.here
    here.do(0, "open")
    here.writer.act_now(lambda tx: follow(tx, following.FOLLOWER, following.follow))
    (since,) = watching.due(eight.conn, here.clock.now())
    both = [watching.look(eight.conn, since, here.clock.now()) for _ in range(2)]

    written = [here.writer.act_now(partial(foretelling.write, found=found, terms=TERMS)) for found in both]

    assert written == [True, False]


def test_quiet_hours_hold_her_own_turn_only_where_she_says_so(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "ABCDEFGH")
    for name, own in (("A", True), ("B", False)):
        wishes(writer, name, timezone="Europe/Vienna", quiet_start="09:00", quiet_end="12:00", quiet_own_turn=own)
    eight = told(here, conn)

    eight.do(0, "open")

    assert [name for _, _, name in eight.of("turn-near", "turn-next")] == ["B", "C", "D"]


def test_what_is_left_is_told_that_it_goes_on_in_the_next_meeting_and_nothing_else(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here, following_meeting = item_in_two(writer, clock, "ABCDEF")
    six = told(here, conn)
    for minutes, command in ((0, "open"), (1, "call"), (1, "start"), (4, "close")):
        six.do(minutes, command)
    six.look(10)

    carried = [each for each in six.letters if each.due.rule == "turn-carried"]
    assert sorted(each.to.name for each in carried) == list("BCDEF")
    assert {each.facts.meeting_url.partition("?")[0].rpartition("/")[2] for each in carried} == {following_meeting}
    assert {each.facts.starts_at for each in carried} == {STARTS_AT + timedelta(days=1)}
    assert six.of("slot-moved", "slot-cancelled", "slot-given") == []
    assert conn.all(select(table(Watched).c.id)) == []


def test_a_close_taken_back_tells_when_they_are_called_after_all(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here, _ = item_in_two(writer, clock, "ABC")
    three = told(here, conn)
    for minutes, command in ((0, "open"), (1, "call"), (1, "start"), (4, "close"), (5, "undo")):
        three.do(minutes, command)
    three.look(9)

    assert sorted((rule, name) for at, rule, name in three.sent if at > 4) == [("turn-moved", "B"), ("turn-moved", "C")]


def test_reminders_count_from_the_earliest_start_once_the_meeting_is_open(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    many = told(here, conn)
    many.do(0, "open")
    assert many.of("slot-soon") == []
    assert "planned" not in {row[0] for row in conn.all(select(_d.status).where(_d.rule == "slot-soon"))}

    many.do(1, "call")
    many.do(1, "start")
    for minutes in range(2, 90, 1):
        many.look(minutes)

    soon = many.of("slot-soon")
    planned = {name: 3 * at for at, name in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    assert all(minute > planned[name] - 15 for minute, _, name in soon if name == "Z")
    letters = [each for each in many.letters if each.due.rule == "slot-soon" and each.to.name == "Z"]
    assert len(letters) <= 1
    for each in letters:
        assert each.facts.expectation is not None


def test_a_remote_speaker_is_asked_once_more_for_her_link(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    four = told(sat(writer, clock, "ABCD", "remote"), conn)

    four.do(0, "open")

    assert [name for _, _, name in four.of("ready-asked")] == ["A", "B", "C"]
    queue = floor_now(conn, four.here.scene.meeting, STARTS_AT).queue
    assert [each.asked_ready_at for each in queue] == ["2022-06-08T08:00:00.000Z"] * 3 + [None]
    four.look(1)
    assert len(four.of("ready-asked")) == 3


def test_who_runs_the_meeting_is_warned_once_of_its_remote_minutes(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here = sat(writer, clock, "ABCD", "remote")
    writer.act_now(lambda tx: people.person(tx, "Chair", grants=(Grant("chair", "session", here.scene.session),)))
    writer.act_now(lambda tx: people.person(tx, "Other", grants=(Grant("chair", "session", "another"),)))
    writer.act_now(
        lambda tx: tx.conn.update(Meeting, here.scene.meeting, remote_budget_seconds=1800, end_if_exceeded="12:00")
    )
    four = told(here, conn)
    for minutes, command in ((0, "open"), (1, "call"), (1, "start")):
        four.do(minutes, command)
    for minute in (25.8, 26.2, 27, 29):
        four.look(minute)

    assert four.of("remote-minutes") == [(26.2, "remote-minutes", "Chair")]
    (letter,) = [each for each in four.letters if each.due.rule == "remote-minutes"]
    assert letter.facts.meter is not None
    assert (letter.facts.meter.used, letter.facts.meter.budget, letter.facts.meter.ends_then) == (25, 30, True)
    assert letter.facts.starts_at == STARTS_AT.replace(hour=10)


def test_her_calendar_follows_beyond_her_threshold_and_at_last_says_when_she_spoke(eight: Told) -> None:
    planned = eight.shown(7)
    for minutes, command in ((0, "open"), (1, "call"), (1, "start")):
        eight.do(minutes, command)
    assert eight.shown(7) == planned
    seen = [planned]
    for minute in range(2, 60):
        eight.look(minute)
        if eight.shown(7) != seen[-1]:
            seen.append(eight.shown(7))
    starts, sequences = [each[0] for each in seen], [each[2] for each in seen]

    assert sequences == list(range(sequences[0], sequences[0] + len(seen)))
    assert all(abs(after - before) > 15 for before, after in pairwise(starts))
    assert len(seen) >= 3
    eight.do(60, "call", slot=eight.here.slots[7])
    eight.do(61, "start")
    eight.do(64, "finish")
    for minute in range(65, 80):
        eight.look(minute)
    assert eight.shown(7)[:2] == (61, 180)
    assert eight.shown(0)[:2] == (1, 59 * 60)


def test_whoever_is_carried_over_shows_the_plan_of_the_next_meeting(
    writer: Writer, conn: Connection, clock: SettableClock
) -> None:
    here, _ = item_in_two(writer, clock, "ABC")
    three = told(here, conn)
    before = three.shown(2)
    for minutes, command in ((0, "open"), (1, "call"), (1, "start"), (30, "call"), (30, "start"), (40, "close")):
        three.do(minutes, command)

    carried = three.shown(2)
    assert carried[:2] == (24 * 60, 180)
    assert carried[2] > before[2]
    three.look(60)
    assert three.shown(2) == carried
