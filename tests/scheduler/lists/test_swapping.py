from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.errors import (
    AlreadyInscribed,
    CategoryNotEligible,
    Forbidden,
    Meaningless,
    ModeNotOffered,
    NotAllowedNow,
    NotFound,
    Refusal,
    RemoteBudgetExceeded,
)
from scheduler.ids import new_id
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after
from scheduler.lists import placing, swapping, turns, withdrawing
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.place import Rows, meeting
from scheduler.lists.queries import inscription
from scheduler.lists.tables import Inscription
from scheduler.lists.turns import Interlude
from scheduler.lists.views import InscriptionView
from scheduler.people.permission import OPERATOR, Actor, Grant, Scopes
from scheduler.people.reader import PUBLIC, Reader
from scheduler.programme.tables import Meeting
from scheduler.secretariat import moving
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, queueing, speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import Book

_ROWS = Rows(select(*inscription.c))


@dataclass(frozen=True)
class Two:
    """Ada holds the first slot of the scene, Bob of another organisation the sixth."""

    writer: Writer
    conn: Connection
    scene: Scene
    ada: Actor
    bob: Actor
    hers: str
    his: str

    def act(self, do: Callable[[Tx], Any]) -> Any:
        return self.writer.act_now(do)

    def propose(self, actor: Actor | None = None, one: str = "", other: str = "") -> InscriptionView:
        made: InscriptionView = self.act(
            lambda tx: swapping.propose(tx, actor or self.ada, one or self.hers, other or self.his)
        )
        return made

    def answer(self, actor: Actor | None = None, of: str = "", *, accept: bool = True) -> InscriptionView:
        said: InscriptionView = self.act(
            lambda tx: swapping.answer(tx, actor or self.bob, of or self.his, accept=accept)
        )
        return said

    def swaps(self) -> list[Any]:
        both = (self.ada, self.hers), (self.bob, self.his)
        return [one_inscription(self.conn, Reader(actor), id_).swap for actor, id_ in both]

    def row(self, id_: str) -> dict[str, Any]:
        return next(row for row in _ROWS.all(self.conn) if row["id"] == id_)

    def told(self, kind: str) -> list[Entry]:
        return [entry for entry in entries_after(self.conn, 0, 500) if entry.kind == kind]


@pytest.fixture
def two(writer: Writer, conn: Connection, scene: Scene, ada: Actor, book: Book) -> Two:
    bob = writer.act_now(lambda tx: speaking.speaker(tx, scene, "Bob Example", category="ngo"))
    return Two(writer, conn, scene, ada, bob, book(ada, scene.slots[0]).id, book(bob, scene.slots[5]).id)


@pytest.fixture
def apart(writer: Writer, scene: Scene, two: Two, book: Book) -> "Apart":
    """The same two with turns in two meetings: hers, which is remote, is in the first."""
    writer.act_now(lambda tx: withdrawing.withdraw(tx, OPERATOR, two.hers))
    writer.act_now(lambda tx: withdrawing.withdraw(tx, OPERATOR, two.his))
    later = writer.act_now(lambda tx: _another(tx, scene))
    hers, his = book(two.ada, scene.slots[0], "remote"), book(two.bob, later.slots[2])
    return Apart(replace(two, hers=hers.id, his=his.id), later)


@dataclass(frozen=True)
class Apart:
    two: Two
    later: Scene


def test_proposal_moves_nothing_and_is_shown_on_both_sides(two: Two) -> None:
    shown = two.propose()

    first, sixth = two.scene.slots[0], two.scene.slots[5]
    assert (shown.slot, shown.swap) == (first, {"with": two.his, "slot": sixth, "proposed_by": "me"})
    assert two.swaps() == [shown.swap, {"with": two.hers, "slot": first, "proposed_by": "them"}]
    assert one_inscription(two.conn, PUBLIC, two.his).swap is None
    assert one_inscription(two.conn, Reader(two.ada), two.his).swap is None
    entries = {entry.subject_id: entry for entry in two.told("swap.proposed")}
    assert {id_: (e.audience.public, e.audience.person, e.by.person) for id_, e in entries.items()} == {
        two.hers: (False, two.ada.id, two.ada.id),
        two.his: (False, two.bob.id, two.ada.id),
    }
    assert entries[two.his].data == {"list": two.scene.list, "slot": sixth, "with": two.hers, "proposes": False}


