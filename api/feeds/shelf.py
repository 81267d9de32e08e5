"""All feeds in memory, and how a change in the journal reaches them: before the act that made it is answered.

The journal's listeners call from the writer's and the watcher's threads, requests come on the event loop; `_lock` is
between them, held for moments. While a feed is being read it hears every entry, since what it will hang on is not
known yet: what was committed before its read is in it, and what came after marks it once more.
"""

import threading
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime

from api.feeds.asked import Asked
from api.feeds.assembly import Assembly, Written
from api.feeds.content import EVERYTHING
from api.feeds.hearing import effect, names
from api.feeds.ready import Ready
from scheduler.journal.entries import Entry

MOST_BYTES = 256_000_000
_MOST_PATHS = 50_000
_OWN_REMEMBERED = 20_000
_NEVER = datetime.min.replace(tzinfo=UTC)


class Shelf:
    """The feeds that were asked for, the longest unused thrown out beyond `most_bytes`."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.known: dict[tuple[str, bytes], Assembly] = {}
        self._most_bytes = most_bytes
        self._feeds: dict[Asked, Assembly] = {}
        self._by_name: dict[str, set[Assembly]] = {}
        self._open: set[Assembly] = set()
        self._own: deque[int] = deque(maxlen=_OWN_REMEMBERED)
        self._own_ids: set[int] = set()
        self._lock = threading.Lock()

    def heard(self, entries: list[Entry]) -> None:
        """A listener of this process's own commits."""
        with self._lock:
            for entry in entries:
                if len(self._own) == _OWN_REMEMBERED:
                    self._own_ids.discard(self._own[0])
                self._own.append(entry.id)
                self._own_ids.add(entry.id)
            self._apply(entries)

    def told(self, entries: list[Entry]) -> None:
        """A listener of all processes' commits; its own ones are known already."""
        with self._lock:
            self._apply(entry for entry in entries if entry.id not in self._own_ids)

    def assembly(self, path: tuple[str, bytes], asked: Asked) -> Assembly:
        """The feed that was asked for at this address, new where it is the first time."""
        with self._lock:
            found = self._feeds.get(asked)
            if found is None:
                found = self._feeds[asked] = Assembly(asked)
                self._open.add(found)
            if len(self.known) >= _MOST_PATHS:
                self._forget_paths()
            self.known[path] = found
            found.paths.add(path)
            return found

    def wanted(self, assembly: Assembly, now: datetime) -> int:
        """Up to which mark the feed must be read to be shown at this moment."""
        with self._lock:
            if assembly.built == assembly.marked and assembly.fresh(now) is None:
                assembly.mark()  # the clock alone made it another
            return assembly.marked

    def begin(self, assembly: Assembly) -> tuple[int, list[str] | None]:
        """Begins a reading: what is to be read, and up to which mark it goes."""
        with self._lock:
            self._displace(assembly)
            self._open.add(assembly)
            return assembly.take()

    def finish(self, assembly: Assembly, upto: int, written: Written, ready: Ready) -> None:
        """Ends a reading: what was heard meanwhile is marked, so a request that came after it waits for the next."""
        with self._lock:
            assembly.built, assembly.written, assembly.ready = upto, written, ready
            self._open.discard(assembly)
            if self._feeds.get(assembly.asked) is assembly:
                assembly.touched = written.content.touched
                for name in assembly.touched:
                    self._by_name.setdefault(name, set()).add(assembly)
        self._make_room(assembly)

    def fail(self, assembly: Assembly) -> None:
        """Ends a reading that failed: the feed is forgotten, whoever asks next begins anew."""
        with self._lock:
            self._drop(assembly)

    def _apply(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            hearers = set(self._open)
            for name in (*names(entry), EVERYTHING):
                hearers |= self._by_name.get(name or "", set())
            for assembly in hearers:
                self._tell(assembly, entry)

    def _tell(self, assembly: Assembly, entry: Entry) -> None:
        match effect(entry, assembly.asked, assembly.written.content if assembly.written else None):
            case "meeting":
                assembly.mark(entry.subject_id)
            case "all":
                assembly.mark()
            case "gone":
                self._drop(assembly)
            case "none":
                pass

    def _displace(self, assembly: Assembly) -> None:
        for name in assembly.touched:
            hearers = self._by_name.get(name)
            if hearers is not None:
                hearers.discard(assembly)
                if not hearers:
                    del self._by_name[name]
        assembly.touched = frozenset()

    def _drop(self, assembly: Assembly) -> None:
        self._displace(assembly)
        self._open.discard(assembly)
        if self._feeds.get(assembly.asked) is assembly:
            del self._feeds[assembly.asked]
        for path in assembly.paths:
            if self.known.get(path) is assembly:
                del self.known[path]
        assembly.paths.clear()

    def _forget_paths(self) -> None:
        self.known.clear()
        for each in self._feeds.values():
            each.paths.clear()

    def _make_room(self, newest: Assembly) -> None:
        with self._lock:
            size = sum(each.size for each in self._feeds.values())
            if size <= self._most_bytes:
                return
            for each in sorted(self._feeds.values(), key=lambda each: each.used_at or _NEVER):
                if each is newest or each.building is not None:
                    continue
                size -= each.size
                self._drop(each)
                if size <= self._most_bytes:
                    return
