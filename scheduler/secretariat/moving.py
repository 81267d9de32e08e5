"""A meeting changed, moved, cancelled or brought back, with what hangs on it; or only looked at what that would do.

Lists, slots and bookings are kept as offsets from its start, so they move with it. `end` is another matter: free slots
past a new one go, and nobody's turn is cut off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.errors import NotAllowedNow
from scheduler.journal.entries import Author
from scheduler.lists import fitting, offering, swaps
from scheduler.lists.formats import require_modes_kept
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.programme import meeting_changes
from scheduler.programme.meeting_changes import MeetingChange
from scheduler.programme.queries import meeting_view
from scheduler.programme.records import MeetingRecord
from scheduler.programme.views import MeetingView
from scheduler.secretariat.affected import Affected
from scheduler.secretariat.letters import Kind, Stretch, Wording
from scheduler.secretariat.previewing import Consequence, CountReach, consequences
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class MeetingPreview:
    """A meeting as it would be, and whom that would affect."""

    meeting: MeetingView
    affected: Affected


def change_meeting(
    tx: Tx,
    actor: Actor,
    meeting: str,
    changes: Mapping[str, Any],
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> MeetingView:
    """Changes what is in `changes` (fields of NewMeeting; None clears). The session's secretariat may.

    `note` is one line for those who are told.

    Raises:
        NotAllowedNow: it is too late for that, or turns past its new end are held (`slots`, their ids), or turns in a
            mode that its new format does not have (`slots` and `inscriptions`).
        And as `meeting_changes.plan` and `meeting_changes.apply`.
    """
    change = _plan(tx, actor, meeting, changes, expected_version)
    changed = meeting_changes.apply(tx, actor, change, note=note)
    fit(tx, actor, change)
    return changed


def preview_meeting(
    tx: Tx,
    actor: Actor,
    meeting: str,
    changes: Mapping[str, Any],
    count_reach: CountReach,
    *,
    expected_version: int | None = None,
    note: str | None = None,
) -> MeetingPreview:
    """The same change only looked at: nothing is written, nobody is told. Raises as the change itself."""
    change = _plan(tx, actor, meeting, changes, expected_version)
    planned = meeting_view(change.session, change.after, Reader(actor))
    return MeetingPreview(planned, consequences(tx, change.session, _consequence(change, note), count_reach))


def require_turns_fit(tx: Tx, changes: Sequence[MeetingChange]) -> None:
    """Raises NotAllowedNow where turns would be left past the new end of a meeting; `slots` are their ids."""
    shorter = [change for change in changes if change.after.seconds < change.before.seconds]
    held = [slot for each in shorter for slot in fitting.held_past(tx.conn, each.after.id, each.after.seconds)]
    if held:
        raise NotAllowedNow(
            "The meeting would end before the turns in `slots`. Move or withdraw them first, or let it end later.",
            slots=[slot.id for slot in held],
        )


def fit(tx: Tx, actor: Actor, change: MeetingChange) -> None:
    """Lets the lists of a meeting that has become shorter or longer end with it.

    Nobody swaps unseen what has moved; who waits is offered what became free, and nothing while it is cancelled.
    """
    if change.after.starts_at != change.before.starts_at:
        swaps.lapse_in_meeting(tx, Author(actor.id, change.role), change.after.id)
    if change.after.seconds != change.before.seconds:
        fitting.fit(tx, Author(actor.id, change.role), actor, change.after.id, change.after.seconds)
    offering.catch_up_meetings(tx, [change.after.id])


def held_at(record: MeetingRecord) -> Stretch | None:
    """When a meeting is held; None where it is not."""
    return None if record.status == "cancelled" else (record.starts_at, record.ends_at, record.timezone)


def _plan(
    tx: Tx, actor: Actor, meeting: str, changes: Mapping[str, Any], expected_version: int | None
) -> MeetingChange:
    change = meeting_changes.plan(tx, actor, meeting, changes, expected_version=expected_version)
    require_turns_fit(tx, [change])
    require_modes_kept(tx.conn, change.after.id, change.before.format, change.after.format)
    return change


def _consequence(change: MeetingChange, note: str | None) -> Consequence:
    before, after = change.before, change.after
    turn = held_at(before), held_at(after)
    kind = _kind(change)
    said = kind and Wording(kind, after.title, change.session.title, *turn, after.room, note)
    told = said if change.session.status == "published" else None
    return Consequence(meeting_changes.kinds(change), (after.id,), turn, (turn,), told)


def _kind(change: MeetingChange) -> Kind | None:
    """What people are told; None where it is nothing that they must know."""
    before, after = change.before, change.after
    if before.status != after.status:
        return "cancelled" if after.status == "cancelled" else "restored"
    if after.status == "cancelled":
        return None
    if change.moves:
        return "moved"
    return "room" if after.room is not None and after.room != before.room else None
