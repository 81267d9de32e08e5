"""A body with a published session and a draft, and who plays in them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from scheduler.errors import Refusal
from scheduler.journal.entries import Entry
from scheduler.journal.following import entries_after
from scheduler.people.permission import Actor, Grant
from scheduler.programme import meetings
from scheduler.programme.meetings import NewMeeting
from scheduler.programme.views import MeetingView
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, places

T = TypeVar("T")


@dataclass(frozen=True)
class Scene:
    """`session` is published from 30 May to 10 June 2022 in Vienna, code ahc-2; `draft` is ahc-3, of the same body."""

    body: str
    session: str
    draft: str
    secretariat: Actor
    of_body: Actor
    of_other: Actor
    chair: Actor
    focal_point: Actor
    participant: Actor


def scene(tx: Tx) -> Scene:
    body, other = places.body(tx), places.body(tx, "hrc")
    session = str(places.session(tx, of_body=body).session)
    draft = str(places.session(tx, "ahc-3", of_body=body, status="draft").session)
    organisation = people.organisation(tx)
    return Scene(
        body,
        session,
        draft,
        people.person(tx, "Sec", grants=(Grant("secretariat"),)),
        people.person(tx, "Bod", grants=(Grant("secretariat", "body", body),)),
        people.person(tx, "Oth", grants=(Grant("secretariat", "body", other),)),
        people.person(tx, "Cha", grants=(Grant("chair", "session", draft), Grant("chair", "session", session))),
        people.person(tx, "Foc", grants=(Grant("focal_point", "organisation", organisation),)),
        people.person(tx, "Par", organisation=organisation),
    )


def meeting(writer: Writer, by: Actor, of: str = "ahc-2", **fields: Any) -> MeetingView:
    """A meeting on 8 June from 10:00 to 13:00, where nothing else is said."""
    new = NewMeeting(**{"title": "1st meeting", "date": "2022-06-08", "start": "10:00", "end": "13:00", **fields})
    return writer.act_now(lambda tx: meetings.add(tx, by, of, new))


def told(conn: Connection, do: Callable[[], T]) -> tuple[T, list[Entry]]:
    """What `do` returns, and the journal entries that it left."""
    before = entries_after(conn, 0, 10_000)
    done = do()
    return done, entries_after(conn, before[-1].id if before else 0, 10_000)


def outcomes(writer: Writer, of: Scene, do: Callable[[Tx, Actor], object]) -> dict[str, str]:
    """What each role gets for an act: `done` or the code of its refusal. Done, it is undone again."""
    roles = ("secretariat", "of_body", "of_other", "chair", "focal_point", "participant")
    return {role: _outcome(writer, getattr(of, role), do) for role in roles}


class _Undone(Exception):  # noqa: N818  -- no error, a way back
    pass


def _outcome(writer: Writer, actor: Actor, do: Callable[[Tx, Actor], object]) -> str:
    def attempt(tx: Tx) -> None:
        do(tx, actor)
        raise _Undone

    try:
        writer.act_now(attempt)
    except Refusal as refusal:
        return refusal.code
    except _Undone:
        pass
    return "done"
