"""What a private feed is made from: its events as its owner may see them at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from scheduler.accreditation.queries import approved_sessions
from scheduler.errors import NotFound, NotSignedIn
from scheduler.lists.calendar import OfferedTurn, deadline_events, offered_turns
from scheduler.lists.reader import reader_of
from scheduler.people import queries as people
from scheduler.people.permission import Act, Actor, Scopes
from scheduler.people.reader import Reader
from scheduler.programme.calendar import OfferedMeeting, offered_meetings, session_deadlines
from scheduler.programme.records import SessionRecord, known_session
from scheduler.storage.connection import Connection
from scheduler.subscriptions.access import Offer
from scheduler.subscriptions.queries import NO_CALENDAR, Subscription

_NAMES = frozenset({"person", "organisation"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which kinds of events a feed holds."""

    meetings: bool
    slots: bool
    deadlines: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The events of a feed, whether its owner may read it at all, and what it is called by.

    `name` is the session's or the organisation's, empty where there is none that she may know of; `changed_at` is when
    what the feed says of itself last changed. `touched` is what all this hangs on: ids of rows of any kind, and
    `person` or `organisation` where it shows the names of any of them.
    """

    actor: Actor
    offers: list[Offer]
    allowed: bool
    session: str | None
    name: str
    changed_at: datetime
    touched: frozenset[str]


def read(conn: Connection, feed: Subscription, wanted: Wanted) -> Reading:
    """Reads a feed for its owner as she is now. Raises NotFound where she is gone."""
    try:
        actor = people.actor(conn, feed.person)
    except NotSignedIn as gone:
        raise NotFound(NO_CALENDAR) from gone
    reader = reader_of(conn, actor)
    session = _session(conn, reader, feed.session)
    allowed = _allowed(reader, feed, session)
    turns = _turns(conn, reader, feed, session) if wanted.slots else []
    meetings = offered_meetings(conn, reader, session=feed.session) if wanted.meetings and feed.session else []
    of_deadlines = _sessions_of_deadlines(conn, actor, feed) if wanted.deadlines else frozenset()
    organisation = people.organisation(conn, feed.organisation) if feed.organisation and allowed else None
    touched = {feed.id, feed.person, feed.session, feed.organisation, actor.organisation, *of_deadlines}
    for turn in turns:
        touched |= {turn.session, turn.plain.meeting_id}
    return Reading(
        actor=actor,
        offers=[
            *_offers(meetings),
            *_offers(turns),
            *(offer for id_ in of_deadlines for offer in _due(conn, reader, id_)),
        ],
        allowed=allowed,
        session=session.code if session else None,
        name=(session.title if session else "") if organisation is None else organisation.name,
        changed_at=max(feed.created_at, session.shown_at) if session else feed.created_at,
        touched=frozenset(id_ for id_ in touched if id_)
        | (_NAMES if feed.scope in {"organisation", "chair"} else set()),
    )


def _session(conn: Connection, reader: Reader, session: str | None) -> SessionRecord | None:
    try:
        return known_session(conn, reader, session) if session else None
    except NotFound:
        return None


def _allowed(reader: Reader, feed: Subscription, session: SessionRecord | None) -> bool:
    match feed.scope:
        case "mine":
            return True
        case "organisation":
            return reader.may(Act.READ_INSCRIPTION, Scopes(organisation=feed.organisation))
        case "session":
            return session is not None
        case "chair":
            return session is not None and reader.may(Act.RUN_LISTS, session.scopes())


def _turns(conn: Connection, reader: Reader, feed: Subscription, session: SessionRecord | None) -> list[OfferedTurn]:
    """The turns of the person or organisation, of one session where the feed names one; a chair's: all of hers."""
    match feed.scope:
        case "mine":
            turns = offered_turns(conn, reader, person=feed.person)
        case "organisation":
            turns = offered_turns(conn, reader, organisation=feed.organisation)
        case _:
            turns = offered_turns(conn, reader, session=feed.session)
    if feed.session is None:
        return turns
    code = session.code if session else None
    return [turn for turn in turns if turn.plain.session_code == code]


def _sessions_of_deadlines(conn: Connection, actor: Actor, feed: Subscription) -> frozenset[str]:
    """Whose deadlines matter to her: the session's, or those of all where she or the organisation may speak."""
    if feed.session is not None:
        return frozenset({feed.session})
    return approved_sessions(conn, feed.organisation or actor.organisation)


def _due(conn: Connection, reader: Reader, session: str) -> Iterable[Offer]:
    events = chain(deadline_events(conn, session, reader), session_deadlines(conn, session, reader))
    return (Offer(event, event, withheld=False) for event in events)


def _offers(offered: Iterable[OfferedMeeting | OfferedTurn]) -> Iterable[Offer]:
    return (Offer(each.whole, each.plain, withheld=each.withheld) for each in offered)
