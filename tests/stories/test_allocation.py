from collections.abc import Iterator

import pytest

from scheduler.allocation.policies import POLICIES
from tests.stories.allocation import BUDGET, GAP, REMOTE, Consultation, consultation, lines


@pytest.fixture
def held(database_url: str) -> Iterator[Consultation]:
    with consultation(database_url) as stage:
        yield stage


def test_each_policy_keeps_its_budgets_and_tells_everybody_why(held: Consultation) -> None:
    for policy in POLICIES:
        found = held.looked_at(policy)

        assert len(found.slots) + len(found.left_out) == len(held.askers) == 60
        assert found.totals.seconds + GAP * (len(found.slots) - 1) <= found.totals.budget_seconds == BUDGET
        assert found.totals.remote_seconds <= REMOTE
        assert found.totals.seconds == sum(slot.seconds for slot in found.slots)
        told = {reason.inscription for reason in found.reasons} | {left.inscription for left in found.left_out}
        assert told == held.askers.keys()
        assert all(each.rule and each.reason for each in found.reasons)
        assert all(each.rule and each.reason for each in found.left_out)
        assert len(list(lines(held, policy, found))) == 3 + 2 * 60


def test_what_was_looked_at_comes_true(held: Consultation) -> None:
    for policy in POLICIES:
        seen, done = held.looked_at(policy), held.allotted(policy)

        assert [slot.inscription for slot in done.slots] == [slot.inscription for slot in seen.slots]
        assert (done.totals, done.left_out) == (seen.totals, seen.left_out)
        assert [slot.starts_at for slot in done.slots] == [slot.starts_at for slot in seen.slots]
