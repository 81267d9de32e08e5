"""What the panels of the chair's console hold: whom the floor can be given, who is pending, an allocation."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.chair_asked import Asked
from api.pages.chair_words import ChairsWords
from scheduler.accreditation.queries import accreditations
from scheduler.allocation import actions as allocation
from scheduler.allocation.actions import Wanted
from scheduler.allocation.views import AllocationView
from scheduler.errors import Refusal
from scheduler.floor.reading import Standing
from scheduler.floor.replies import FOR_WHOM
from scheduler.lists import queries, slot_queries
from scheduler.lists.inscription_queries import inscriptions_of_list
from scheduler.lists.rules import CALLED
from scheduler.lists.views import InscriptionView, ListView
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.storage.connection import Connection

_MOST_LISTS, _MOST = 100, 2_000


@dataclass(frozen=True, slots=True)
class Pending:
    """Who asks to speak in a queue and has no turn yet."""

    view: InscriptionView
    of: ListView
    name: str


@dataclass(frozen=True, slots=True)
class Allotted:
    """A turn of an allocation that is looked at. `was` is its number in the list now, None: it is new.

    `reason` is empty for what is nobody's turn.
    """

    number: int
    was: int | None
    name: str
    mode: str | None
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """An allocation that is only looked at: what comes after the `called`, who stay, and `left_out`, with reasons."""

    answer: AllocationView
    rows: list[Allotted]
    left_out: list[tuple[str, str]]
    called: int

    @property
    def turns(self) -> int:
        """How many would have a turn."""
        return sum(row.mode is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Panels:
    """What the open panel needs; what it does not need is empty. `chosen` is the list to be allotted."""

    lists: list[ListView]
    pending: list[Pending]
    delegations: list[Named]
    chosen: ListView | None = None
    preview: Preview | None = None
    refusal: Refusal | None = None

    @property
    def queues(self) -> list[ListView]:
        """The lists whose turns the chair allots."""
        return [each for each in self.lists if each.allocation == "queue"]


def panels(conn: Connection, actor: Actor, here: Standing, asked: Asked, words: ChairsWords, *, chance: str) -> Panels:
    """The lists, and what the open panel needs besides. `chance` is the seed of a draw that nobody names one for."""
    reader, moment = Reader(actor), words.times.now
    found = queries.lists_of_meeting(conn, reader, here.meeting.id, moment, after=None, limit=_MOST_LISTS)
    lists = [view for view, _ in found]
    pending = _pending(conn, reader, lists) if asked.ask == "add" else []
    whom = delegations(conn, reader, here.session.code) if asked.ask in FOR_WHOM else []
    if asked.ask != "allocate":
        return Panels(lists, pending, whom)
    queue = [each for each in lists if each.allocation == "queue"]
    chosen = next((each for each in queue if each.id == asked.list), next(iter(queue), None))
    if chosen is None or not asked.policy:
        return Panels(lists, pending, whom, chosen)
    try:
        preview = _preview(conn, actor, chosen, _wanted(asked, chance), words)
    except Refusal as refusal:
        return Panels(lists, pending, whom, chosen, refusal=refusal)
    return Panels(lists, pending, whom, chosen, preview)


def delegations(conn: Connection, reader: Reader, session: str) -> list[Named]:
    """Whose people may speak in a session, by name."""
    found = accreditations(conn, reader, session, limit=_MOST)
    return [each.organisation for each in found if each.status == "approved"]


def _pending(conn: Connection, reader: Reader, lists: Sequence[ListView]) -> list[Pending]:
    return [
        Pending(view, of, _name(view))
        for of in lists
        if of.allocation == "queue" and of.counts.pending
        for view, _ in inscriptions_of_list(conn, reader, of.id, after=None, limit=_MOST)
        if view.status == "pending"
    ]


def _wanted(asked: Asked, chance: str) -> Wanted:
    return Wanted(chance, asked.policy, asked.budget_seconds, asked.seed or None)


def _preview(conn: Connection, actor: Actor, of: ListView, wanted: Wanted, words: ChairsWords) -> Preview:
    answer = allocation.preview(conn, actor, of.id, wanted, words.times.now)
    stands = slot_queries.slots_of_list(conn, Reader(actor), of.id, after=None, limit=_MOST)
    was: dict[str | None, int] = {slot.inscription: slot.position for slot, _ in stands if slot.inscription}
    why: dict[str | None, str] = {each.inscription: each.reason for each in answer.reasons}
    rows = [
        Allotted(
            number,
            was.get(slot.inscription),
            words.name(slot),
            slot.mode,
            slot.seconds,
            why.get(slot.inscription, ""),
        )
        for number, slot in enumerate(answer.slots, 1)
        if slot.status not in CALLED
    ]
    names = {
        view.id: _name(view) for view, _ in inscriptions_of_list(conn, Reader(actor), of.id, after=None, limit=_MOST)
    }
    left_out = [(names.get(left.inscription, ""), left.reason) for left in answer.left_out]
    return Preview(answer, rows, left_out, len(answer.slots) - len(rows))


def _name(view: InscriptionView) -> str:
    return view.organisation.name if view.organisation else view.person.name
