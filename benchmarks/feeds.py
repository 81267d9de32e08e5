"""Feeds over HTTP against a bare ASGI app with the same bytes, and one changed event against building all."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from api.app import close
from api.feeds.asked import Asked
from api.feeds.assembly import Written
from api.feeds.content import session_content
from api.web.service import Service
from benchmarks.bare import written
from benchmarks.load import Result, answer, hammer, request
from benchmarks.measuring import Row, a_second, compared, milliseconds, taking_turns
from benchmarks.scenery import Place, programme
from benchmarks.service import process, running
from calendars.entries import Variant
from scheduler.programme.calendar import one_meeting_event
from scheduler.programme.tables import Meeting
from scheduler.storage.connection import Connection

EVENTS, MANY_EVENTS = 420, 2_000
REQUESTS = 4_000
_TITLES = {"/found": "200 gzip", "/unchanged": "304"}
_GZIP = {"Accept-Encoding": "gzip, deflate"}


def rows(folder: Path) -> list[Row]:
    """Both."""
    return [*_served(folder / "served"), _changed(folder / "changed")]


def _served(folder: Path) -> list[Row]:
    """200 with gzip, and 304."""
    place = Place.made(folder)
    place.fill(lambda tx: programme(tx, "feeds", EVENTS))
    path = "/calendars/sessions/feeds.ics"
    with ExitStack() as stack:
        port = stack.enter_context(running(place.environment)).port
        found = request("GET", path, _GZIP)
        tag = _header(answer(port, found)[0], b"etag")
        unchanged = _GZIP | {"If-None-Match": tag}
        asked = {"/found": (found, _GZIP), "/unchanged": (request("GET", path, unchanged), unchanged)}
        answers = {name: answer(port, sent) for name, (sent, _) in asked.items()}
        bare = stack.enter_context(process("benchmarks.bare", str(written(folder / "answers", answers)))).port
        rows = []
        for name, (sent, headers) in asked.items():
            at_limit = request("GET", name, headers)
            pairs = taking_turns(partial(hammer, bare, [at_limit] * REQUESTS), partial(hammer, port, [sent] * REQUESTS))
            title = f"feed of {EVENTS} events, {_TITLES[name]}"
            rows.append(compared(title, _rates(pairs), a_second, "bare ASGI", 0.80))
    return rows


def _rates(pairs: list[tuple[Result, Result]]) -> list[tuple[float, float]]:
    return [(limit.rate, ours.rate) for limit, ours in pairs]


def _header(head: bytes, name: bytes) -> str:
    lines = (line.partition(b":") for line in head.split(b"\r\n"))
    return next(value.strip().decode() for key, _, value in lines if key.lower() == name)


def _changed(folder: Path) -> Row:
    """One event of many was changed: reading and writing that one, against reading and writing all."""
    place = Place.made(folder)
    place.fill(lambda tx: programme(tx, "feeds", MANY_EVENTS))
    service = place.service()
    asked, variant = Asked("sessions", "feeds"), Variant("rostrum.test", "http://rostrum.test")
    now = datetime.now(UTC)

    def build(conn: Connection) -> Written:
        built = Written(session_content(conn, asked, variant))
        built.ready(now)
        return built

    standing = service.reads.now(build)
    id_ = standing.content.events[MANY_EVENTS // 2].id
    titles = (f"Meeting, changed {number}" for number in count(1))

    def again(conn: Connection) -> None:
        standing.change(id_, one_meeting_event(conn, id_))
        standing.ready(now)

    def one() -> float:
        title = next(titles)
        service.writer.act_now(lambda tx: tx.conn.update(Meeting, id_, title=title))
        return _timed(service, again)

    pairs = taking_turns(lambda: _timed(service, build), one)
    close(service)
    return compared(f"1 changed event of {MANY_EVENTS:,}", pairs, milliseconds, "building all", 0.02, at_most=True)


def _timed(service: Service, read: Callable[[Connection], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    service.reads.now(read)
    return 1000 * (time.perf_counter() - begun)
