"""Where speaking takes place: a list with its meeting and session, as every act on it asks first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, case, select

from scheduler.errors import NotFound
from scheduler.journal.entries import Audience
from scheduler.lists.rules import Timing, check_alive
from scheduler.lists.tables import SpeakersList
from scheduler.lists.windows import Sitting
from scheduler.people.permission import Scopes
from scheduler.people.reader import Reader
from scheduler.programme.tables import Item, Meeting, Session
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared

Row = dict[str, Any]

list_, meeting, session, item = table(SpeakersList), table(Meeting), table(Session), table(Item)

PLACE: tuple[ColumnElement[Any], ...] = (
    session.c.body_id.label("place_body"),
    meeting.c.session_id.label("place_session"),
    meeting.c.id.label("place_meeting"),
    session.c.status.label("place_session_status"),
    meeting.c.status.label("place_meeting_status"),
    meeting.c.format.label("place_format"),
    meeting.c.languages.label("place_languages"),
    meeting.c.date.label("place_date"),
    meeting.c.timezone.label("place_timezone"),
    meeting.c.starts_at.label("place_starts_at"),
    meeting.c.ends_at.label("place_ends_at"),
)
TIMING: tuple[ColumnElement[Any], ...] = (
    list_.c.opens_at.label("timing_opens_at"),
    list_.c.closes_at.label("timing_closes_at"),
    list_.c.hand_status.label("timing_hand_status"),
    list_.c.hand_at.label("timing_hand_at"),
    case((list_.c.closes_state == "started", item.c.started_at), else_=item.c.ended_at).label("timing_item_at"),
)


class Rows:
    """A prepared SELECT whose rows come back as dictionaries by column name."""

    __slots__ = ("_names", "_statement")

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = Prepared(statement)
        self._names = tuple(str(column.key) for column in statement.selected_columns)

    def all(self, conn: Connection, **values: Any) -> list[Row]:
        """Every row."""
        return [dict(zip(self._names, row, strict=True)) for row in conn.all(self._statement, **values)]

    def first(self, conn: Connection, **values: Any) -> Row | None:
        """The first row, or None."""
        row = conn.first(self._statement, **values)
        return dict(zip(self._names, row, strict=True)) if row else None


@dataclass(frozen=True, slots=True)
class Place:
    """The meeting and its session: ids, states, and when it sits."""

    body: str
    session: str
    meeting: str
    session_status: str
    meeting_status: str
    format: str
    languages: tuple[str, ...]
    sitting: Sitting

    @property
    def public(self) -> bool:
        """Whether everybody may know of it."""
        return self.session_status != "draft"

    def scopes(self, organisation: str | None = None, person: str | None = None) -> Scopes:
        """The scopes of an act here, for the permission table."""
        return Scopes(self.body, self.session, organisation, person)

    def audience(self, organisation: str | None = None, person: str | None = None, *, public: bool = True) -> Audience:
        """Who hears of a change here; not the public where the session is a draft."""
        return Audience(public and self.public, self.body, self.session, self.meeting, organisation, person)

    def seen_by(self, reader: Reader) -> bool:
        """Whether this reader may know of it at all."""
        return reader.sees_session(self.body, self.session, self.session_status)

    def check_alive(self) -> None:
        """Refuses to touch lists that rest. Raises NotAllowedNow."""
        check_alive(self.meeting_status, self.session_status)


def standing(from_: FromClause) -> FromClause:
    """What the columns of a place and of its timing are read from: `from_` holds the list, the rest is joined."""
    return (
        from_.join(meeting, meeting.c.id == list_.c.meeting_id)
        .join(session, session.c.id == meeting.c.session_id)
        .outerjoin(item, item.c.id == list_.c.closes_item_id)
    )


def place_of(row: Row) -> Place:
    """The place in a row that was read with the columns `PLACE`."""
    sitting = Sitting(row["place_date"], row["place_timezone"], row["place_starts_at"], row["place_ends_at"])
    return Place(
        row["place_body"],
        row["place_session"],
        row["place_meeting"],
        row["place_session_status"],
        row["place_meeting_status"],
        row["place_format"],
        tuple(row["place_languages"]),
        sitting,
    )


def timing_of(row: Row) -> Timing:
    """What opens and closes the list of a row that was read with the columns `TIMING`."""
    return Timing(
        row["timing_opens_at"],
        row["timing_closes_at"],
        row["timing_hand_status"],
        row["timing_hand_at"],
        row["timing_item_at"],
    )


def hers(row: Row) -> Audience:
    """Whom a row is about, and whoever runs its session: nobody else hears of it."""
    return Audience(
        body=row["body_id"],
        session=row["session_id"],
        meeting=row["meeting_id"],
        organisation=row["organisation_id"],
        person=row["person_id"],
    )


_LIST = Rows(select(*list_.c, *PLACE, *TIMING).select_from(standing(list_)).where(list_.c.id == bindparam("list")))
_MEETING = Rows(
    select(*PLACE)
    .select_from(meeting.join(session, session.c.id == meeting.c.session_id))
    .where(meeting.c.id == bindparam("meeting"))
)
NO_LIST = "There is no such list of speakers."
NO_MEETING = "There is no such meeting."


def known_list(conn: Connection, reader: Reader, list_id: str, missing: str = NO_LIST) -> tuple[Row, Place]:
    """The row of a list and where it stands. Raises NotFound (`missing`), also for what `reader` may not know of."""
    row = _LIST.first(conn, list=list_id)
    place = place_of(row) if row else None
    if row is None or place is None or not place.seen_by(reader):
        raise NotFound(missing)
    return row, place


def known_meeting(conn: Connection, reader: Reader, meeting_id: str, missing: str = NO_MEETING) -> Place:
    """Where a meeting's lists stand. Raises NotFound (`missing`), also for what `reader` may not know of."""
    row = _MEETING.first(conn, meeting=meeting_id)
    place = place_of(row) if row else None
    if place is None or not place.seen_by(reader):
        raise NotFound(missing)
    return place
