"""When a list takes inscriptions, who may have which slot, in which mode. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.errors import CategoryNotEligible, ListClosed, ListNotOpen, ModeNotOffered, NotAllowedNow

MODES_OF_FORMAT: dict[str, tuple[str, ...]] = {
    "hybrid": ("in_person", "remote", "video"),
    "in_person": ("in_person",),
    "online": ("remote", "video"),
}
LIVE = frozenset({"pending", "allotted"})
"""What an inscription is while it can still be changed or withdrawn."""

PUBLIC = frozenset({"allotted", "spoken", "absent"})
"""What the public may know of: who has been given a slot."""

CALLED = frozenset({"called", "speaking", "spoken", "absent"})
"""What a slot is once its turn has come: from then on the floor alone decides on it."""

NOBODYS = frozenset({"free", "offered"})
"""What a slot for a speaker is while nobody holds it, though it may be offered to somebody."""


@dataclass(frozen=True, slots=True)
class Timing:
    """All that opens and closes a list. `item_at` is when the item reached the state with which the list closes."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    hand_status: str | None = None
    hand_at: datetime | None = None
    item_at: datetime | None = None


def status_at(timing: Timing, now: datetime) -> str:
    """`pending`, `open` or `closed`: what the latest of the moments up to `now` made of the list.

    At one instant the hand has the last word, and closing goes before opening.
    """
    moments = (
        (timing.opens_at, 0, "open"),
        (timing.closes_at, 1, "closed"),
        (timing.item_at, 1, "closed"),
        (timing.hand_at, 2, timing.hand_status or ""),
    )
    passed = [(at, rank, status) for at, rank, status in moments if at is not None and at <= now]
    return max(passed)[2] if passed else "pending"


def status_now(timing: Timing, now: datetime) -> str:
    """The status for an act at `now`: what acts before it wrote has happened, even if their clock was ahead of ours."""
    return status_at(timing, max(moment for moment in (now, timing.hand_at, timing.item_at) if moment is not None))


def next_change(timing: Timing, after: datetime) -> datetime | None:
    """The next moment at which the clock alone may change the status, None if there is none."""
    return min((at for at in (timing.opens_at, timing.closes_at) if at is not None and at > after), default=None)


def check_open(status: str) -> None:
    """Refuses a list that takes nobody at this moment.

    Raises:
        ListNotOpen, ListClosed: it has not opened yet; it has closed.
    """
    if status == "pending":
        raise ListNotOpen("This list has not opened yet. Look at `opens_at`, or wait until the chair opens it.")
    if status == "closed":
        raise ListClosed("This list is closed. The chair can reopen it.")


def check_alive(meeting_status: str, session_status: str) -> None:
    """Refuses to touch the lists of a meeting that does not take place, or is over.

    Raises:
        NotAllowedNow: the meeting or its session is cancelled, or the meeting closed.
    """
    if "cancelled" in {meeting_status, session_status}:
        raise NotAllowedNow(
            "This meeting is cancelled, so its lists rest as they are. The secretariat can bring it back.", allowed=[]
        )
    if meeting_status == "closed":
        raise NotAllowedNow("This meeting is closed, so its lists rest as they are.", allowed=[])


def modes_offered(modes: Sequence[str], meeting_format: str) -> tuple[str, ...]:
    """The modes in which one may speak: those of the list that the meeting's format has.

    All that it has where the list names none, or only such as went with an earlier format.
    """
    had = MODES_OF_FORMAT[meeting_format]
    return tuple(mode for mode in had if mode in modes) or had


def check_mode(mode: str, modes: Sequence[str], meeting_format: str) -> None:
    """Refuses a mode that the list or the meeting does not have.

    Raises:
        ModeNotOffered: so it is.
    """
    offered = modes_offered(modes, meeting_format)
    if mode not in offered:
        raise ModeNotOffered(f"This list does not offer {mode}. Choose one of: {', '.join(offered)}.", field="mode")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants a slot, in which mode."""

    organisation: str | None
    category: str | None
    mode: str


@dataclass(frozen=True, slots=True)
class Reserve:
    """Whom a slot is kept for; what is None does not matter."""

    category: str | None = None
    mode: str | None = None
    organisation: str | None = None


def check_reserve(reserve: Reserve, claim: Claim) -> None:
    """Refuses a slot that is kept for others.

    Raises:
        CategoryNotEligible: for another category or organisation.
        ModeNotOffered: for another mode.
    """
    if reserve.category is not None and reserve.category != claim.category:
        raise CategoryNotEligible(f"This slot is reserved for {reserve.category}. Choose another one.")
    if reserve.organisation is not None and reserve.organisation != claim.organisation:
        raise CategoryNotEligible("This slot is reserved for another organisation. Choose another one.")
    if reserve.mode is not None and reserve.mode != claim.mode:
        raise ModeNotOffered(f"This slot is reserved for speaking {reserve.mode}. Choose another one.", field="mode")


def steps_of(policy_options: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The steps down in seconds, each whole: what was written may say of no category how long it has."""
    return tuple({"seconds_by_category": {}} | step for step in policy_options.get("steps", ()))


def most_seconds(category: str | None, seconds_default: int, seconds_by_category: Mapping[str, int]) -> int:
    """How long somebody of this category may speak in a list."""
    return seconds_by_category.get(category or "", seconds_default)


def group_as_known(named: str | None, groups: Sequence[str]) -> str | None:
    """The name of a group as the speaker's organisation has it among its `groups`, however it was written."""
    if named is None:
        return None
    return next((group for group in groups if group.casefold() == named.casefold()), named)


_NOT_RECORDED = (
    "The organisation is not recorded as a member of this group, so it may not be called as one that speaks for it. "
    "Ask the secretariat to record it."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a queue list: `most` is what it gives her category, `groups` those of her organisation."""

    topic: str | None
    seconds: int | None
    most: int
    on_behalf_of: str | None
    party: str | None
    groups: Sequence[str]


def queue_warnings(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What a queue accepts and yet is worth a look, as (code, sentence)."""
    found = []
    if asked.seconds is not None and asked.seconds > asked.most:
        found.append(
            (
                "seconds-above-limit",
                f"{asked.seconds} seconds are asked for and the list gives {asked.most}. Prepare for those.",
            )
        )
    if not asked.topic:
        found.append(("topic-missing", "The chair and the interpreters would like to know what it will be about."))
    if asked.on_behalf_of not in {None, asked.party, *asked.groups}:
        found.append(("group-not-recorded", _NOT_RECORDED))
    return tuple(found)


def warnings_for(language: str | None, languages: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What is accepted and yet worth a look, as (code, sentence). `languages` are those of the meeting."""
    if language is not None and languages and language not in languages:
        return (
            (
                "language-not-interpreted",
                "The meeting has no interpretation from this language. Bring your own interpreter or choose another.",
            ),
        )
    return ()