def test_accepting_gives_each_the_others_slot(two: Two) -> None:
    two.propose()
    two.act(lambda tx: tx.conn.update(Inscription, two.hers, foreseen_start=tx.now, foreseen_seconds=9))

    shown = two.answer()

    first, sixth = two.scene.slots[0], two.scene.slots[5]
    assert (shown.slot, shown.swap, shown.version) == (first, None, 2)
    held = {row["inscription_id"]: row for row in speaking.slots(two.conn, two.scene.list) if row["inscription_id"]}
    assert {id_: (row["id"], row["status"], row["version"]) for id_, row in held.items()} == {
        two.his: (first, "booked", 3),
        two.hers: (sixth, "booked", 3),
    }
    row = two.row(two.hers)
    assert (row["slot_id"], row["sequence"], row["version"]) == (sixth, 1, 2)
    assert (row["foreseen_start"], row["foreseen_seconds"]) == (None, None)
    entries = {entry.subject_id: entry for entry in two.told("inscription.swapped")}
    assert entries.keys() == {two.hers, two.his}
    assert entries[two.hers].audience.public
    here = {"list": two.scene.list, "slot": sixth, "status": "booked"}
    assert entries[two.hers].data == here | {
        "position": 6,
        "starts_after": 2_700,
        "seconds": 540,
        "with": two.his,
        "before": {"meeting": two.scene.meeting, "list": two.scene.list, "slot": first},
    }


def test_either_inscription_takes_the_answer_and_only_of_the_side_that_is_asked(two: Two) -> None:
    two.propose()
    stranger = two.act(lambda tx: speaking.speaker(tx, two.scene, "Stranger"))
    for actor in (two.ada, stranger):
        with pytest.raises(Forbidden):
            two.answer(actor, two.hers)

    assert two.answer(two.bob, two.hers).slot == two.scene.slots[5]


def test_focal_point_and_chair_answer_for_whom_they_act(two: Two) -> None:
    focal = Grant("focal_point", "organisation", two.bob.organisation)
    friend = two.act(lambda tx: speaking.colleague(tx, two.bob, grants=(focal,)))
    grants = (Grant("chair", "session", two.scene.session),)
    chair = two.act(lambda tx: people.person(tx, "Chair", grants=grants))
    two.propose()

    assert two.answer(friend, accept=False).swap is None
    two.propose(chair, two.his, two.hers)
    assert two.answer(chair).slot == two.scene.slots[0]

    assert [entry.by.role for entry in two.told("swap.refused")] == ["focal_point"] * 2
    assert [entry.by.role for entry in two.told("inscription.swapped")] == ["chair"] * 2


def test_refused_or_taken_back_proposal_leaves_both_where_they_were(two: Two) -> None:
    two.propose()
    with pytest.raises(Forbidden):
        two.act(lambda tx: swapping.take_back(tx, two.bob, two.his))
    two.answer(accept=False)
    with pytest.raises(NotAllowedNow):
        two.answer()
    with pytest.raises(NotFound):
        two.act(lambda tx: swapping.take_back(tx, two.ada, two.hers))

    two.propose()
    two.act(lambda tx: swapping.take_back(tx, two.ada, two.his))

    assert two.swaps() == [None, None]
    assert {kind: len(two.told(f"swap.{kind}")) for kind in ("proposed", "refused", "revoked", "accepted")} == {
        "proposed": 4,
        "refused": 2,
        "revoked": 2,
        "accepted": 0,
    }
    assert two.row(two.hers)["slot_id"] == two.scene.slots[0]


def test_one_proposal_at_a_time(two: Two, book: Book) -> None:
    cleo = two.act(lambda tx: speaking.speaker(tx, two.scene, "Cleo"))
    third = book(cleo, two.scene.slots[7]).id
    two.propose()

    for actor, one, other in (
        (two.ada, two.hers, two.his),
        (two.bob, two.his, two.hers),
        (cleo, third, two.hers),
        (two.ada, two.hers, third),
    ):
        with pytest.raises(NotAllowedNow) as refused:
            two.propose(actor, one, other)
        assert refused.value.data == {"allowed": ["accept", "refuse", "take back"]}


def _withdrawn(tx: Tx, two: Two) -> None:
    withdrawing.withdraw(tx, OPERATOR, two.his)


def _break_before(tx: Tx, two: Two) -> None:
    turns.put(tx, OPERATOR, two.scene.list, Interlude("break", 60))


def _meeting_moved(tx: Tx, two: Two) -> None:
    moving.change_meeting(tx, OPERATOR, two.scene.meeting, {"start": "10:30", "end": "13:30"})


@pytest.mark.parametrize("happens", [_withdrawn, _break_before, _meeting_moved])
def test_proposal_lapses_when_a_turn_moves_or_is_withdrawn(two: Two, happens: Callable[[Tx, Two], None]) -> None:
    two.propose()

    two.act(lambda tx: happens(tx, two))

    assert two.swaps() == [None, None]
    assert {entry.audience.person for entry in two.told("swap.lapsed")} == {two.ada.id, two.bob.id}


