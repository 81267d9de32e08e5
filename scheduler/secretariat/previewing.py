"""From a planned change to whom it would affect: people by the database, feeds and webhooks by who keeps them."""

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.programme.records import SessionRecord
from scheduler.secretariat.affected import Affected, Reach, Turn, affected
from scheduler.secretariat.letters import Wording
from scheduler.secretariat.queries import people_concerned
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class Concerned:
    """What feeds and webhooks are counted by: the journal kinds of a change, its session, and who holds a turn in it.

    All are ids but `kinds`. `shown`: whether calendars show the session.
    """

    kinds: frozenset[str]
    session: str
    shown: bool
    people: frozenset[str]
    organisations: frozenset[str]


CountReach = Callable[[Connection, Concerned], Reach]
"""Counts the private feeds and webhooks that a change reaches: handed in, since they are kept in a higher room."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a planned change is.

    Attributes:
        kinds: of its journal entries; none: nothing changes.
        meetings: the ids of those it changes.
        whole: what people see of it on their clocks, before and after.
        parts: the meetings, before and after.
        said: what they would read; None: nobody is told.
    """

    kinds: frozenset[str]
    meetings: tuple[str, ...]
    whole: Turn
    parts: tuple[Turn, ...]
    said: Wording | None


def consequences(tx: Tx, session: SessionRecord, planned: Consequence, count_reach: CountReach) -> Affected:
    """Whom a planned change would affect if it were made now, and so told of now."""
    people, holders, organisations = people_concerned(tx.conn, session.id, planned.meetings)
    shown = session.status != "draft"
    concerned = Concerned(planned.kinds, session.id, shown, holders, organisations)
    reach = count_reach(tx.conn, concerned)
    told = people if planned.said is not None else []
    return affected(told, reach, planned.whole, planned.parts, planned.said, told_at=tx.now)
