"""What a letter tells: plain values, gathered when it is sent, to be put into words at the edge."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

Rule = Literal[
    "slot-given",
    "slot-offered",
    "slot-moved",
    "slot-cancelled",
    "meeting-moved",
    "meeting-cancelled",
    "slot-soon",
    "meeting-soon",
    "list-opens",
    "list-closes",
    "swap-proposed",
    "swap-ended",
    "turn-near",
    "turn-next",
    "turn-moved",
    "turn-carried",
    "ready-asked",
    "remote-minutes",
]
RULES: tuple[Rule, ...] = get_args(Rule)
ATTENDANCE: frozenset[Rule] = frozenset(
    {
        *("slot-given", "slot-offered", "slot-moved", "slot-cancelled", "meeting-moved", "meeting-cancelled"),
        *("swap-proposed", "swap-ended", "turn-carried", "ready-asked", "remote-minutes"),
    }
)
"""What is told of where and when she is expected, whatever her reminders: no unsubscribing. The rest are reminders.

`slot-` and `swap-` are about her own slot; `meeting-` goes to the other people who may speak there. `turn-` and
`ready-asked` are about her turn while the meeting sits, `remote-minutes` goes to its chair and secretariat.
"""


@dataclass(frozen=True, slots=True)
class Before:
    """How a slot or a meeting stood before it changed: as last told to her."""

    starts_at: datetime
    ends_at: datetime
    room: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One of several things that changed at once: a meeting, or her slot in it (`own`), in the zone of its venue.

    `before` None: it had been cancelled and takes place after all; `after` None: it does not take place any more.
    """

    meeting_title: str
    venue_zone: str
    own: bool
    before: Before | None
    after: Before | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """When a turn is expected that waits in a meeting that sits: `starts_at` is the median, this its window.

    Attributes:
        earliest, latest: the 10th and the 90th percentile.
        guess: nobody has spoken yet in this meeting.
        before: how many speakers come before her.
        on_deck: nothing and nobody does.
        was: when she had expected it.
        in_next_meeting: it goes on there.
    """

    earliest: datetime
    latest: datetime
    guess: bool
    before: int
    on_deck: bool
    was: datetime | None
    in_next_meeting: bool


@dataclass(frozen=True, slots=True)
class Meter:
    """Remote speaking time of a meeting in whole minutes. `ends_then`: it ends earlier once the budget is passed."""

    used: int
    budget: int
    projected: int
    ends_then: bool


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """One letter to one person. Instants are aware; the zones say on which clocks they are shown.

    Attributes:
        rule: what it is about.
        now: the moment of sending, from which "today" and "tomorrow" count.
        name: hers.
        starts_at: of her slot or of the meeting (what was cancelled: as it was), or the moment at which the list closes
            (for `list-opens`, where that is not known, at which it opened). With an `expectation` when she is expected,
            for `turn-carried` when the list goes on, for `remote-minutes` when the meeting ends past the budget.
        ends_at: of her slot or the meeting; for a list the same as `starts_at`.
        reader_zone: her IANA zone.
        venue_zone: the meeting's; for a list the zone in which the moment was decided.
        venue_city: its city as the secretariat writes it; None: the city of `venue_zone`.
        session_title, session_starts_on, session_ends_on, session_city: what stands in the foot.
        meeting_title: such as "1st meeting".
        list_title: of her slot's list or the list that opens or closes.
        queue: the list collects inscriptions; else it has slots to be taken.
        meeting_starts_at, meeting_zone: for a list when its meeting begins, and the zone of that.
        position: of her slot in its list, from 1.
        mode: in_person, remote or video.
        delivered_by: who reads it in her place.
        room: where the meeting is.
        join_url: only where she may have it.
        before: for `slot-moved` and `meeting-moved`. None there: it had been cancelled and takes place after all.
        meeting_cancelled: for `slot-cancelled`: the whole meeting; else only her slot was taken back.
        changes: where more than one thing changed at once, all of them by time; the fields above tell of the first.
        offered_until: for `slot-offered` until when it is hers to take.
        swap_with: for `swap-proposed` and `swap-ended` the name of the other speaker.
        swap_own: for `swap-proposed` her own slot, while the fields above tell of the other, which she would get.
        swap_end: for `swap-ended` why: refused, revoked or lapsed.
        expectation: of her turn while the meeting sits.
        meter: for `remote-minutes`.
        note: one line that the secretariat added to a change.
        next_reminder_at: when we write again about the same.
        meeting_url, list_url, reminders_url: absolute addresses of pages.
        unsubscribe_url: the one-click address; None for attendance.
    """

    rule: Rule
    now: datetime
    name: str
    starts_at: datetime
    ends_at: datetime
    reader_zone: str
    venue_zone: str
    session_title: str
    session_starts_on: date
    session_ends_on: date
    meeting_title: str
    meeting_url: str
    reminders_url: str
    venue_city: str | None = None
    session_city: str | None = None
    list_title: str | None = None
    list_url: str | None = None
    queue: bool = False
    meeting_starts_at: datetime | None = None
    meeting_zone: str | None = None
    position: int | None = None
    mode: str | None = None
    delivered_by: str | None = None
    room: str | None = None
    join_url: str | None = None
    before: Before | None = None
    meeting_cancelled: bool = False
    changes: tuple[Change, ...] = ()
    offered_until: datetime | None = None
    swap_with: str | None = None
    swap_own: Before | None = None
    swap_end: str | None = None
    expectation: Expectation | None = None
    meter: Meter | None = None
    note: str | None = None
    next_reminder_at: datetime | None = None
    unsubscribe_url: str | None = None
