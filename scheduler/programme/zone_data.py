"""Coming meetings whose instants were derived by another release of the zone data than the one that is used now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from scheduler.clock.zones import ZONE_DATA
from scheduler.errors import Refusal
from scheduler.programme.rules import sitting
from scheduler.programme.tables import Meeting, Session
from scheduler.storage.columns import Instant, table
from scheduler.storage.connection import Connection, Prepared

_m, _s = table(Meeting).c, table(Session).c
_BY_ANOTHER = Prepared(
    select(
        _s.code, _m.number, _m.date, _m.start, _m.end, _m.timezone, _m.fold, _m.starts_at, _m.ends_at, _m.zone_data
    )
    .select_from(table(Meeting).join(table(Session), _s.id == _m.session_id))
    .where(
        _m.ends_at > bindparam("now", type_=Instant()),
        _m.status != "cancelled",
        _m.zone_data != bindparam("release"),
    )
    .order_by(_m.starts_at, _m.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shifted:
    """A meeting that is kept at `starts_at`, by release `zone_data`, while its wall clock is now another instant."""

    session: str
    number: int
    starts_at: datetime
    zone_data: str


def shifted(conn: Connection, now: datetime) -> list[Shifted]:
    """The meetings to come whose instants the present release would derive otherwise, or not at all, in order."""
    found = []
    for code, number, day, start, end, zone, fold, *kept, release in conn.all(_BY_ANOTHER, now=now, release=ZONE_DATA):
        try:
            derived = [*sitting(day, start, end, zone, fold)]
        except Refusal:
            derived = []
        if derived != kept:
            found.append(Shifted(code, number, kept[0], release))
    return found
