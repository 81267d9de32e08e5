"""What the journal alone tells of lists: its entries folded, and the order in which offers were made looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.journal.entries import Entry


@dataclass
class Lists:
    """Lists as entries tell of them: `slots` by id their status and holder, `inscriptions` by id (list, slot, person).

    `waiting` is by entry (list, position, person, status, slot), `swaps` holds (inscription, other inscription). Timed
    slots have no entries of their own: `list.created` makes as many as its window holds, all free.
    """

    slots: dict[str, tuple[str, str | None]]
    inscriptions: dict[str, tuple[str, str | None, str]] = field(default_factory=dict)
    waiting: dict[str, tuple[str, int, str, str, str | None]] = field(default_factory=dict)
    swaps: set[tuple[str, str]] = field(default_factory=set)
    passed_over: list[str] = field(default_factory=list)

    def placed(self, list_id: str) -> set[str]:
        """The people who have a place in a list."""
        return {person for of, _, person in self.inscriptions.values() if of == list_id}

    def ahead_of(self, entry: str) -> list[str]:
        """The entries that wait, came before this one in its list, and whose people have no place in it."""
        list_id, position, *_ = self.waiting[entry]
        placed = self.placed(list_id)
        return [
            id_
            for id_, (of, at, person, status, _) in self.waiting.items()
            if (of, status) == (list_id, "waiting") and at < position and person not in placed
        ]


def replayed(entries: Sequence[Entry], slots: Sequence[str]) -> Lists:
    """Folds entries over lists whose slots are free."""
    lists = Lists(dict.fromkeys(slots, ("free", None)))
    for entry in entries:
        family, _, what = entry.kind.partition(".")
        told = {"slot": _slot, "inscription": _inscription, "waiting": _waiting, "swap": _swap}.get(family)
        if told is not None:
            told(lists, entry, what, entry.data or {})
    return lists


def _slot(lists: Lists, entry: Entry, what: str, data: dict[str, Any]) -> None:
    lists.slots[entry.subject_id] = (data["status"], None)


def _inscription(lists: Lists, entry: Entry, what: str, data: dict[str, Any]) -> None:
    id_, person, slot = entry.subject_id, str(entry.audience.person), data.get("slot")
    if what in {"booked", "made", "swapped"}:
        lists.inscriptions[id_] = (data["list"], slot, person)
        if slot is not None:
            lists.slots[slot] = (data["status"], id_)
    elif what == "withdrawn":
        del lists.inscriptions[id_]
        if slot is not None:
            lists.slots[slot] = (data["status"], None)


def _waiting(lists: Lists, entry: Entry, what: str, data: dict[str, Any]) -> None:
    status = {"joined": "waiting", "released": "waiting"}.get(what, what)
    place = (data["list"], data["waiting"], str(entry.audience.person), status, data["offered"])
    if what == "offered":
        lists.passed_over += lists.ahead_of(entry.subject_id)
    lists.waiting[entry.subject_id] = place


def _swap(lists: Lists, entry: Entry, what: str, data: dict[str, Any]) -> None:
    side = (entry.subject_id, data["with"])
    if what == "proposed":
        lists.swaps.add(side)
    else:
        lists.swaps.remove(side)
