"""What stands twice in a programme file though it may stand there once. Pure."""

from collections.abc import Iterable, Iterator

from scheduler.secretariat.document import Document, Place, SessionPart
from scheduler.secretariat.expanding import meetings
from scheduler.secretariat.reading import STAND_IN

Named = tuple[Place, str, Place]
"""A part's place, its identity, and the place that says the identity."""


def twice(document: Document) -> Iterator[tuple[Place, Place]]:
    """Of each part that stands there again: the place of its identity, and that of the first."""
    # A body's code and a session's are one kind of name.
    codes = [
        *_named("bodies", [body.code for body in document.bodies], "code"),
        *_named("sessions", [session.code for session in document.sessions], "code"),
    ]
    yield from _again(codes)
    yield from _again(_named("organisations", [each.name for each in document.organisations], "name"))
    yield from _again(_named("people", [person.email.casefold() for person in document.people], "email"))
    for number, session in enumerate(document.sessions):
        yield from _in_session(session, ("sessions", number))


def _in_session(session: SessionPart, at: Place) -> Iterator[tuple[Place, Place]]:
    yield from _again(_named("items", [item.number for item in session.items], "number", at))
    organisations = [each.organisation for each in session.accreditations]
    yield from _again(_named("accreditations", organisations, "organisation", at))
    numbers = [
        ((*at, "meetings", at_number), str(meeting.number), (*at, "meetings", at_number, "number"))
        for at_number, meeting in enumerate(session.meetings)
        if meeting.number is not None
    ]
    yield from _again(numbers)
    seen: set[Place] = set()
    for planned in meetings(session, at):
        if planned.place not in seen:
            seen.add(planned.place)
            yield from _again(_named("lists", [each.title for each in planned.part.lists], "title", planned.place))


def _named(kind: str, identities: Iterable[str], said_as: str, above: Place = ()) -> list[Named]:
    return [
        ((*above, kind, number), identity, (*above, kind, number, said_as))
        for number, identity in enumerate(identities)
    ]


def _again(parts: Iterable[Named]) -> Iterator[tuple[Place, Place]]:
    first: dict[str, Place] = {}
    for part, identity, place in parts:
        if identity.startswith(STAND_IN):
            continue
        if identity in first:
            yield place, first[identity]
        else:
            first[identity] = part
