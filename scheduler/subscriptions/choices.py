"""Which private feeds somebody could make."""

from dataclasses import dataclass

from scheduler.people import queries as people
from scheduler.people.permission import Act, Actor
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.programme import queries as programme
from scheduler.programme.records import known_session
from scheduler.storage.connection import Connection
from scheduler.subscriptions.rules import Scope

_MOST_SESSIONS = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """A feed that she could make; `of` is its session (code and title) or organisation (id and name)."""

    scope: Scope
    of: Named | None = None


def choices(conn: Connection, actor: Actor, today: str) -> list[Choice]:
    """Her own slots, her organisations', and each session that is not over on `today` (a date); also as its chair."""
    reader = Reader(actor)
    found = [Choice("mine")]
    found += [Choice("organisation", each) for each in acts_for(conn, actor)]
    for each in programme.sessions(conn, reader, programme.SessionFilter(first=today), limit=_MOST_SESSIONS):
        of = Named(each.code, each.title)
        found.append(Choice("session", of))
        if reader.may(Act.RUN_LISTS, known_session(conn, reader, each.id).scopes()):
            found.append(Choice("chair", of))
    return found


def acts_for(conn: Connection, actor: Actor) -> list[Named]:
    """The organisations that she acts for as focal point, by name."""
    found = [people.organisation(conn, each) for each in actor.focal_organisations()]
    return sorted((Named(each.id, each.name) for each in found), key=lambda each: (each.name.casefold(), each.id))
