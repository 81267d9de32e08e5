"""Stopping reminders from a letter. What concerns where and when one is expected goes on."""

from typing import Any, Literal, get_args

from scheduler.errors import NotFound, NotSignedIn
from scheduler.people import persons
from scheduler.people.queries import actor
from scheduler.storage.writer import Tx

Kind = Literal["soon", "lists", "turns"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""`soon`: that something starts soon; `lists`: that lists open and close; `turns`: how her turn comes nearer."""

GONE = "There is no such person any more."

_NONE_OF: dict[Kind, dict[str, Any]] = {
    "soon": {"lead_minutes": []},
    "lists": {"list_rules": []},
    "turns": {"turn_rules": []},
}


def unsubscribe(tx: Tx, person: str, kind: Kind) -> None:
    """Sets a person's preferences so that reminders of this kind end, as she could herself; a second time is the same.

    Whoever calls has checked that it is her wish.

    Raises:
        NotFound: there is no such person any more.
    """
    try:
        her = actor(tx.conn, person)
    except NotSignedIn as gone:
        raise NotFound(GONE) from gone
    persons.change_own(tx, her, _NONE_OF[kind])
