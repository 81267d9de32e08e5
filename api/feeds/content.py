"""What a public feed holds, read from the programme; a private one is read in `private`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from api.feeds.asked import Asked
from calendars import meetings, programme, sessions
from calendars.document import Header
from calendars.entries import Variant
from scheduler.errors import NotFound
from scheduler.ids import is_id
from scheduler.lists.calendar import deadline_events
from scheduler.people.reader import PUBLIC
from scheduler.programme.calendar import meeting_events, one_meeting_event, session_deadlines
from scheduler.programme.events import CalendarEvent
from scheduler.programme.queries import body as known_body
from scheduler.programme.records import items_of, known_meeting, known_session
from scheduler.storage.connection import Connection
from scheduler.subscriptions.rules import Scope

EVERYTHING = "*"
"""What a feed of the whole programme hangs on."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose private feed it is: its id, its scope and the person's id."""

    feed: str
    scope: Scope
    person: str


@dataclass(frozen=True, slots=True)
class Content:
    """A feed before it is written. `touched` is what it hangs on: ids of rows, nouns of entries, or EVERYTHING.

    `body` is the id of the one body whose meetings it holds. `narrowed`: an entry may leave it without a trace, when it
    no longer belongs to what was chosen, so that no moment of its last change can be named.
    """

    header: Header
    events: list[CalendarEvent]
    variant: Variant
    touched: frozenset[str]
    body: str | None = None
    narrowed: bool = False
    owner: Owner | None = None


Read = Callable[[Connection, Asked, Variant], Content]


def programme_content(conn: Connection, asked: Asked, variant: Variant) -> Content:
    """The published meetings of all sessions, of a body's, or of a kind of session. Raises NotFound."""
    body = known_body(conn, asked.body) if asked.body else None
    events = meeting_events(conn, body=body.id if body else None, kind=asked.kind)
    source = f"{variant.base_url}/calendars/programme.ics{asked.query()}"
    header = programme.header(body.name if body else None, variant, _BEGINNING, source)
    narrowed = body is not None or asked.kind is not None
    return Content(header, [*events], variant, frozenset({EVERYTHING}), body.id if body else None, narrowed)


def session_content(conn: Connection, asked: Asked, variant: Variant) -> Content:
    """A session's meetings, or those on one agenda item (its id or number); its deadlines too. Raises NotFound."""
    session = known_session(conn, PUBLIC, asked.reference)
    item = _item(conn, session.id, asked.item) if asked.item else None
    events: list[CalendarEvent] = [*meeting_events(conn, session=session.id, item=item)]
    if asked.deadlines:
        events += [*deadline_events(conn, session.id), *session_deadlines(conn, session.id)]
    source = f"{variant.base_url}/calendars/sessions/{session.code}.ics{asked.query()}"
    header = sessions.header(session.code, session.title, variant, session.shown_at, source)
    narrowed = item is not None or asked.deadlines
    return Content(header, events, variant, frozenset({session.id, session.body_id}), narrowed=narrowed)


def meeting_content(conn: Connection, asked: Asked, variant: Variant) -> Content:
    """One meeting. Raises NotFound."""
    event = one_meeting_event(conn, asked.reference) if is_id(asked.reference) else None
    if event is None:
        raise NotFound("There is no such meeting.")
    session, _ = known_meeting(conn, PUBLIC, event.id)
    source = f"{variant.base_url}/calendars/meetings/{event.id}.ics"
    header = meetings.header(event, variant, event.changed_at, source)
    return Content(header, [event], variant, frozenset({event.id, session.id, session.body_id}))


READS: dict[str, Read] = {
    "programme": programme_content,
    "sessions": session_content,
    "meetings": meeting_content,
}


def _item(conn: Connection, session: str, reference: str) -> str:
    found = next((item.id for item in items_of(conn, session) if reference in {item.id, item.number}), None)
    if found is None:
        raise NotFound("There is no such agenda item in this session.")
    return found
