"""What letters say of the floor of a meeting that sits, as it is at the moment of sending."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from scheduler.clock.zones import parse_instant, stretch
from scheduler.floor.reading import Standing, seen, standing
from scheduler.floor.view import RemoteMeter
from scheduler.notices import holders
from scheduler.notices.facts import Expectation, Meter
from scheduler.notices.holders import Holder
from scheduler.notices.outlook import Outlook, nobody_has_spoken, outlooks
from scheduler.outbox.views import ClaimedDue
from scheduler.people.permission import OPERATOR
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection

TOLD_OF = frozenset({"turn-near", "turn-next", "turn-moved", "turn-carried", "ready-asked", "remote-minutes"})
"""Rules whose letters need the floor."""


@dataclass(frozen=True, slots=True)
class FloorNow:
    """A floor with who waits on it, by slot; `remote` where the meeting has a cap on remote minutes.

    `holders` are those of its slots, by slot, wherever these are by now.
    """

    here: Standing
    outlooks: Mapping[str, Outlook]
    holders: Mapping[str, Holder]
    remote: RemoteMeter | None

    @property
    def guess(self) -> bool:
        """Whether nobody has spoken yet, so that nothing is known of this meeting's pace."""
        return nobody_has_spoken(self.here.floor)


def read(conn: Connection, meeting: str, now: datetime) -> FloorNow:
    """Reads the floor of a meeting. Raises NotFound."""
    here = standing(conn, meeting, Reader(OPERATOR))
    remote = seen(conn, here, now).remote if here.meeting.remote_budget_seconds is not None else None
    return FloorNow(here, outlooks(here.floor, here.sitting, now), holders.of_slots(conn, here.floor.turns), remote)


def waiting(of: FloorNow, inscription: str) -> tuple[Holder, Outlook] | None:
    """The turn of an inscription, while she waits for it there."""
    found = ((each, of.outlooks.get(each.slot)) for each in of.holders.values() if each.inscription == inscription)
    return next(((holder, outlook) for holder, outlook in found if outlook is not None), None)


def expectation(of: FloorNow, outlook: Outlook, was: datetime | None = None) -> dict[str, Any]:
    """What a letter says of a turn that waits: the facts by name."""
    expected = outlook.expected
    said = Expectation(
        earliest=expected.earliest_start,
        latest=expected.latest_start,
        guess=of.guess,
        before=outlook.before,
        on_deck=outlook.on_deck,
        was=was,
        in_next_meeting=expected.in_next_meeting,
    )
    return {
        "starts_at": expected.expected_start,
        "ends_at": expected.expected_start,
        "mode": outlook.turn.mode,
        "expectation": said,
    }


def said_of_turn(due: ClaimedDue, of: FloorNow, turn_rules: Collection[str]) -> tuple[str, dict[str, Any]] | None:
    """The meeting (its id) in which she is expected, and what the letter says; None: it is not so any more.

    So never of a turn that has come, nor of one that is another's by now.
    """
    outlook = of.outlooks.get(due.subject_id)
    if outlook is None or outlook.person != due.person_id:
        return None
    here, elsewhere = of.here.meeting.id, outlook.expected.in_next_meeting
    was = parse_instant(due.data["was"], field="was") if "was" in due.data else None
    match due.rule:
        case "turn-carried":
            return _carried(due, of, outlook)
        case "turn-near" if outlook.on_deck and "turn-next" in turn_rules:
            return None  # one letter says it better
        case "turn-next" if not outlook.on_deck:
            return None
        case "ready-asked" if outlook.turn.ready:
            return None
    following = of.here.sitting.next_meeting
    there = following.id if elsewhere and following is not None and following.id else here
    return there, expectation(of, outlook, was if due.rule == "turn-moved" else None)


def meter(of: FloorNow) -> dict[str, Any] | None:
    """What a letter says of the remote minutes; None: there is no cap any more."""
    meeting, remote = of.here.meeting, of.remote
    if remote is None or remote.budget_seconds is None:
        return None
    end = meeting.ends_at
    if meeting.end_if_exceeded is not None:
        start, last = time.fromisoformat(meeting.start), time.fromisoformat(meeting.end_if_exceeded)
        end = stretch(date.fromisoformat(meeting.date), start, last, meeting.timezone, meeting.fold or 0)[1]
    used = Meter(
        used=int(remote.used_seconds // 60),
        budget=remote.budget_seconds // 60,
        projected=round(remote.projected_seconds / 60),
        ends_then=meeting.end_if_exceeded is not None,
    )
    return {"starts_at": end, "ends_at": end, "meter": used, "join_url": None}


def _carried(due: ClaimedDue, of: FloorNow, outlook: Outlook) -> tuple[str, dict[str, Any]] | None:
    """Where the list goes on, not before that; closed, her turn is there already."""
    following, holder = of.here.sitting.next_meeting, of.holders.get(due.subject_id)
    if following is None or outlook.expected.not_before is None:
        return None
    said = expectation(of, outlook)
    there = following.id or of.here.meeting.id
    if holder is not None and holder.meeting != of.here.meeting.id:
        there = holder.meeting
    on = outlook.expected.not_before
    return there, said | {"starts_at": on, "ends_at": on}
