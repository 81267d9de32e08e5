"""What has changed for whom, and whether it is worth a word. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.notices.facts import Rule

CHANGE_RULES: tuple[Rule, ...] = ("slot-moved", "slot-cancelled", "meeting-moved", "meeting-cancelled")


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting, or somebody's turn in it: then `id` is her inscription's and `person` set. `cancelled`: not held.

    `session` and `meeting` are ids.
    """

    id: str
    session: str
    meeting: str
    person: str | None
    starts_at: datetime
    ends_at: datetime
    room: str | None
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What looking again found.

    Turns newly `given`; what `changed`, as it stood; ids of what is `gone`; what is `fresh`, to be kept as it is now.
    """

    given: tuple[Standing, ...]
    changed: tuple[Standing, ...]
    gone: tuple[str, ...]
    fresh: tuple[Standing, ...]


def differs(before: Standing, after: Standing | None) -> bool:
    """Whether it is held at another time, in another room, or now not (or after all) held."""
    if after is None or after.cancelled:
        return not before.cancelled
    moved = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    rehoused = after.room is not None and before.room != after.room
    return before.cancelled or moved or rehoused


def compare(known: Mapping[str, Standing], present: Mapping[str, Standing], now: datetime) -> Found:
    """What is otherwise than it was. What is over, and stays so, changes nobody's plans."""
    changed = tuple(
        before
        for id_, before in known.items()
        if differs(before, present.get(id_)) and over_at(before, present.get(id_)) > now
    )
    return Found(
        given=tuple(each for id_, each in present.items() if id_ not in known and _given(each, now)),
        changed=changed,
        gone=tuple(id_ for id_ in known if id_ not in present),
        fresh=tuple(each for id_, each in present.items() if known.get(id_) != each),
    )


def _given(turn: Standing, now: datetime) -> bool:
    return turn.person is not None and not turn.cancelled and turn.ends_at > now


def over_at(before: Standing, after: Standing | None) -> datetime:
    """When telling of the change helps no more: the later of the two ends."""
    return before.ends_at if after is None else max(before.ends_at, after.ends_at)


def rule_of(before: Mapping[str, Standing], present: Mapping[str, Standing]) -> Rule:
    """What people who were last told `before` are told now: of her own slots, if one of them is among it."""
    own = [each for each in before.values() if each.person is not None]
    held = any(
        now is not None and not now.cancelled for each in own or before.values() for now in [present.get(each.id)]
    )
    if own:
        return "slot-moved" if held else "slot-cancelled"
    return "meeting-moved" if held else "meeting-cancelled"


def nearest_own(before: Mapping[str, Standing], present: Mapping[str, Standing], now: datetime) -> datetime | None:
    """The next start of one of her own slots that is concerned, as it was or as it is."""
    both = [moment for each in before.values() if each.person for moment in (each, present.get(each.id))]
    return min((each.starts_at for each in both if each is not None and each.starts_at > now), default=None)
