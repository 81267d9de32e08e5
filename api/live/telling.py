"""What of a floor is told, and the bytes of it that are at hand."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Protocol

from scheduler.floor.view import FloorView

MOST_BYTES_KEPT = 32_000_000

Clock = str | None
"""The clock on which `viewer` is added; None: it is not."""


class Told(Protocol):
    """A floor at one moment, to be told on many clocks."""

    @property
    def view(self) -> FloorView:
        """The floor."""

    def encoded(self, clock: Clock) -> bytes:
        """Its JSON, which is made once for each clock."""


class Source(Protocol):
    """Where the floors come from."""

    async def present(self, meeting_id: str) -> Told:
        """The floor as it stands now."""

    async def after(self, meeting_id: str, version: int, clocks: Iterable[Clock], most: int) -> list[Told]:
        """The floors after a version, each at the moment of its event, in order; encoded for these clocks."""


class Kept:
    """Events as bytes by meeting, version and clock; those not asked for the longest go when there are too many."""

    def __init__(self, most_bytes: int = MOST_BYTES_KEPT) -> None:
        self._events: OrderedDict[tuple[str, int, Clock], bytes] = OrderedDict()
        self._left = self._most = most_bytes

    def get(self, key: tuple[str, int, Clock]) -> bytes | None:
        """The event; None: it is not at hand."""
        found = self._events.get(key)
        if found is not None:
            self._events.move_to_end(key)
        return found

    def put(self, key: tuple[str, int, Clock], event: bytes) -> None:
        """Keeps it."""
        self._left += len(self._events.pop(key, b"")) - len(event)
        self._events[key] = event
        while self._left < 0:
            self._left += len(self._events.popitem(last=False)[1])

    def clear(self) -> None:
        """Forgets all: somebody has another name, or none any more."""
        self._events.clear()
        self._left = self._most


def floor(told: Told, clock: Clock) -> bytes:
    """A version of the floor as an event."""
    return b"event: floor\nid: %d\ndata: %s\n\n" % (told.view.version, told.encoded(clock))


def forecast(told: Told, clock: Clock) -> bytes:
    """The floor once more, without a number: nothing happened but that the time went on."""
    return b"event: forecast\ndata: %s\n\n" % told.encoded(clock)