def test_proposal_stays_when_others_move(two: Two) -> None:
    two.propose()

    two.act(lambda tx: placing.move(tx, OPERATOR, two.scene.slots[9], two.scene.slots[7]))

    assert None not in two.swaps()


@pytest.mark.parametrize(
    ("reserve", "refusal"),
    [({"category": "member_state"}, CategoryNotEligible), ({"mode": "remote"}, ModeNotOffered)],
)
def test_neither_gets_a_slot_that_is_kept_for_others(two: Two, reserve: dict[str, str], refusal: type[Refusal]) -> None:
    two.act(lambda tx: turns.change(tx, OPERATOR, two.scene.slots[0], {"reserved_for": reserve}))

    with pytest.raises(refusal):
        two.propose()


def test_only_two_speakers_of_a_session_who_have_turns_swap(two: Two) -> None:
    elsewhere = two.act(lambda tx: queueing.scene(tx, code="ahc-3"))
    foreign = two.act(lambda tx: queueing.turn(tx, elsewhere, "Far Off").inscription)
    stranger = two.act(lambda tx: speaking.speaker(tx, elsewhere, "Stranger"))

    for other in (two.hers, str(foreign), new_id()):
        with pytest.raises(Meaningless):
            two.propose(other=other)
    with pytest.raises(Forbidden):
        two.propose(stranger)
    two.act(lambda tx: withdrawing.withdraw(tx, two.bob, two.his))
    with pytest.raises(NotAllowedNow):
        two.propose(two.bob, two.his, two.hers)


def test_turns_of_two_meetings_are_swapped_with_their_remote_minutes(apart: Apart) -> None:
    two, later = apart.two, apart.later
    two.act(lambda tx: tx.conn.update(Meeting, two.scene.meeting, sequence=3, links_sequence=2))
    two.propose()

    two.answer()

    booked = dict(two.conn.all(select(meeting.c.id, meeting.c.remote_booked_seconds)))
    assert booked == {two.scene.meeting: 0, later.meeting: 600}
    hers, his = two.row(two.hers), two.row(two.his)
    assert (hers["meeting_id"], hers["list_id"], hers["slot_id"]) == (later.meeting, later.list, later.slots[2])
    # Her calendar counted the first meeting's five changes too, and must not count back.
    assert (hers["sequence"], his["sequence"]) == (6, 1)
    assert {e.audience.meeting for e in two.told("inscription.swapped")} == {two.scene.meeting, later.meeting}


def test_remote_minutes_are_kept_also_by_a_swap(apart: Apart) -> None:
    apart.two.act(lambda tx: tx.conn.update(Meeting, apart.later.meeting, remote_budget_seconds=599))

    with pytest.raises(RemoteBudgetExceeded):
        apart.two.propose()


def test_nobody_gets_a_second_place_in_a_list_by_a_swap(apart: Apart, book: Book) -> None:
    book(apart.two.ada, apart.later.slots[3])
    apart.two.propose()

    with pytest.raises(AlreadyInscribed):
        apart.two.answer()

    assert apart.two.row(apart.two.hers)["slot_id"] == apart.two.scene.slots[0]


def test_in_a_queue_nobody_gets_more_than_the_list_allows_her(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: queueing.scene(tx, seconds_by_category={"ngo": 120}))
    state, state_turn = writer.act_now(lambda tx: _turn(tx, scene, "State", "member_state"))
    ngo, ngo_turn = writer.act_now(lambda tx: _turn(tx, scene, "Ngo", "ngo"))
    last = writer.act_now(lambda tx: queueing.turn(tx, scene, "Last"))

    writer.act_now(lambda tx: swapping.propose(tx, ngo, ngo_turn, state_turn))
    writer.act_now(lambda tx: swapping.answer(tx, state, state_turn, accept=True))

    rows = {row["inscription_id"]: (row["starts_after"], row["seconds"]) for row in speaking.slots(conn, scene.list)}
    assert rows == {ngo_turn: (0, 120), state_turn: (120, 120), last.inscription: (240, 180)}


def _turn(tx: Tx, scene: Scene, name: str, category: str) -> tuple[Actor, str]:
    who = speaking.speaker(tx, scene, name, category=category)
    made = queueing.inscribed(tx, scene, who)
    queueing.allotted(tx, scene, made)
    return who, made


def _another(tx: Tx, scene: Scene, **values: Any) -> Scene:
    """A second meeting of the session, with slots of ten minutes."""
    of = Scopes(scene.body, scene.session)
    return speaking.scene_in(tx, of, meeting_values={"number": 2, "date": "2022-06-09"} | values, slot_seconds=600)
