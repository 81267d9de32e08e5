"""A day's meetings repeated over the weekdays of a session, as programme files write them; looked at, or made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from scheduler.errors import Fault, Meaningless, Refusal
from scheduler.people.permission import Act, Actor, require
from scheduler.people.reader import Reader
from scheduler.programme import meetings
from scheduler.programme.meetings import NewMeeting
from scheduler.programme.queries import session_view
from scheduler.programme.records import known_session, meetings_of
from scheduler.programme.views import MeetingView, SessionView
from scheduler.secretariat import expanding
from scheduler.secretariat.document import DaysPart, MeetingPart, SessionPart
from scheduler.storage.writer import Tx


@dataclass(frozen=True, slots=True)
class Pattern:
    """From `first` to `last` (dates of the meetings' place) the meetings `at` of each weekday.

    Each of `at` is a start, an end, and a fold where one is needed. One day may be any, also a Saturday. `but` are days
    without meetings; `title` None numbers them: "3rd meeting".
    `model` is what else they have in common.
    """

    first: str
    last: str
    at: tuple[tuple[str, str, int | None], ...]
    but: tuple[str, ...]
    title: str | None
    model: NewMeeting


class Looked(Refusal):
    """What a pattern would make: it was made, and is taken back. `meetings` are its views."""

    code = "looked"


def add(tx: Tx, actor: Actor, session: str, pattern: Pattern) -> list[MeetingView]:
    """Adds the meetings of a pattern, all or none. The session's secretariat may.

    Raises:
        NotFound, Forbidden: there is no such session that she may know of; she may not.
        Meaningless: the pattern cannot be meant, at `last`, `but` or `at`.
        And as `meetings.add_all`: what is wrong with a meeting's start or end is named like `at.0.start`.
    """
    known = known_session(tx.conn, Reader(actor), session)
    require(actor, Act.RUN_PROGRAMME, known.scopes())
    numbers = [each.number for each in meetings_of(tx.conn, known.id)]
    planned = _planned(session_view(tx.conn, known.id), pattern)
    first, folds = max(numbers, default=0) + 1, {(start, end): fold for start, end, fold in pattern.at}
    new = [
        replace(
            pattern.model,
            title=pattern.title or f"{expanding.ordinal(number)} meeting",
            number=number,
            date=part.date,
            start=part.start,
            end=part.end,
            fold=folds[part.start, part.end],
        )
        for number, part in enumerate(planned, first)
    ]
    try:
        return meetings.add_all(tx, actor, session, new)
    except Refusal as refusal:
        raise _placed(refusal, new, pattern) from refusal


def look(tx: Tx, actor: Actor, session: str, pattern: Pattern) -> None:
    """Finds out what `add` would make. Always raises: Looked, or as `add`; so nothing stays."""
    made = add(tx, actor, session, pattern)
    raise Looked("This was only looked at.", meetings=made)


def _planned(session: SessionView, pattern: Pattern) -> Sequence[MeetingPart]:
    if not pattern.at:
        raise Meaningless("Say from when to when a meeting of such a day goes.", field="at.0.start")
    if pattern.first == pattern.last:
        in_order = sorted(pattern.at, key=itemgetter(0, 1))
        return [MeetingPart(date=pattern.first, start=start, end=end) for start, end, _ in in_order]
    days = DaysPart(first=pattern.first, last=pattern.last, at=[each[:2] for each in pattern.at], but=list(pattern.but))
    faults = expanding.pattern_faults(days)
    if faults:
        placed = tuple(Fault(fault.field.partition("[")[0], fault.message) for fault in faults)
        raise Meaningless(faults[0].message, faults=placed)
    said = {name: getattr(session, name) for name in ("code", "body", "title", "timezone", "starts_on", "ends_on")}
    return [each.part for each in expanding.meetings(SessionPart(**said, days=[days]), ())]


def _placed(refusal: Refusal, new: Sequence[NewMeeting], pattern: Pattern) -> Refusal:
    """The refusal of one of many, at the place of the pattern where its time was said."""
    if "index" not in refusal.data:
        return refusal
    failed = new[refusal.data["index"]]
    row = [each[:2] for each in pattern.at].index((failed.start, failed.end))
    fields = {"start": f"at.{row}.start", "end": f"at.{row}.end", "date": "first"}
    about = f"{failed.date}, {failed.start}: " if len(new) > 1 else ""
    names = [(fault.field.partition(".")[2], fault.message) for fault in refusal.faults]
    faults = tuple(Fault(fields.get(name, name), f"{about}{message}") for name, message in names)
    return type(refusal)(f"{about}{refusal.sentence}", faults=faults, **refusal.data)
