"""Allotting speaking time: the chair looks at a proposal, or makes it so; draws are committed to before."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.allocation import answering, applying, restoring
from scheduler.allocation.fairness import Say, in_english
from scheduler.allocation.proposals import Proposal, Terms, propose
from scheduler.allocation.queries import Standing, standing
from scheduler.allocation.seeding import commitment_to
from scheduler.allocation.views import AllocationView
from scheduler.errors import Meaningless, NotAllowedNow
from scheduler.journal.entries import Author, append
from scheduler.lists.place import Place, Row
from scheduler.lists.queries import list_view
from scheduler.lists.tables import SpeakersList
from scheduler.lists.turns import permitted
from scheduler.lists.views import ListView
from scheduler.people.permission import Actor
from scheduler.storage.connection import Connection
from scheduler.storage.versions import check_version
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to allot. `policy` None: the list's; `budget_seconds` None: all that is left of its window.

    `seed` is a draw's; without one a list that was drawn keeps its seed, another takes `chance`, which nobody chose.
    """

    chance: str
    policy: str | None = None
    budget_seconds: int | None = None
    seed: str | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    by: Author
    standing: Standing
    terms: Terms
    proposal: Proposal


def preview(
    conn: Connection, actor: Actor, list_id: str, wanted: Wanted, now: datetime, *, say: Say = in_english
) -> AllocationView:
    """An allocation only looked at: nothing is written, nobody is told. Raises as `allocate`.

    `say` puts the reasons into words, sentence by sentence (`fairness.SENTENCES`).
    """
    plan = _plan(conn, actor, list_id, wanted, now)
    rows = applying.proposed(plan.standing, plan.proposal)
    version: int = plan.standing.row["version"]
    return answering.answer(plan.standing, plan.terms, plan.proposal, rows, version=version, made=False, say=say)


def allocate(tx: Tx, actor: Actor, list_id: str, wanted: Wanted) -> AllocationView:
    """Gives the turns of a queue list. The session's chair and secretariat may, until the meeting's close.

    Whoever was called stays with her slot, panels and breaks stay among the turns, the rest is allotted anew. Each
    inscription that gains, changes or loses a slot has its journal entry, the list one of its own; where all is so
    already, nothing is written.

    Raises:
        NotFound, Forbidden: there is no such list that she may know of; she may not.
        Meaningless: the draw was committed to, and this is not its seed.
        NotAllowedNow: the slots of this list are booked; the meeting is cancelled or over.
        VersionConflict: somebody was first (`current`: the list).
    """
    plan = _plan(tx.conn, actor, list_id, wanted, tx.now)
    row = plan.standing.row
    drawn = {"draw_seed": plan.terms.seed} if plan.terms.seed and plan.terms.seed != row["draw_seed"] else {}
    before = restoring.arranged(plan.standing)
    rows = applying.apply(tx, plan.by, plan.standing, plan.proposal)
    version: int = row["version"] + (rows is not None or bool(drawn))
    if version != row["version"]:
        tx.conn.update(SpeakersList, list_id, version=version, **drawn)
        append(
            tx, restoring.ALLOCATED, ("list", list_id), plan.by, plan.standing.place.audience(), list=list_id,
            policy=plan.terms.policy, budget_seconds=plan.proposal.budget, seed=plan.terms.seed or None,
            before=before,
        )  # fmt: skip
    stand = plan.standing.slots if rows is None else rows
    return answering.answer(plan.standing, plan.terms, plan.proposal, stand, version=version, made=True)


def commit_to_draw(
    tx: Tx, actor: Actor, list_id: str, commitment: str, expected_version: int | None = None
) -> ListView:
    """Publishes the SHA-256 (64 hexadecimal digits) of a seed: from then on the list can be drawn with that seed alone.

    The session's chair and secretariat may; another commitment may follow until the list is drawn, each in the journal.

    Raises:
        NotFound, Forbidden: there is no such list that she may know of; she may not.
        NotAllowedNow: it was drawn already; its slots are booked; the meeting is cancelled or over.
        VersionConflict: somebody was first.
    """
    row, place, by = permitted(tx.conn, actor, list_id)
    _check_moment(tx.conn, row, place, tx.now, expected_version)
    if row["draw_seed"] is not None:
        raise NotAllowedNow("This list has been drawn: its seed is public and stays.", allowed=[])
    if commitment != row["draw_commitment"]:
        tx.conn.update(SpeakersList, list_id, draw_commitment=commitment, version=row["version"] + 1)
        append(tx, "list.committed", ("list", list_id), by, place.audience(), list=list_id, commitment=commitment)
    return list_view(tx.conn, list_id, tx.now)


def _plan(conn: Connection, actor: Actor, list_id: str, wanted: Wanted, now: datetime) -> _Plan:
    row, place, by = permitted(conn, actor, list_id)
    policy = wanted.policy or row["policy"]
    seed = _seed(row, wanted) if policy == "draw" else ""
    _check_moment(conn, row, place, now, wanted.expected_version)
    found = standing(conn, row, place, now)
    terms = found.terms(policy, wanted.budget_seconds, seed)
    return _Plan(by, found, terms, propose(terms, found.entries(), found.positions()))


def _check_moment(conn: Connection, row: Row, place: Place, now: datetime, expected_version: int | None) -> None:
    place.check_alive()
    if row["allocation"] != "queue":
        raise NotAllowedNow("The slots of this list are booked, not allotted by the chair.", allowed=[])
    check_version(expected_version, row["version"], lambda: list_view(conn, row["id"], now))


def _seed(row: Row, wanted: Wanted) -> str:
    committed, seed = row["draw_commitment"], wanted.seed or row["draw_seed"]
    if committed is not None and (seed is None or commitment_to(seed) != committed):
        raise Meaningless(
            "This draw was committed to: send the seed whose SHA-256 is the list's commitment.", field="seed"
        )
    return seed or wanted.chance
