"""One feed in memory: its entries ready to be joined, what changed since they were, and the version that goes out."""

from asyncio import Task
from dataclasses import dataclass, field, replace
from datetime import datetime

from api.feeds.asked import Asked
from api.feeds.content import Content, Owner
from api.feeds.months import Month, month
from api.feeds.ready import Ready
from calendars.document import assemble
from calendars.entries import Entry
from calendars.feeds import described, entry
from scheduler.programme.events import CalendarEvent

Kept = dict[str, tuple[CalendarEvent, bool, Entry]]
"""By event: as it was when its entry was written, whether that is in UTC, and the entry."""

_MOST_SINGLE = 32  # of more changed meetings all are read in less time
_OVERHEAD = 4_096


class Written:
    """A feed's content, its events by month, and the entries that are written of them.

    One reading at a time changes it in place; where that fails, the feed is forgotten.
    """

    def __init__(self, content: Content, kept: Kept | None = None) -> None:
        self.content = content
        self.kept: Kept = {} if kept is None else kept
        self._months: dict[int, Month] = {}
        self._where: dict[str, Month] = {}
        for event in content.events:
            self._put(event)

    def with_content(self, content: Content) -> "Written":
        """What was read anew, with the entries of events that are as they were."""
        ids = {event.id for event in content.events} if content.variant == self.content.variant else set[str]()
        return Written(content, {id_: kept for id_, kept in self.kept.items() if id_ in ids})

    def change(self, id_: str, event: CalendarEvent | None) -> None:
        """A meeting as it is now; None: it is not shown any more."""
        if (before := self._where.pop(id_, None)) is not None:
            before.put(id_, None)
        if event is not None:
            self._put(event)

    def ready(self, now: datetime) -> Ready:
        """What goes out from now on."""
        months = [(month, month.shown(now)) for _, month in sorted(self._months.items())]
        zones = described([shown.spread for _, shown in months if shown.spread is not None])
        parts = [month.part(shown, zones, self._entry) for month, shown in months if shown.events]
        header, owner = self.content.header, self.content.owner
        changed_at = max(filter(None, [header.changed_at, *(shown.left for _, shown in months)]))
        made = assemble(replace(header, changed_at=changed_at), zones.data, parts)
        return Ready(
            made.body,
            made.etag,
            made.last_modified,
            private=owner is not None,
            dated=not self.content.narrowed,
            until=min(filter(None, (shown.until for _, shown in months)), default=None),
        )

    def _put(self, event: CalendarEvent) -> None:
        self._where[event.id] = self._months.setdefault(month(event), Month())
        self._where[event.id].put(event.id, event)

    def _entry(self, event: CalendarEvent, in_utc: bool) -> Entry:
        kept = self.kept.get(event.id)
        if kept is not None and kept[1] == in_utc and (kept[0] is event or kept[0] == event):
            return kept[2]
        variant = self.content.variant
        made = entry(event, replace(variant, utc=True) if in_utc else variant)
        self.kept[event.id] = (event, in_utc, made)
        return made


@dataclass(slots=True, eq=False)
class Assembly:
    """A feed that was asked for. The shelf changes it under its lock; requests read it without.

    `marked` counts what was heard of it, `built` how much of that `ready` shows: it may go out while they are equal.
    What is to be read again is `everything`, or the `meetings` whose ids stand there.
    """

    asked: Asked
    paths: set[tuple[str, bytes]] = field(default_factory=set)
    touched: frozenset[str] = frozenset()
    marked: int = 1
    built: int = 0
    everything: bool = True
    meetings: set[str] = field(default_factory=set)
    written: Written | None = None
    ready: Ready | None = None
    building: Task[None] | None = None
    used_at: datetime | None = None

    @property
    def owner(self) -> Owner | None:
        """Whose private feed it is, once it was read."""
        return self.written.content.owner if self.written else None

    @property
    def size(self) -> int:
        """About how many bytes it keeps: each entry apart, by month, all joined, and compressed."""
        return _OVERHEAD + (3 * self.ready.size if self.ready else 0)

    def fresh(self, now: datetime) -> Ready | None:
        """What may go out at this moment, None where something changed since."""
        ready = self.ready
        if ready is None or self.built != self.marked or (ready.until is not None and ready.until <= now):
            return None
        return ready

    def mark(self, meeting: str | None = None) -> None:
        """Something changed: one meeting, or None for anything."""
        self.marked += 1
        if meeting is None or len(self.meetings) >= _MOST_SINGLE:
            self.everything = True
        else:
            self.meetings.add(meeting)

    def take(self) -> tuple[int, list[str] | None]:
        """What is to be read: of the meetings these, or None for everything; and the mark up to which that goes."""
        meetings = None if self.everything or self.written is None else sorted(self.meetings)
        self.everything, self.meetings = False, set()
        return self.marked, meetings
