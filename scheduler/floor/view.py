"""The floor as everybody sees it at one moment, out of the fold and the forecast. Pure: the answer of the API as it is.

Instants are texts, RFC 3339 in UTC with three decimals; lengths are seconds with three decimals at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.floor.forecast import Expected, Forecast, forecast
from scheduler.floor.pace import SPEECHES
from scheduler.floor.queue import done
from scheduler.floor.record import Sitting
from scheduler.floor.rules import Sureness, how_sure
from scheduler.floor.states import Floor
from scheduler.floor.turns import Past, Running, Turn
from scheduler.floor.written import instant
from scheduler.people.views import Named

WARNED_AT = 5 / 6


@dataclass(frozen=True, slots=True)
class Speaking:
    """Who has the floor, or has it again after a point of order. `remaining_seconds` below 0: she is over her time."""

    slot: str
    position: int
    kind: str
    title: str | None
    speaker: Named | None
    organisation: Named | None
    category: str | None
    mode: str | None
    ready: bool
    seconds: int
    called_at: str
    started_at: str | None
    elapsed_seconds: float
    remaining_seconds: float
    paused: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits, with the median, the 10th and the 90th percentile of when she is called."""

    slot: str
    position: int
    kind: str
    title: str | None
    speaker: Named | None
    organisation: Named | None
    category: str | None
    mode: str | None
    seconds: int
    ready: bool
    asked_ready_at: str | None
    on_deck: bool
    expected_start: str
    earliest_start: str
    latest_start: str
    not_before: str | None
    in_next_meeting: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Whose turn is over: `spoken`, or `absent` until she is called again."""

    slot: str
    position: int
    kind: str
    title: str | None
    speaker: Named | None
    organisation: Named | None
    category: str | None
    mode: str | None
    seconds: int
    started_at: str | None
    spoken_seconds: float
    status: str


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The next meeting on the same item, and when its own panels and lists leave room for what is left here."""

    id: str | None
    starts_at: str
    ends_at: str
    goes_on_at: str


@dataclass(frozen=True, slots=True)
class RemoteMeter:
    """Remote speaking time: the meeting's cap (None: none), used so far, and with what is still expected of today.

    `end_if_exceeded` is the wall clock at which the meeting ends once the cap is passed; None: the end stays.
    `warning` from five sixths of the cap on (25 minutes of 30), `exceeded` once it is passed.
    """

    budget_seconds: int | None
    used_seconds: float
    projected_seconds: float
    end_if_exceeded: str | None
    warning: bool
    exceeded: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """What the chair tells all who wait."""

    text: str
    at: str


@dataclass(frozen=True, slots=True)
class FloorView:
    """The whole floor. `overrun_seconds` is `projected_end` less `scheduled_end`; `interrupted` waits to go on."""

    version: int
    status: str
    now: str
    current: Speaking | None
    interrupted: Speaking | None
    queue: tuple[Waiting, ...]
    done: tuple[Heard, ...]
    total: int
    scheduled_end: str
    projected_end: str
    overrun_seconds: float
    next_meeting: GoesOn | None
    pace_seconds: float | None
    remote: RemoteMeter
    notice: Announced | None

    @property
    def sureness(self) -> Sureness:
        """What its expected times go by: a program reads it off `pace_seconds`, pages say it in words."""
        return how_sure(sum(each.status == "spoken" and each.kind in SPEECHES for each in self.done))


def floor_view(floor: Floor, sitting: Sitting, now: datetime, end_if_exceeded: str | None = None) -> FloorView:
    """The floor at `now`."""
    seen = forecast(floor, sitting, now)
    places = _places(floor)
    first = len(places) + 1
    used = sum(past.spoken for past in floor.past if floor.turns[past.slot].mode == "remote")
    return FloorView(
        version=floor.version,
        status=floor.status,
        now=instant(now),
        current=_speaking(floor, floor.current, places, now),
        interrupted=_speaking(floor, floor.interrupted, places, now),
        queue=tuple(
            _waiting(floor.turns[each.slot], each, first + at, on_deck=at == 0) for at, each in enumerate(seen.queue)
        ),
        done=(
            *(_heard(floor.turns[past.slot], past, places[past.slot]) for past in done(floor)),
            *(_heard(floor.turns[slot], None, places[slot]) for slot in _never_called(floor)),
        ),
        total=len(places) + len(seen.queue),
        scheduled_end=instant(sitting.ends_at),
        projected_end=instant(seen.projected_end),
        overrun_seconds=round((seen.projected_end - sitting.ends_at).total_seconds(), 3),
        next_meeting=_goes_on(sitting),
        pace_seconds=_pace(floor),
        remote=_remote(floor, sitting, seen, (used, now), end_if_exceeded),
        notice=Announced(floor.notice.text, instant(floor.notice.at)) if floor.notice else None,
    )


