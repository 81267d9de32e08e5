"""For whom a place in a list is asked: for oneself, or as focal point, chair or secretariat for somebody else."""

from dataclasses import dataclass
from itertools import groupby

from scheduler.lists.speakers import Candidate, speaker_for, speakers_for
from scheduler.people.reader import Reader
from scheduler.storage.connection import Connection

_MOST = 40


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Who can be chosen, by organisation; `chosen` None: she asks for herself. `q` is what was searched for.

    `more`: there are others besides, to be found by name.
    """

    groups: list[tuple[str, list[Candidate]]]
    chosen: Candidate | None
    q: str
    more: bool


def for_whom(conn: Connection, reader: Reader, list_id: str, person: str | None, q: str) -> ForWhom | None:
    """The choice; None where she asks for nobody but herself.

    Raises:
        NotFound: there is nobody `person` for whom she may ask.
    """
    if reader.actor is None:
        return None
    chosen = speaker_for(conn, reader, list_id, person) if person and person != reader.actor.id else None
    found = speakers_for(conn, reader, list_id, q=q, limit=_MOST + 1)
    if not found and not q:
        return None
    shown = [each for each in found[:_MOST] if each.person.id != reader.actor.id]
    if chosen and chosen not in shown:
        shown.insert(0, chosen)
    groups = [(name, list(each)) for name, each in groupby(shown, key=lambda each: each.organisation.name)]
    return ForWhom(groups, chosen, q, more=len(found) > _MOST or bool(q))
