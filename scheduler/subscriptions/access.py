"""What a private feed goes on showing when its owner may see less than before, or more again. Pure.

A calendar program believes an edition only if it is newer than the one it has. So what she may no longer see leaves as
a tombstone without details, with a higher SEQUENCE, and nothing about it moves any more; a link that is withheld, or
given, is a change of that entry; and neither SEQUENCE nor LAST-MODIFIED ever goes back. For that each feed remembers
where it differs from what the events say themselves: a few entries, mostly none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from scheduler.programme.events import CalendarEvent

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """An event as it is: `whole`, and `plain` without its link, which is what she sees where that is `withheld`."""

    whole: CalendarEvent
    plain: CalendarEvent
    withheld: bool

    @property
    def seen(self) -> CalendarEvent:
        """The one that she may see."""
        return self.plain if self.withheld else self.whole

    @property
    def shows_link(self) -> bool:
        """Whether the two differ in what can be seen."""
        return replace(self.whole, sequence=self.plain.sequence, changed_at=self.plain.changed_at) != self.plain


@dataclass(frozen=True, slots=True)
class Shown:
    """How a feed shows an event: its link `withheld` or not, its sequence other by `added`, changed at `since`.

    `over`: the event's own last change, which `since` covers.
    """

    withheld: bool = False
    added: int = 0
    since: datetime | None = None
    over: datetime | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an event that she may no longer see."""

    timezone: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """What a feed must remember: the language of its words and since when, and by event what it showed.

    `begun`: it was read before, and what `shown` does not tell of was whole. `lost`: she may not read the feed at all
    at the moment, `left` is what stays of it.
    """

    language: str
    since: datetime | None = None
    begun: bool = False
    lost: bool = False
    shown: dict[str, Shown] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)


def seen(
    memory: Memory, offers: Sequence[Offer], now: datetime, language: str, *, allowed: bool
) -> tuple[list[CalendarEvent], Memory]:
    """What the feed shows now, and what it must remember from now on (the same memory while nothing turned).

    `allowed`: whether she may read a feed of its scope at all.
    """
    if language != memory.language:
        shown_so_far = (_shown(offer, memory) for offer in offers)
        memory = replace(memory, language=language, since=_after(now, shown_so_far))
    if not allowed:
        memory = memory if memory.lost else _lose(memory, offers, now)
        return [_tombstone(id_, left, memory) for id_, left in memory.left.items()], memory
    shown = {offer.seen.id: _turned(offer, memory, now) for offer in offers}
    shown = {id_: how for id_, how in shown.items() if how != Shown()}
    memory = replace(memory, begun=True, lost=False, left={}, shown=shown)
    return [_shown(offer, memory) for offer in offers], memory


def _lose(memory: Memory, offers: Iterable[Offer], now: datetime) -> Memory:
    left = {}
    for offer in offers:
        event = _shown(offer, memory)
        at = _after(now, [event])
        left[event.id] = Left(event.timezone, event.starts_at, event.ends_at, event.sequence + 1, at)
    return replace(memory, begun=True, lost=True, left=left)


def _turned(offer: Offer, memory: Memory, now: datetime) -> Shown:
    """How the event is shown from now on: as before, or in a new edition where its link or all of it came or went."""
    left = memory.left.get(offer.seen.id)
    if left is not None:
        at = max(_whole(now), left.changed_at + _SECOND)
        return Shown(offer.withheld, _above(left.sequence, offer.seen), at, offer.seen.changed_at)
    before = _before(offer, memory)
    if before.withheld == offer.withheld:
        return _caught_up(before, offer.seen)
    last = _edition(offer.plain if before.withheld else offer.whole, before, memory)
    if not offer.shows_link:
        # There is nothing to withhold, so this is no other edition: it goes on under the number that it has.
        added = last.sequence - offer.seen.sequence
        if last.changed_at <= offer.seen.changed_at:
            return Shown(offer.withheld, added)
        return Shown(offer.withheld, added, last.changed_at, offer.seen.changed_at)
    return Shown(offer.withheld, _above(last.sequence, offer.seen), _after(now, [last]), offer.seen.changed_at)


def _caught_up(how: Shown, event: CalendarEvent) -> Shown:
    """As before, yet a change of the event that comes within the second of the last turn gets a later moment, too."""
    if how.since is None or how.over == event.changed_at or how.since < event.changed_at:
        return how
    return replace(how, since=how.since + _SECOND, over=event.changed_at)


def _before(offer: Offer, memory: Memory) -> Shown:
    return memory.shown.get(offer.seen.id, Shown() if memory.begun else Shown(offer.withheld))


def _shown(offer: Offer, memory: Memory) -> CalendarEvent:
    how = _before(offer, memory)
    return _edition(offer.plain if how.withheld else offer.whole, how, memory)


def _edition(event: CalendarEvent, how: Shown, memory: Memory) -> CalendarEvent:
    changed_at = max(filter(None, (event.changed_at, how.since, memory.since)))
    return replace(event, sequence=event.sequence + how.added, changed_at=changed_at)


def _tombstone(id_: str, left: Left, memory: Memory) -> CalendarEvent:
    changed_at = max(filter(None, (left.changed_at, memory.since)))
    return CalendarEvent(id_, left.timezone, left.starts_at, left.ends_at, True, left.sequence, changed_at)  # noqa: FBT003  -- `cancelled`, in the order of the fields


def _above(sequence: int, event: CalendarEvent) -> int:
    return max(0, sequence + 1 - event.sequence)


def _after(now: datetime, events: Iterable[CalendarEvent]) -> datetime:
    """Now in whole seconds, and later than anything these events show."""
    return max([_whole(now), *(event.changed_at + _SECOND for event in events)])


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
