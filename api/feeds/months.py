"""The events of a feed that start in one month: what was made of them serves until one of them changes.

So that one changed event of thousands costs a look at some dozens. Months come one after the other in a feed, since
entries stand by their start.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from calendars import tombstones
from calendars.document import Part, part
from calendars.entries import Entry
from calendars.feeds import Spread, Zones, spread
from scheduler.programme.events import CalendarEvent


@dataclass(frozen=True, slots=True)
class Shown:
    """What a feed shows of a month, from the moment that one `left` until the next one leaves (None: never).

    `spread` is None where nothing is shown.
    """

    events: list[CalendarEvent]
    spread: Spread | None
    left: datetime | None
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is so at this moment, too. A rehearsal's clock may be set back."""
        return (self.left is None or self.left <= now) and (self.until is None or now < self.until)


@dataclass(slots=True, eq=False)
class Month:
    """Events by id. Whoever changes one says so by `put`."""

    events: dict[str, CalendarEvent] = field(default_factory=dict)
    _shown: Shown | None = None
    _part: tuple[dict[str, tuple[int, int]], Part] | None = None

    def put(self, id_: str, event: CalendarEvent | None) -> None:
        """An event as it is now; None: it is not here any more."""
        self._shown = self._part = None
        if event is None:
            del self.events[id_]
        else:
            self.events[id_] = event

    def shown(self, now: datetime) -> Shown:
        """What is shown at this moment."""
        if self._shown is None or not self._shown.holds(now):
            all_, self._part = self.events.values(), None
            events = tombstones.shown(all_, now)
            left, until = tombstones.last_expiry(all_, now), tombstones.next_expiry(all_, now)
            self._shown = Shown(events, spread(events) if events else None, left, until)
        return self._shown

    def part(self, shown: Shown, zones: Zones, write: Callable[[CalendarEvent, bool], Entry]) -> Part:
        """What is `shown` now, written in a feed with these zones; `write` makes an entry, in UTC or not."""
        if self._part is None or self._part[0] != zones.spans:
            self._part = zones.spans, part([write(event, not zones.tell(event)) for event in shown.events])
        return self._part[1]


def month(event: CalendarEvent) -> int:
    """The number of its month: those of earlier ones are less."""
    return event.starts_at.year * 12 + event.starts_at.month
