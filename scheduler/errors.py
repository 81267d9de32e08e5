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

from __future__ import annotations

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
    code = "not-signed-in"


class NotFound(Refusal):
    code = "not-found"


class Forbidden(Refusal):
    code = "not-allowed"


class NotAccredited(Forbidden):
    code = "not-accredited"


class CategoryNotEligible(Forbidden):
    code = "category-not-eligible"


class Meaningless(Refusal):
    """Well formed and yet without meaning; `field` names the place in what was sent."""

    code = "invalid"

    def __init__(self, sentence: str, *, field: str = "", faults: tuple[Fault, ...] = (), **data: Any) -> None:
        super().__init__(sentence, faults=faults or (Fault(field, sentence),), **data)


class UnknownTimezone(Meaningless):
    code = "unknown-timezone"


class OutsideSession(Meaningless):
    code = "outside-session"


class ModeNotOffered(Meaningless):
    code = "mode-not-offered"


class LocalTimeAmbiguous(Meaningless):
    code = "local-time-ambiguous"


class LocalTimeSkipped(Meaningless):
    code = "local-time-skipped"


class Untimely(Refusal):
    """Right in itself, but not at this moment or not in this state."""


class AlreadyExists(Untimely):
    code = "already-exists"


class AlreadyInscribed(Untimely):
    code = "already-inscribed"


class SlotTaken(Untimely):
    code = "slot-taken"


class ListNotOpen(Untimely):
    code = "list-not-open"


class ListClosed(Untimely):
    code = "list-closed"


class ListFull(Untimely):
    code = "list-full"


class OverBudget(Untimely):
    code = "over-budget"


class RemoteBudgetExceeded(Untimely):
    code = "remote-budget-exceeded"


class OverlappingMeeting(Untimely):
    code = "overlapping-meeting"


class NotAllowedNow(Untimely):
    code = "not-allowed-now"


class VersionConflict(Untimely):
    """Somebody else changed it first; `current` is the resource as GET gives it now."""

    code = "version-conflict"


class TooLarge(Refusal):
    code = "too-large"


class TooManyRequests(Refusal):
    """Carries `retry_after` in seconds."""

    code = "too-many-requests"


class Busy(Refusal):
    """Carries `retry_after` in seconds."""

    code = "busy"
