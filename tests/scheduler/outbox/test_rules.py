from datetime import UTC, datetime, timedelta

import pytest

from scheduler.outbox.rules import MOST_TRIES, TOO_LATE, WAITS, Outcome, Status, verdict

NOW = datetime(2022, 6, 8, 10, tzinfo=UTC)


@pytest.mark.parametrize(("outcome", "status"), [("sent", "sent"), ("failed", "failed")])
def test_what_is_settled_for_good_keeps_its_outcome(outcome: Outcome, status: Status) -> None:
    settled = verdict(outcome, "why", 3, NOW, None)

    assert (settled.status, settled.attempts, settled.error) == (status, 3, "why")


def test_what_became_pointless_was_not_tried() -> None:
    settled = verdict("dropped", "why", 1, NOW, None)

    assert (settled.status, settled.attempts, settled.error) == ("dropped", 0, "why")


def test_each_wait_is_longer_than_the_one_before() -> None:
    waits = [verdict("retry", "busy", tries, NOW, None).claim_at - NOW for tries in range(1, MOST_TRIES)]

    assert waits == sorted(set(waits))
    assert waits == list(WAITS)


def test_last_try_gives_up() -> None:
    assert verdict("retry", "busy", MOST_TRIES, NOW, None).status == "failed"
    assert verdict("retry", "busy", MOST_TRIES - 1, NOW, None).status == "planned"


def test_next_try_that_would_come_too_late_is_none() -> None:
    settled = verdict("retry", "busy", 1, NOW, NOW + WAITS[0])

    assert (settled.status, settled.error) == ("dropped", f"{TOO_LATE} The last try: busy")


def test_next_try_just_in_time_is_made() -> None:
    settled = verdict("retry", "busy", 1, NOW, NOW + WAITS[0] + timedelta(seconds=1))

    assert (settled.status, settled.claim_at, settled.error) == ("planned", NOW + WAITS[0], "busy")


def test_what_was_not_begun_is_given_back_without_counting() -> None:
    settled = verdict("unsent", None, 1, NOW, None)

    assert (settled.status, settled.claim_at, settled.attempts) == ("planned", NOW, 0)
