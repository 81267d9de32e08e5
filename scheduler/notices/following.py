"""Following the journal: what each entry makes notices look at again, written down in the cursor's own transaction."""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.journal.entries import Entry
from scheduler.notices.announcing import take_back
from scheduler.notices.stale import Scope, mark
from scheduler.outbox.actions import drop
from scheduler.storage.writer import Tx

FOLLOWER = "notices"
"""The name of this follower's cursor in the journal."""

_OF_A_MEETING = frozenset({"meeting.created", "meeting.moved", "meeting.cancelled", "meeting.restored"})
_OF_A_SESSION = frozenset(
    {"session.created", "session.published", "session.moved", "session.cancelled", "session.restored"}
)
_OF_A_PERSON = frozenset(
    {"channels", "lead_minutes", "organisation_id", "quiet_end", "quiet_own_turn", "quiet_start", "timezone"}
)


def follow(tx: Tx, entries: list[Entry]) -> None:
    """What the worker gives to `journal.following.follow`."""
    for entry in entries:
        _take_back(tx, entry)
    mark(tx, gathered(scope for entry in entries if (scope := touched(entry)) is not None))


def _take_back(tx: Tx, entry: Entry) -> None:
    if entry.kind == "person.erased":
        drop(tx, "The person was erased.", person_id=entry.subject_id)
    elif entry.kind == "list.closed":
        take_back(tx, entry.subject_id, "list-opens", "list-closes")
    elif entry.kind == "list.changed" and "closes_at" in _fields(entry):
        take_back(tx, entry.subject_id, "list-closes")


def touched(entry: Entry) -> Scope | None:
    """What notices must look at because of an entry; None: nothing that people are told of."""
    number, to = entry.id, entry.audience
    family = entry.kind.partition(".")[0]
    if family in {"inscription", "slot"} and to.person is not None:
        return _turn(entry, family)
    rehoused = entry.kind == "meeting.changed" and "room" in _fields(entry)
    if rehoused or entry.kind in _OF_A_MEETING or entry.kind in _OF_A_SESSION:
        meeting = entry.subject_id if family == "meeting" else None
        return Scope("changed", number, to.session, meeting, note=(entry.data or {}).get("note"))
    if entry.kind == "list.opened":
        return Scope("opened", number, to.session, to.meeting, list=entry.subject_id)
    if family == "accreditation":
        return Scope("reminders", number, to.session, organisation=to.organisation)
    if entry.kind == "person.added" or (entry.kind == "person.changed" and _OF_A_PERSON & _fields(entry)):
        return Scope("reminders", number, person=entry.subject_id)
    return None


def _turn(entry: Entry, family: str) -> Scope:
    to = entry.audience
    own = entry.kind == "inscription.withdrawn" and entry.by.person == to.person
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
