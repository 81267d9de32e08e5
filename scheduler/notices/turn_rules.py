"""What a speaker is told of her turn while the meeting sits: each thing once, and again only where it is news. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from scheduler.notices.outlook import Outlook

Rule = Literal["turn-near", "turn-next", "turn-moved", "turn-carried"]

HAS_COME = "Her turn has come meanwhile, or is not as it was, so there is nothing to say."
NEAR = 3
MOVED = timedelta(minutes=10)
ASKED_AT = 2
"""How many places away she is when she is asked whether her link works."""


@dataclass(frozen=True, slots=True)
class Told:
    """What she was last told: `expected_at` (the plan, to begin with), and that her turn goes on in the next meeting.

    `times` counts news of these two. `near` and `next` are how often she had been put off when she was told that; -1:
    never.
    """

    expected_at: datetime
    carried: bool = False
    times: int = 0
    near: int = -1
    next: int = -1


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing to tell her, under a `revision` that makes it once; `was` is when she had expected her turn."""

    rule: Rule
    slot: str
    person: str
    revision: int
    cause: datetime
    expected_at: datetime
    earliest_at: datetime
    was: datetime


def to_say(of: Outlook, told: Told, wanted: Collection[str], at: datetime) -> tuple[Saying | None, Told]:
    """What she is told at this moment, if anything, and what she has been told then.

    `wanted` are those of `turn-near`, `turn-next` and `turn-moved` that she wants; that she is not heard any more in
    this meeting is always told. It is only where she surely is not (`not_before`): else her turn has moved.
    """
    expected = of.expected
    heard = replace(told, expected_at=expected.expected_start)
    if expected.in_next_meeting and expected.not_before is not None:
        if told.carried:
            return None, told
        return _saying("turn-carried", of, told, told.times, at), replace(heard, carried=True, times=told.times + 1)
    if of.on_deck and "turn-next" in wanted:
        if told.next < of.put_off:
            return _saying("turn-next", of, told, of.put_off, at), replace(heard, carried=False, next=of.put_off)
    elif of.before <= NEAR and "turn-near" in wanted and max(told.near, told.next) < of.put_off:
        return _saying("turn-near", of, told, of.put_off, at), replace(heard, carried=False, near=of.put_off)
    if "turn-moved" in wanted and abs(expected.expected_start - told.expected_at) > MOVED:
        return _saying("turn-moved", of, told, told.times, at), replace(heard, carried=False, times=told.times + 1)
    return None, told


def unsaid(told: Told, dropped: Collection[str]) -> Told:
    """What she has been told where letters of these rules had nothing to say when they were to go out.

    A call is taken back before anybody hears of it, and made again: then she is still to be told.
    """
    near, following = (
        -1 if rule in dropped else of for rule, of in (("turn-near", told.near), ("turn-next", told.next))
    )
    return replace(told, near=near, next=following)


def is_to_be_asked(of: Outlook) -> bool:
    """Whether the chair does not know that her link works, though she is but two places away."""
    turn, here = of.turn, not of.expected.in_next_meeting
    return here and turn.mode == "remote" and not turn.ready and turn.asked_ready_at is None and of.before <= ASKED_AT


def _saying(rule: Rule, of: Outlook, told: Told, revision: int, at: datetime) -> Saying:
    expected = of.expected
    return Saying(
        rule, of.turn.slot, of.person, revision, at, expected.expected_start, expected.earliest_start, told.expected_at
    )
