"""A feed that is changed event by event is, byte for byte, the one that is made anew."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from api.feeds.assembly import Written
from api.feeds.content import Content
from api.feeds.ready import Ready
from calendars import tombstones
from calendars.document import Header
from calendars.feeds import feed
from scheduler.programme.events import MeetingEvent
from tests.makers.events import CHANGED_AT, VARIANT, meeting

HEADER = Header(name="A calendar", description="About it", url="https://rostrum.example.org/", changed_at=CHANGED_AT)
FIRST = datetime(2023, 2, 1, 9, tzinfo=UTC)
ZONES = ("Europe/Vienna", "Asia/Amman", "Africa/Casablanca", "UTC")
STEPS = 400


async def test_feed_that_is_changed_by_steps_is_the_one_made_anew() -> None:
    dice = random.Random(7)  # noqa: S311  -- a draw that tests repeat
    events = {each.id: each for each in (_any(dice, number) for number in range(30))}
    written, now = _written(events), FIRST

    for step in range(STEPS):
        event = _any(dice, dice.randrange(40))
        gone = dice.random() < 0.2
        written.change(event.id, None if gone else event)
        events = {id_: each for id_, each in (events | {event.id: event}).items() if not gone or id_ != event.id}
        now = max(FIRST, now + timedelta(days=dice.choice((0, 0, 3, 40, -30))))

        assert await _said(written.ready(now)) == await _said(_anew(events, now)), step


async def test_feed_whose_last_event_goes_is_the_empty_one() -> None:
    only = meeting()
    written = _written({only.id: only})
    written.ready(FIRST)

    written.change(only.id, None)
    written.change("unknown", None)

    assert await _said(written.ready(FIRST)) == await _said(_anew({}, FIRST))


def _any(dice: random.Random, number: int) -> MeetingEvent:
    """Most within some months and two zones, some as far away as a mistyped year."""
    years = dice.choice((-2, -40)) if dice.random() < 0.03 else 0
    starts_at = FIRST.replace(year=FIRST.year + years) + timedelta(hours=dice.randrange(120 * 24))
    return meeting(
        id=f"0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f{number:04}",
        timezone=dice.choice(ZONES[: dice.choice((1, 2, 4))]),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        cancelled=dice.random() < 0.3,
        changed_at=CHANGED_AT + timedelta(days=dice.randrange(-50, 50)),
        title=f"Title {dice.randrange(1_000)}",
    )


def _written(events: dict[str, MeetingEvent]) -> Written:
    return Written(Content(HEADER, [*events.values()], VARIANT, frozenset()))


def _anew(events: dict[str, MeetingEvent], now: datetime) -> Ready:
    all_ = events.values()
    header, left = HEADER, tombstones.last_expiry(all_, now)
    if left is not None and left > header.changed_at:
        header = replace(header, changed_at=left)
    made = feed(header, tombstones.shown(all_, now), VARIANT)
    until = tombstones.next_expiry(all_, now)
    return Ready(made.body, made.etag, made.last_modified, private=False, until=until)


async def _said(ready: Ready) -> tuple[object, object]:
    """Bytes, validators, and until when they may go out."""
    return await ready.messages("GET", {}), ready.until
