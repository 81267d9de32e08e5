"""Following the journal: what each entry makes notices look at again, written down in the cursor's own transaction."""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.journal.entries import Entry
from scheduler.notices import watching
from scheduler.notices.announcing import take_back
from scheduler.notices.asking import asked
from scheduler.notices.stale import Scope, mark
from scheduler.outbox.actions import drop
from scheduler.storage.writer import Tx

FOLLOWER = "notices"
"""The name of this follower's cursor in the journal."""

_OF_A_MEETING = frozenset({"meeting.created", "meeting.moved", "meeting.cancelled", "meeting.restored"})
_OF_A_SESSION = frozenset(
    {"session.created", "session.published", "session.moved", "session.cancelled", "session.restored"}
)
_INSCRIBED = frozenset({"inscription.booked", "inscription.made"})
_CARRIED = frozenset({"inscription.carried", "inscription.brought_back"})
_OF_A_FLOOR = frozenset({"inscription.asked_ready", "inscription.foreseen", "inscription.ready"})
_OF_LISTS = ("list-opens", "list-closes")
_OF_A_PERSON = frozenset(
    {"channels", "lead_minutes", "organisation_id", "quiet_end", "quiet_own_turn", "quiet_start", "timezone"}
)


def follow(tx: Tx, entries: list[Entry]) -> None:
    """What the worker gives to `journal.following.follow`."""
    watching.begin(tx, entries)
    for entry in entries:
        _take_back(tx, entry)
    found = (scope for entry in entries for scope in (touched(entry), opened(entry), left(entry), asked(entry)))
    mark(tx, gathered(scope for scope in found if scope is not None))


def _take_back(tx: Tx, entry: Entry) -> None:
    if entry.kind == "person.erased":
        drop(tx, "The person was erased.", person_id=entry.subject_id)
    elif entry.kind == "list.closed":
        take_back(tx, "The list was closed.", entry.subject_id, *_OF_LISTS)
    elif _another_deadline(entry):
        take_back(tx, "The list opens or closes at another time.", entry.subject_id, *_OF_LISTS)
    elif entry.kind in _INSCRIBED and entry.data and entry.audience.person:
        person, list_id = entry.audience.person, str(entry.data["list"])
        drop(tx, "She has a place in the list.", rules=_OF_LISTS, person_id=person, subject_id=list_id)


def touched(entry: Entry) -> Scope | None:
    """What notices must look at because of an entry; None: nothing that people are told of."""
    number, to = entry.id, entry.audience
    family = entry.kind.partition(".")[0]
    if entry.kind == "floor.open":
        return Scope("reminders", number, to.session, to.meeting)
    if family in {"inscription", "slot"} and to.person is not None and entry.kind not in _OF_A_FLOOR:
        return _turn(entry, family)
    rehoused = entry.kind == "meeting.changed" and "room" in _fields(entry)
    if rehoused or entry.kind in _OF_A_MEETING or entry.kind in _OF_A_SESSION:
        meeting = entry.subject_id if family == "meeting" else None
        return Scope("changed", number, to.session, meeting, note=(entry.data or {}).get("note"))
    if family == "accreditation":
        return Scope("reminders", number, to.session, organisation=to.organisation)
    if entry.kind == "person.added" or (entry.kind == "person.changed" and _OF_A_PERSON & _fields(entry)):
        return Scope("reminders", number, person=entry.subject_id)
    return None


def left(entry: Entry) -> Scope | None:
    """The meeting in which somebody does not speak any more, because her turn is in another now."""
    elsewhere = entry.kind == "inscription.swapped" or entry.kind in _CARRIED
    before = (entry.data or {}).get("before") if elsewhere else None
    if before is None or before["meeting"] == entry.audience.meeting:
        return None
    return Scope("reminders", entry.id, entry.audience.session, before["meeting"], person=entry.audience.person)


def opened(entry: Entry) -> Scope | None:
    """Which lists may be open, because of an entry, to people who have not heard of it."""
    number, to = entry.id, entry.audience
    if entry.kind == "list.opened" or _another_deadline(entry):
        return Scope("opened", number, to.session, list=entry.subject_id)
    if entry.kind == "meeting.restored":
        return Scope("opened", number, to.session, entry.subject_id)
    if entry.kind in {"session.published", "session.restored"}:
        return Scope("opened", number, to.session)
    if _approved(entry):
        return Scope("opened", number, to.session, organisation=to.organisation)
    if entry.kind == "person.added" or (entry.kind == "person.changed" and "organisation_id" in _fields(entry)):
        return Scope("opened", number, person=entry.subject_id)
    return None


def _another_deadline(entry: Entry) -> bool:
    return entry.kind == "list.changed" and bool(_fields(entry) & {"opens_at", "closes_at"})


def _approved(entry: Entry) -> bool:
    said = entry.data or {}
    return entry.kind.startswith("accreditation.") and "approved" in {said.get("status"), said.get("after")}


def _turn(entry: Entry, family: str) -> Scope:
    to = entry.audience
    own = entry.kind == "inscription.withdrawn" and entry.by.person == to.person
    # Who is carried over is told so by the floor on which she waited, and who is brought back by that one again.
    own = own or entry.kind in _CARRIED
    inscription = entry.subject_id if family == "inscription" else (entry.data or {}).get("inscription")
    return Scope(
        "own" if own else "changed", entry.id, to.session, to.meeting, person=to.person, inscription=inscription
    )


def _fields(entry: Entry) -> set[str]:
    return set((entry.data or {}).get("fields", ()))


def gathered(scopes: Iterable[Scope]) -> list[Scope]:
    """The same, with two or more whole meetings of a session made one: what moves together is told together."""
    kept: dict[str, Scope] = {}
    meetings: dict[str, list[Scope]] = defaultdict(list)
    for scope in scopes:
        if scope.what == "changed" and scope.session and scope.inscription is None:
            meetings[scope.session].append(scope)
        else:
            kept[scope.key] = scope
    return [*kept.values(), *(_together(session, found) for session, found in meetings.items())]


def _together(session: str, found: list[Scope]) -> Scope:
    note = next((scope.note for scope in reversed(found) if scope.note), None)
    whole = {scope.meeting for scope in found}
    return Scope("changed", found[0].position, session, whole.pop() if len(whole) == 1 else None, note=note)
