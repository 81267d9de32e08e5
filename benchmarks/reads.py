"""Reads over HTTP against a no-op endpoint of the same server."""

from functools import partial
from pathlib import Path

from sqlalchemy import select

from benchmarks.load import Result, hammer, request
from benchmarks.measuring import Row, a_second, compared, taking_turns
from benchmarks.scenery import Place, programme
from benchmarks.service import running
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table

MEETINGS = 420
_m = table(Meeting).c


def rows(folder: Path) -> list[Row]:
    """A page of 50 meetings on another clock, one meeting, a page of the journal."""
    place = Place.made(folder)
    place.fill(lambda tx: programme(tx, "reads", MEETINGS))
    meeting = place.fill(lambda tx: tx.conn.all(select(_m.id).limit(1))[0][0])
    asked = (
        ("page of 50 meetings with ?tz=", "/api/v1/sessions/reads/meetings?tz=Pacific/Apia", 1_000, 0.15),
        ("one meeting", f"/api/v1/meetings/{meeting}", 2_000, 0.45),
        ("page of 50 of the journal", "/api/v1/changes", 1_000, None),
    )
    with running(place.environment) as service:
        return [
            compared(
                title,
                _rates(
                    taking_turns(
                        partial(hammer, service.port, [request("GET", "/noop")] * count),
                        partial(hammer, service.port, [request("GET", path)] * count),
                    )
                ),
                a_second,
                "no-op",
                reach,
            )
            for title, path, count, reach in asked
        ]


def _rates(pairs: list[tuple[Result, Result]]) -> list[tuple[float, float]]:
    if {status for pair in pairs for result in pair for status in result.statuses} != {200}:
        raise RuntimeError("a request failed")
    return [(limit.rate, ours.rate) for limit, ours in pairs]
