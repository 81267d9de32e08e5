"""Every refusal that the scheduler can give. The edge maps the tree to answers; no status code stands here.

Refusal
|-- NotSignedIn              not-signed-in
|-- NotFound                 not-found (also: what this reader may not even know of)
|-- Forbidden                not-allowed
|   |-- NotAccredited        not-accredited
|   `-- CategoryNotEligible  category-not-eligible
|-- Meaningless              invalid: well formed, but it cannot mean anything
|   |-- UnknownTimezone      unknown-timezone
|   |-- OutsideSession       outside-session
|   |-- ModeNotOffered       mode-not-offered
|   |-- LocalTimeAmbiguous   local-time-ambiguous (candidates)
|   `-- LocalTimeSkipped     local-time-skipped (candidates)
|-- Untimely                 what the moment does not allow
|   |-- AlreadyExists, AlreadyInscribed, SlotTaken, ListNotOpen, ListClosed, ListFull
|   |-- OverBudget, RemoteBudgetExceeded, OverlappingMeeting, NotAllowedNow, VersionConflict
|-- TooLarge                 too-large
|-- TooManyRequests          too-many-requests
`-- Busy                     busy
"""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in what was sent: where, and a sentence that says what to do."""

    field: str
    message: str


class Refusal(Exception):  # noqa: N818  -- a refusal is an answer, not an accident
    """A clear no: a code of the contract, a sentence for people, and data that a program can act on.

    `data` becomes members of the problem document beside the standard ones (e.g. `nearest`, `candidates`).
    """

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, *, faults: tuple[Fault, ...] = (), **data: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.faults = faults
        self.data = data


class NotSignedIn(Refusal):
    """Nobody known sent this."""

    code = "not-signed-in"


class NotFound(Refusal):
    """It is not there, or this reader may not know of it."""

    code = "not-found"


class Forbidden(Refusal):
    """The role table says no."""

    code = "not-allowed"


class NotAccredited(Forbidden):
    """The speaker's organisation is not approved in this session."""

    code = "not-accredited"


class CategoryNotEligible(Forbidden):
    """The slot is reserved for others."""

    code = "category-not-eligible"


class Meaningless(Refusal):
    """Well formed and yet without meaning; `field` names the place in what was sent."""

    code = "invalid"

    def __init__(self, sentence: str, *, field: str = "", faults: tuple[Fault, ...] = (), **data: Any) -> None:
        super().__init__(sentence, faults=faults or (Fault(field, sentence),), **data)


class UnknownTimezone(Meaningless):
    """No zone of the IANA database has this name."""

    code = "unknown-timezone"


class OutsideSession(Meaningless):
    """A date outside the session's dates."""

    code = "outside-session"


class ModeNotOffered(Meaningless):
    """Neither the list nor the slot offers this way of speaking."""

    code = "mode-not-offered"


class LocalTimeAmbiguous(Meaningless):
    """A wall clock that exists twice; `candidates` are {fold, starts_at}."""

    code = "local-time-ambiguous"


class LocalTimeSkipped(Meaningless):
    """A wall clock that does not exist; `candidates` are {date, time, starts_at} before and after the gap."""

    code = "local-time-skipped"


class Untimely(Refusal):
    """Right in itself, but not at this moment or not in this state."""


class AlreadyExists(Untimely):
    """A code, a number or a name that is taken."""

    code = "already-exists"


class AlreadyInscribed(Untimely):
    """She, or her organisation, has a place in this list."""

    code = "already-inscribed"


class SlotTaken(Untimely):
    """Someone was faster; `nearest` are free slots."""

    code = "slot-taken"


class ListNotOpen(Untimely):
    """The list has not opened."""

    code = "list-not-open"


class ListClosed(Untimely):
    """The list has closed."""

    code = "list-closed"


class ListFull(Untimely):
    """The list has no place left."""

    code = "list-full"


class OverBudget(Untimely):
    """The time does not suffice."""

    code = "over-budget"


class RemoteBudgetExceeded(Untimely):
    """The meeting's remote minutes do not suffice."""

    code = "remote-budget-exceeded"


class OverlappingMeeting(Untimely):
    """Another meeting has the room."""

    code = "overlapping-meeting"


class NotAllowedNow(Untimely):
    """The state does not allow it; the sentence or `allowed` says what it does."""

    code = "not-allowed-now"


class VersionConflict(Untimely):
    """Somebody else changed it first; `current` is the resource as GET gives it now."""

    code = "version-conflict"


class TooLarge(Refusal):
    """More bytes than are taken here."""

    code = "too-large"


class TooManyRequests(Refusal):
    """Carries `retry_after` in seconds."""

    code = "too-many-requests"


class Busy(Refusal):
    """Carries `retry_after` in seconds."""

    code = "busy"
