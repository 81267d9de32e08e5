"""From what was claimed to what is said: facts as they are at the moment of sending, or why there is nothing to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from scheduler.clock.zones import rfc3339
from scheduler.lists.events import SlotEvent
from scheduler.lists.place import timing_of
from scheduler.lists.rules import status_at
from scheduler.notices import floors, material
from scheduler.notices.announcing import opened_at
from scheduler.notices.changes import CHANGE_RULES, Standing, differs, rule_of
from scheduler.notices.facts import ATTENDANCE, RULES, Before, Change, LetterFacts, Rule
from scheduler.notices.floors import FloorNow
from scheduler.notices.material import Addressee, Material
from scheduler.notices.telling import TAKEN_BACK
from scheduler.notices.turn_rules import HAS_COME
from scheduler.outbox.views import ClaimedDue
from scheduler.programme.events import MeetingEvent
from scheduler.storage.connection import Connection

UNREACHABLE = "There is no mail to this person any more: she was erased, or wants none."
NO_LONGER = "What this was about is no longer so."


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are, for links: `base` without a slash at its end, and how one unsubscribes.

    `unsubscribe` makes a person's one-click address for a kind of reminders: `soon`, `lists` or `turns`.
    """

    base: str
    unsubscribe: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter to be written. `event` is what to attach, with the join link where she may have it; None: nothing."""

    due: ClaimedDue
    to: Addressee
    facts: LetterFacts
    event: MeetingEvent | None


@dataclass(frozen=True, slots=True)
class Pointless:
    """Nothing to say any more, and why: one line."""

    due: ClaimedDue
    why: str


def gather(
    conn: Connection, batch: Sequence[ClaimedDue], now: datetime, addresses: Addresses
) -> list[Writing | Pointless]:
    """What to write for claimed rows of the channel `mail`, in their order."""
    found = material.read(conn, batch, now)
    return [_One(due, found, now, addresses).write() for due in batch]


class _NothingError(Exception):
    """There is nothing to say; its text is why."""


@dataclass(frozen=True, slots=True)
class _One:
    """One letter in the making."""

    due: ClaimedDue
    found: Material
    now: datetime
    addresses: Addresses

    def write(self) -> Writing | Pointless:
        to = self.found.people.get(self.due.person_id or "")
        if to is None or not to.reachable:
            return Pointless(self.due, UNREACHABLE)
        try:
            return self._by_rule(to)
        except _NothingError as nothing:
            return Pointless(self.due, str(nothing))

    def _by_rule(self, to: Addressee) -> Writing:
        if self.due.rule in CHANGE_RULES:
            return self._changed(to)
        if self.due.rule in {"swap-proposed", "swap-ended"}:
            return self._swap(to)
        if self.due.rule == "remote-minutes":
            return self._meter(to)
        by_subject = {"list": self._list, "waiting": self._offered, "slot": self._floor}
        return by_subject.get(self.due.subject_type, self._reminder)(to)

    def _reminder(self, to: Addressee) -> Writing:
        """`slot-given`, `slot-soon`, `meeting-soon`."""
        if self.due.subject_type == "inscription":
            event: MeetingEvent = self._turn(self.due.subject_id)
        else:
            event = self._meeting(self.due.subject_id, to)
        planned_for = self.due.data.get("starts_at")
        planned_at, said = event.starts_at, dict[str, Any]()
        floor = self.found.floors.get(self.due.meeting_id or "")
        if floor is not None and isinstance(event, SlotEvent):
            planned_at, said = self._expected(floor)
        if event.cancelled or (planned_for is not None and planned_for != rfc3339(planned_at)):
            raise _NothingError(NO_LONGER)
        return self._letter(to, _rule(self.due.rule), event, **said)

    def _expected(self, floor: FloorNow) -> tuple[datetime, dict[str, Any]]:
        """When the plan has her turn, and what the floor says of it."""
        if (found := floors.waiting(floor, self.due.subject_id)) is None:
            raise _NothingError(HAS_COME)
        return found[0].planned_at, floors.expectation(floor, found[1])

    def _floor(self, to: Addressee) -> Writing:
        """`turn-near`, `turn-next`, `turn-moved`, `turn-carried`, `ready-asked`."""
        found = floors.said_of_turn(self.due, self.found.floors[str(self.due.meeting_id)], to.turn_rules)
        if found is None or found[0] not in self.found.meetings:
            raise _NothingError(HAS_COME)
        meeting, said = found
        # Whoever holds a turn may have the join link.
        return self._letter(to, _rule(self.due.rule), self.found.meetings[meeting].whole, attach=False, **said)

    def _meter(self, to: Addressee) -> Writing:
        """`remote-minutes`."""
        meeting = str(self.due.meeting_id)
        if (said := floors.meter(self.found.floors[meeting])) is None:
            raise _NothingError(NO_LONGER)
        return self._letter(to, "remote-minutes", self._plain(meeting), attach=False, **said)

    def _list(self, to: Addressee) -> Writing:
        """`list-opens`, `list-closes`."""
        row = self.found.lists.get(self.due.subject_id)
        if row is None or self.due.rule not in to.list_rules or status_at(timing_of(row), self.now) != "open":
            raise _NothingError(NO_LONGER)
        meeting = self._meeting(row["meeting_id"], to)
        if meeting.cancelled:
            raise _NothingError(NO_LONGER)
        timing = timing_of(row)
        closes_at = timing.closes_at if timing.closes_at is not None and timing.closes_at > self.now else None
        if self.due.rule == "list-closes" and closes_at != self.due.useless_at:
            raise _NothingError(NO_LONGER)
        at = closes_at or opened_at(timing, self.now)
        written = row["closes_as" if closes_at else "opens_as"]
        said = {
            "starts_at": at,
            "ends_at": at,
            "venue_zone": written["timezone"] if isinstance(written, dict) else row["timezone"],
            "queue": row["allocation"] == "queue",
            "meeting_starts_at": meeting.starts_at,
            "meeting_zone": meeting.timezone,
            "next_reminder_at": None,
            **self._of_list(row["id"], row["title"], to),
        }
        return self._letter(to, _rule(self.due.rule), meeting, attach=False, **said)

    def _offered(self, to: Addressee) -> Writing:
        """`slot-offered`: the slot that is hers to take or, in a queue, the moment until which she can inscribe."""
        row = self.found.offers.get(self.due.subject_id)
        until = row["offered_until"] if row is not None and row["status"] == "offered" else None
        if row is None or until is None or rfc3339(until) != self.due.data["offered_until"]:
            raise _NothingError(NO_LONGER)
        meeting, of_list = self._meeting(row["meeting_id"], to), self.found.lists[row["list_id"]]
        said: dict[str, Any] = {"starts_at": until, "ends_at": until, "queue": of_list["allocation"] == "queue"}
        if row["slot_id"] is not None:
            starts_at = meeting.starts_at + timedelta(seconds=row["starts_after"])
            said |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(seconds=row["seconds"])}
        said |= {"position": row["slot_position"], "mode": row["mode"], "offered_until": until, "join_url": None}
        said |= self._of_list(of_list["id"], of_list["title"], to)
        return self._letter(to, "slot-offered", meeting, attach=False, **said)

    def _swap(self, to: Addressee) -> Writing:
        """`swap-proposed`: the turn that she would get; `swap-ended`: her own, which stays as it is."""
        hers, other = self._turn(self.due.subject_id), self.found.turns.get(str(self.due.data["with"]))
        if hers.cancelled or other is None:
            raise _NothingError(NO_LONGER)
        said: dict[str, Any] = {"swap_with": other.plain.speaker}
        if self.due.rule == "swap-ended":
            said |= {"swap_end": str(self.due.data["why"])}
            return self._letter(to, "swap-ended", hers, attach=False, **said)
        if (other.plain.id, hers.id) not in self.found.swaps:
            raise _NothingError(NO_LONGER)
        own = Before(hers.starts_at, hers.ends_at, hers.room)
        said |= {"swap_own": own, "mode": hers.mode, "delivered_by": hers.delivered_by}
        said |= {"join_url": None, "next_reminder_at": None}
        return self._letter(to, "swap-proposed", other.plain, attach=False, **said)

    def _changed(self, to: Addressee) -> Writing:
        """Moves and cancellations: from what she was last told to what holds now."""
        told, standing = self.found.changes[self.due.id], self.found.standing
        before = {
            id_: was
            for id_, was in told.before.items()
            if differs(was, standing.get(id_)) and (was.person or self._may_speak(was.session, to))
        }
        if not before:
            raise _NothingError(TAKEN_BACK)
        rule = rule_of(before, standing)
        gone = rule.endswith("-cancelled")
        own = {was.meeting for was in before.values() if was.person}
        listed = sorted(
            (was for was in before.values() if was.person or was.meeting not in own),
            key=lambda was: (was.person is None, (not gone) == _is_gone(standing.get(was.id)), was.starts_at, was.id),
        )
        first = listed[0]
        event = self._turn(first.id, withdrawn=True) if first.person else self._meeting(first.meeting, to)
        said: dict[str, Any] = {"note": told.note}
        if gone:
            said |= {"starts_at": first.starts_at, "ends_at": first.ends_at}
            said |= {"meeting_cancelled": first.person is None or self._plain(first.meeting).cancelled}
        else:
            said |= {"before": _before(first)}
        if len(listed) > 1:
            said["changes"] = tuple(self._change(was) for was in sorted(listed, key=lambda was: was.starts_at))
        return self._letter(to, rule, event, **said)

    def _change(self, was: Standing) -> Change:
        meeting, after = self._plain(was.meeting), self.found.standing.get(was.id)
        now = None if after is None or _is_gone(after) else Before(after.starts_at, after.ends_at, after.room)
        return Change(meeting.title, meeting.timezone, was.person is not None, _before(was), now)

    def _letter(self, to: Addressee, rule: Rule, event: MeetingEvent, *, attach: bool = True, **said: Any) -> Writing:
        meeting = event.meeting_id if isinstance(event, SlotEvent) else event.id
        sitting = self.found.sittings[meeting]
        fields: dict[str, Any] = {
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            "venue_zone": event.timezone,
            "venue_city": event.city,
            "session_city": event.city,
            "room": event.room,
            "join_url": None if event.cancelled else event.join_url,
            "next_reminder_at": self.found.next_reminders.get((to.id, event.id)),
            "unsubscribe_url": self._unsubscribe(to, rule),
        }
        if isinstance(event, SlotEvent):
            fields |= {"position": event.position or None, "mode": event.mode, "delivered_by": event.delivered_by}
            fields |= self._of_list(event.list_id, event.list_title, to)
        facts = LetterFacts(
            rule=rule,
            now=self.now,
            name=to.name,
            reader_zone=to.timezone,
            session_title=event.session_title,
            session_starts_on=sitting.starts_on,
            session_ends_on=sitting.ends_on,
            meeting_title=self._plain(meeting).title,
            meeting_url=self._page(f"meetings/{meeting}", to),
            reminders_url=f"{self.addresses.base}/me",
            **fields | said,
        )
        return Writing(self.due, to, facts, event if attach else None)

    def _turn(self, inscription: str, *, withdrawn: bool = False) -> SlotEvent:
        """Her turn; whoever holds one may have the join link."""
        offered = self.found.turns.get(inscription)
        if offered is None or (offered.plain.withdrawn and not withdrawn):
            raise _NothingError(NO_LONGER)
        return offered.whole

    def _meeting(self, id_: str, to: Addressee) -> MeetingEvent:
        """A meeting in which she may speak."""
        offered, sitting = self.found.meetings.get(id_), self.found.sittings.get(id_)
        if offered is None or sitting is None or not self._may_speak(sitting.session, to):
            raise _NothingError(NO_LONGER)
        return offered.whole if sitting.links_for == "accredited" else offered.plain

    def _plain(self, meeting: str) -> MeetingEvent:
        offered = self.found.meetings.get(meeting)
        if offered is None:
            raise _NothingError(NO_LONGER)
        return offered.plain

    def _may_speak(self, session: str, to: Addressee) -> bool:
        return (session, to.id) in self.found.accredited

    def _of_list(self, id_: str, title: str, to: Addressee) -> Mapping[str, str]:
        return {"list_title": title, "list_url": self._page(f"lists/{id_}", to)}

    def _page(self, of: str, to: Addressee) -> str:
        """The address of a page, on her clock."""
        return f"{self.addresses.base}/{of}?tz={quote(to.timezone)}"

    def _unsubscribe(self, to: Addressee, rule: Rule) -> str | None:
        if rule in ATTENDANCE:
            return None
        kind = {"list": "lists", "turn": "turns"}.get(rule.partition("-")[0], "soon")
        return self.addresses.unsubscribe(to.id, kind)


def _rule(text: str) -> Rule:
    return next(rule for rule in RULES if rule == text)


def _before(was: Standing) -> Before | None:
    return None if was.cancelled else Before(was.starts_at, was.ends_at, was.room)


def _is_gone(after: Standing | None) -> bool:
    return after is None or after.cancelled
