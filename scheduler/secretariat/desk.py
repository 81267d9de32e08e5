"""What lies on a secretariat's desk: the bodies and sessions that she runs, and what waits in them."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.accreditation.queries import pending_counts
from scheduler.errors import Forbidden, NotSignedIn
from scheduler.lists.queries import speakers_list
from scheduler.lists.views import ListView
from scheduler.people.permission import Act, Actor, Scopes, require, role_for
from scheduler.people.reader import Reader
from scheduler.programme import queries
from scheduler.programme.records import known_body, known_item, known_meeting, known_session
from scheduler.programme.views import BodyView, ItemView, MeetingView, SessionView
from scheduler.storage.connection import Connection

_MOST_BODIES, _MOST_SESSIONS = 1_000, 2_000


@dataclass(frozen=True, slots=True)
class Desk:
    """The bodies and sessions that somebody runs, sessions by their first day; drafts are among them.

    `whole`: she runs the whole service. `pending` is how many organisations ask for accreditation, by session id.
    """

    whole: bool
    bodies: tuple[BodyView, ...]
    sessions: tuple[SessionView, ...]
    pending: dict[str, int]


def runs_something(actor: Actor | None) -> bool:
    """Whether she is the secretariat of anything."""
    return actor is not None and any(grant.role == "secretariat" for grant in actor.grants)


def runs_service(actor: Actor | None) -> bool:
    """Whether she is the whole service's secretariat."""
    return role_for(actor, Act.RUN_SERVICE, Scopes()) is not None


def desk(conn: Connection, actor: Actor | None) -> Desk:
    """Everything that she runs. Raises NotSignedIn or Forbidden where that is nothing."""
    if actor is None:
        raise NotSignedIn("Sign in first.")
    if not runs_something(actor):
        raise Forbidden("These pages are the secretariat's. Ask the secretariat for what you need.")
    bodies = queries.bodies(conn, limit=_MOST_BODIES)
    ids = {body.code: body.id for body in bodies}
    every = queries.sessions(conn, Reader(actor), limit=_MOST_SESSIONS)
    sessions = tuple(each for each in every if _runs(actor, Scopes(body=ids.get(each.body), session=each.id)))
    return Desk(
        whole=runs_service(actor),
        bodies=tuple(body for body in bodies if _runs(actor, Scopes(body=body.id))),
        sessions=sessions,
        pending=pending_counts(conn, [each.id for each in sessions]),
    )


def body_of_hers(conn: Connection, actor: Actor | None, reference: str) -> BodyView:
    """A body, for who runs it. Raises NotFound, NotSignedIn or Forbidden."""
    record = known_body(conn, reference)
    require(actor, Act.RUN_PROGRAMME, Scopes(body=record.id))
    return queries.body_view(record)


def session_of_hers(conn: Connection, actor: Actor | None, reference: str) -> SessionView:
    """A session, for who runs it. Raises NotFound, NotSignedIn or Forbidden."""
    record = known_session(conn, Reader(actor), reference)
    require(actor, Act.RUN_PROGRAMME, record.scopes())
    return queries.session_view(conn, record.id)


def meeting_of_hers(conn: Connection, actor: Actor | None, meeting: str) -> tuple[SessionView, MeetingView]:
    """A meeting with its session, for who runs that. Raises NotFound, NotSignedIn or Forbidden."""
    session, record = known_meeting(conn, Reader(actor), meeting)
    require(actor, Act.RUN_PROGRAMME, session.scopes())
    return queries.session_view(conn, session.id), queries.meeting_view(session, record, Reader(actor))


def item_of_hers(conn: Connection, actor: Actor | None, item: str) -> tuple[SessionView, ItemView]:
    """An agenda item with its session, for who runs that. Raises NotFound, NotSignedIn or Forbidden."""
    session, record = known_item(conn, Reader(actor), item)
    require(actor, Act.RUN_PROGRAMME, session.scopes())
    return queries.session_view(conn, session.id), queries.item_view(session, record)


def list_of_hers(
    conn: Connection, actor: Actor | None, list_id: str, now: datetime
) -> tuple[SessionView, MeetingView, ListView]:
    """A list of speakers with its meeting and session, for who runs that. Raises NotFound, NotSignedIn or Forbidden."""
    view, _ = speakers_list(conn, Reader(actor), list_id, now)
    session, meeting = meeting_of_hers(conn, actor, view.meeting)
    return session, meeting, view


def _runs(actor: Actor, scopes: Scopes) -> bool:
    return role_for(actor, Act.RUN_PROGRAMME, scopes) is not None
