"""What the chair is answered: the list as it is or would be, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import timedelta

from scheduler.allocation import fairness
from scheduler.allocation.proposals import Fixed, Given, Proposal, Terms
from scheduler.allocation.queries import Standing
from scheduler.allocation.views import AllocationView, AllottedSlot, LeftOut, Reason
from scheduler.lists.rules import CALLED
from scheduler.lists.slots import Turn, queued
from scheduler.lists.views import SlotView
from scheduler.people.views import Named

_MEMBERS = tuple(field.name for field in fields(SlotView))


def answer(
    standing: Standing, terms: Terms, proposal: Proposal, slots: Sequence[AllottedSlot], version: int
) -> AllocationView:
    """The whole answer over the list's slots."""
    return AllocationView(
        slots=tuple(slots),
        left_out=tuple(LeftOut(left.entry.id, *fairness.why_left(left)) for left in proposal.left),
        totals=fairness.totals(proposal),
        reasons=tuple(_reasons(standing, terms, proposal, slots)),
        version=version,
        seed=terms.seed or None,
    )


def as_allotted(slot: SlotView) -> AllottedSlot:
    """A slot as it stands."""
    return AllottedSlot(**{name: getattr(slot, name) for name in _MEMBERS})


def as_proposed(
    standing: Standing, proposal: Proposal, turns: Sequence[Turn], stands: dict[str, SlotView]
) -> list[AllottedSlot]:
    """The list's slots as they would be, without an id; `stands` are those that there are, by id."""
    laid = queued(turns, standing.row["window_start"], standing.row["gap_seconds"])
    return [
        _proposed(standing, each, turn, stands.get(turn.id)) for each, turn in zip(proposal.sequence, laid, strict=True)
    ]


def _proposed(standing: Standing, each: Given | Fixed, turn: Turn, stands: SlotView | None) -> AllottedSlot:
    place = standing.place.sitting
    values = {name: getattr(stands, name) for name in _MEMBERS} if stands else _new(standing, each)
    return AllottedSlot(
        **values
        | {
            "id": None,
            "position": each.position,
            "seconds": turn.seconds,
            "starts_at": place.at(turn.starts_after),
            "ends_at": place.at(turn.starts_after) + timedelta(seconds=turn.seconds),
        }
    )


def _new(standing: Standing, each: Given | Fixed) -> dict[str, object]:
    """A slot that there is not yet."""
    row = standing.inscribed[each.share.entry.id if isinstance(each, Given) else each.id]
    by = row["organisation_id"]
    return {
        "list": row["list_id"],
        "kind": "statement",
        "title": None,
        "reserved_for": None,
        "inscription": row["id"],
        "speaker": Named(row["person_id"], row["speaker_name"]),
        "organisation": Named(by, row["organisation_name"]) if by else None,
        "mode": row["mode"],
        "status": "booked",
        "version": 1,
    }


def _reasons(standing: Standing, terms: Terms, proposal: Proposal, slots: Sequence[AllottedSlot]) -> Iterator[Reason]:
    for each, slot in zip(proposal.sequence, slots, strict=True):
        if isinstance(each, Given):
            entry, why = each.share.entry, fairness.why_given(terms, each)
            yield Reason(entry.id, slot.id, entry.asked, each.share.seconds, *why)
        elif slot.inscription is not None and slot.status in CALLED:
            asked = standing.inscribed[slot.inscription]["seconds_requested"]
            yield Reason(slot.inscription, slot.id, asked, slot.seconds, *fairness.why_called())
