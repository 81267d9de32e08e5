from datetime import timedelta

import pytest

from calendars.tombstones import last_expiry, next_expiry, shown
from tests.makers.events import meeting, slot

ENDS_AT = meeting().ends_at
SECOND = timedelta(seconds=1)
KEPT = timedelta(days=60)


@pytest.mark.parametrize(
    ("cancelled", "after", "stays"),
    [
        (True, -KEPT, True),
        (True, KEPT - SECOND, True),
        (True, KEPT, False),
        (False, KEPT, True),
        (False, timedelta(days=3650), True),
    ],
)
def test_cancelled_entry_stays_60_days_after_its_end(cancelled: bool, after: timedelta, stays: bool) -> None:
    event = meeting(cancelled=cancelled)

    assert shown([event], ENDS_AT + after) == ([event] if stays else [])


def test_next_expiry_is_the_first_still_to_come() -> None:
    events = [meeting(), meeting(cancelled=True), slot(cancelled=True)]
    turn_ends_at = slot().ends_at

    assert next_expiry(events, ENDS_AT) == turn_ends_at + KEPT
    assert next_expiry(events, turn_ends_at + KEPT) == ENDS_AT + KEPT
    assert next_expiry(events, ENDS_AT + KEPT) is None


def test_last_expiry_is_the_latest_that_is_over() -> None:
    events = [meeting(), meeting(cancelled=True), slot(cancelled=True)]
    turn_ends_at = slot().ends_at

    assert last_expiry(events, ENDS_AT) is None
    assert last_expiry(events, turn_ends_at + KEPT) == turn_ends_at + KEPT
    assert last_expiry(events, ENDS_AT + KEPT) == ENDS_AT + KEPT