def _places(floor: Floor) -> dict[str, int]:
    """The position of all who were called, from 1 in the order of the calls, and then of who is absent uncalled."""
    running = [(each.called_at, each.slot) for each in (floor.interrupted, floor.current) if each]
    called = sorted([(past.called_at, past.slot) for past in done(floor)] + running, key=lambda call: call[0])
    return {slot: at for at, slot in enumerate([*(slot for _, slot in called), *_never_called(floor)], 1)}


def _never_called(floor: Floor) -> list[str]:
    called = {past.slot for past in done(floor)}
    return [slot for slot in floor.absent if slot not in called]


def _speaking(floor: Floor, running: Running | None, places: dict[str, int], now: datetime) -> Speaking | None:
    if running is None:
        return None
    turn, elapsed = floor.turns[running.slot], running.elapsed(now)
    return Speaking(
        slot=turn.slot,
        position=places[turn.slot],
        kind=turn.kind,
        title=turn.title,
        speaker=turn.speaker,
        organisation=turn.organisation,
        category=turn.category,
        mode=turn.mode,
        ready=turn.ready,
        seconds=running.seconds,
        called_at=instant(running.called_at),
        started_at=_instant_or_none(running.started_at),
        elapsed_seconds=round(elapsed, 3),
        remaining_seconds=round(running.seconds - elapsed, 3),
        paused=running.started_at is not None and running.since is None,
    )


def _waiting(turn: Turn, expected: Expected, position: int, *, on_deck: bool) -> Waiting:
    return Waiting(
        slot=turn.slot,
        position=position,
        kind=turn.kind,
        title=turn.title,
        speaker=turn.speaker,
        organisation=turn.organisation,
        category=turn.category,
        mode=turn.mode,
        seconds=turn.seconds,
        ready=turn.ready,
        asked_ready_at=_instant_or_none(turn.asked_ready_at),
        on_deck=on_deck,
        expected_start=instant(expected.expected_start),
        earliest_start=instant(expected.earliest_start),
        latest_start=instant(expected.latest_start),
        not_before=_instant_or_none(expected.not_before),
        in_next_meeting=expected.in_next_meeting,
    )


def _heard(turn: Turn, past: Past | None, position: int) -> Heard:
    return Heard(
        slot=turn.slot,
        position=position,
        kind=turn.kind,
        title=turn.title,
        speaker=turn.speaker,
        organisation=turn.organisation,
        category=turn.category,
        mode=turn.mode,
        seconds=turn.seconds,
        started_at=_instant_or_none(past.started_at) if past else None,
        spoken_seconds=round(past.spoken, 3) if past else 0.0,
        status=past.status if past else "absent",
    )


def _goes_on(sitting: Sitting) -> GoesOn | None:
    meeting = sitting.next_meeting
    if meeting is None:
        return None
    return GoesOn(meeting.id, instant(meeting.starts_at), instant(meeting.ends_at), instant(meeting.goes_on_at))


def _pace(floor: Floor) -> float | None:
    """The mean of how much longer than allotted the speakers spoke; below 0: they were shorter."""
    over = [
        past.spoken - floor.turns[past.slot].seconds
        for past in done(floor)
        if past.status == "spoken" and floor.turns[past.slot].kind in SPEECHES
    ]
    return round(sum(over) / len(over), 3) if over else None


def _remote(
    floor: Floor, sitting: Sitting, seen: Forecast, spent: tuple[float, datetime], end: str | None
) -> RemoteMeter:
    used, now = spent
    ahead: float = 0.0
    for running in (floor.current, floor.interrupted):
        if running and floor.turns[running.slot].mode == "remote":
            used += running.elapsed(now)
            ahead += max(running.seconds - running.elapsed(now), 0.0)
    ahead += _expected_remote(floor, seen.queue)
    cap = sitting.remote_budget_seconds
    return RemoteMeter(
        budget_seconds=cap,
        used_seconds=round(used, 3),
        projected_seconds=round(used + ahead, 3),
        end_if_exceeded=end,
        warning=cap is not None and used >= cap * WARNED_AT,
        exceeded=cap is not None and used > cap,
    )


def _expected_remote(floor: Floor, queue: Sequence[Expected]) -> float:
    """What the remote speakers of today still need, at the pace that this meeting's remote speakers have shown."""
    left = sum(
        floor.turns[each.slot].seconds
        for each in queue
        if not each.in_next_meeting and floor.turns[each.slot].mode == "remote"
    )
    heard = [past for past in done(floor) if past.status == "spoken" and floor.turns[past.slot].mode == "remote"]
    allotted = sum(floor.turns[past.slot].seconds for past in heard)
    return left * (sum(past.spoken for past in heard) / allotted if allotted else 1.0)


def _instant_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)
