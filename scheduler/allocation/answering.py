"""What the chair is answered: the list as it is or would be, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

from scheduler.allocation import fairness
from scheduler.allocation.fairness import Say
from scheduler.allocation.proposals import Given, Proposal, Terms
from scheduler.allocation.queries import Standing
from scheduler.allocation.views import AllocationView, AllottedSlot, LeftOut, Reason
from scheduler.lists.place import Row
from scheduler.lists.rules import CALLED
from scheduler.lists.slot_queries import slot_view
from scheduler.lists.views import SlotView

_MEMBERS = tuple(field.name for field in fields(SlotView))


def answer(
    standing: Standing,
    terms: Terms,
    proposal: Proposal,
    rows: Sequence[Row],
    *,
    version: int,
    made: bool,
    say: Say = fairness.in_english,
) -> AllocationView:
    """The whole answer over the list's rows of slots; ids of slots are told only where they are `made`.

    `say` puts the reasons into words.
    """
    slots = [_slot(standing, row, made=made) for row in rows]
    return AllocationView(
        slots=tuple(slots),
        left_out=tuple(LeftOut(left.entry.id, *fairness.why_left(left, say)) for left in proposal.left),
        totals=fairness.totals(proposal),
        reasons=tuple(_reasons(standing, terms, proposal, slots, say)),
        version=version,
        seed=terms.seed or None,
    )


def _slot(standing: Standing, row: Row, *, made: bool) -> AllottedSlot:
    who = standing.inscribed.get(row["inscription_id"], {})
    view = slot_view(
        row
        | {
            "speaker_id": who.get("person_id"),
            "speaker_name": who.get("speaker_name"),
            "organisation_name": who.get("organisation_name"),
            "meeting_starts_at": standing.place.sitting.starts_at,
        }
    )
    values = {name: getattr(view, name) for name in _MEMBERS}
    return AllottedSlot(**values if made else values | {"id": None})


def _reasons(
    standing: Standing, terms: Terms, proposal: Proposal, slots: Sequence[AllottedSlot], say: Say
) -> Iterator[Reason]:
    for each, slot in zip(proposal.sequence, slots, strict=True):
        if isinstance(each, Given):
            entry = each.share.entry
            yield Reason(entry.id, slot.id, entry.asked, each.share.seconds, *fairness.why_given(terms, each, say))
        elif slot.inscription is not None and slot.status in CALLED:
            asked = standing.inscribed[slot.inscription]["seconds_requested"]
            yield Reason(slot.inscription, slot.id, asked, slot.seconds, *fairness.why_called(say))
