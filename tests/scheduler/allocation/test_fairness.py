from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from scheduler.allocation import fairness
from scheduler.allocation.fairness import totals, why_called, why_given, why_left
from scheduler.allocation.policies import POLICIES, Entry
from scheduler.allocation.proposals import Terms, propose
from scheduler.allocation.rules import Left, Limits
from scheduler.allocation.views import Tally, Totals
from scheduler.people.rules import Category
from tests.scheduler.allocation.entries import crowds, entry, terms

LEVELS = (Limits(180, {"ngo": 120}), Limits(100, {"ngo": 60}))
WHOLE = Terms("first_come", LEVELS, 10_800)


def reasons(asked: Terms, *crowd: Entry) -> list[tuple[str, str]]:
    proposal = propose(asked, crowd)
    return [why_given(asked, given) for given in proposal.given]


def test_seconds_are_explained() -> None:
    assert reasons(WHOLE, entry(1, asked=90), entry(2, "ngo"), entry(3, "ngo", asked=300)) == [
        ("as-asked", "Who inscribed first speaks first. The 90 seconds asked for are given."),
        (
            "limit",
            "Who inscribed first speaks first. No particular time was asked for: the list allows NGOs 120 seconds.",
        ),
        ("over-limit", "Who inscribed first speaks first. 300 seconds were asked for; the list allows NGOs 120."),
    ]


def test_steps_down_are_explained() -> None:
    asked = replace(WHOLE, budget=350)

    assert reasons(asked, entry(1), entry(2), entry(3, asked=80))[1:] == [
        (
            "stepped-down",
            (
                "Who inscribed first speaks first. "
                "The time does not suffice for all, so the list lets member states have 100 seconds instead of 180."
            ),
        ),
        ("as-asked", "Who inscribed first speaks first. The 80 seconds asked for are given."),
    ]


def test_steps_down_for_remote_minutes_are_explained() -> None:
    crowd = entry(1, mode="remote"), entry(2, mode="remote", asked=100), entry(3, asked=180)

    assert reasons(replace(WHOLE, remote=200), *crowd) == [
        (
            "stepped-down",
            (
                "Who inscribed first speaks first. "
                "The remote minutes do not suffice for all, so the list lets member states who speak by remote link "
                "have 100 seconds instead of 180."
            ),
        ),
        ("as-asked", "Who inscribed first speaks first. The 100 seconds asked for are given."),
        ("as-asked", "Who inscribed first speaks first. The 180 seconds asked for are given."),
    ]


@pytest.mark.parametrize(
    ("asker", "place"),
    [
        (entry(1, asked=9), "In the order of precedence member states are number 2 of 7."),
        (
            entry(1, asked=9, for_group=True),
            (
                "In the order of precedence groups are number 1 of 7. "
                "A statement on behalf of a group comes with the groups, before their members."
            ),
        ),
        (
            entry(1, "ngo", asked=9, for_group=True),
            (
                "In the order of precedence NGOs are number 5 of 7. "
                "A statement on behalf of others comes before those of single speakers of its rank."
            ),
        ),
    ],
)
def test_place_by_protocol_is_explained(asker: Entry, place: str) -> None:
    said = f"{place} Within the rank, who inscribed first speaks first. The 9 seconds asked for are given."

    assert reasons(replace(WHOLE, policy="protocol"), asker) == [("as-asked", said)]


def test_place_by_the_order_of_a_list_is_explained() -> None:
    asked = replace(WHOLE, policy="draw", order=(("ngo",),))

    assert reasons(asked, entry(1, "ngo", asked=9), entry(2, asked=9)) == [
        (
            "as-asked",
            (
                "In the order of precedence NGOs are number 1 of 1. The order was drawn by lot from the seed. "
                "The 9 seconds asked for are given."
            ),
        ),
        (
            "as-asked",
            (
                "What the order of precedence does not name comes last. The order was drawn by lot from the seed. "
                "The 9 seconds asked for are given."
            ),
        ),
    ]


def test_place_by_hand_is_explained() -> None:
    assert reasons(WHOLE, entry(1), entry(2, asked=9, placed=1), entry(3, asked=9, placed=7))[::2] == [
        (
            "by-hand",
            "This stays number 1 of the list, where the chair put it by hand. The 9 seconds asked for are given.",
        ),
        (
            "by-hand-not-kept",
            (
                "The chair had made this number 7, but too few come before it now: it is number 3. "
                "The 9 seconds asked for are given."
            ),
        ),
    ]


def test_called_turn_is_explained() -> None:
    assert why_called() == ("called", "This turn has been called, so it stays as it is.")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (
            Left(entry(1), "no-time", 180, 20),
            "180 seconds were needed for this turn, and 20 were left when it came to it.",
        ),
        (Left(entry(1), "no-time", 180), "The time had been used up for those before, and nobody is passed over."),
        (
            Left(entry(1), "no-remote-time", 180, 20),
            (
                "180 remote seconds were needed for this turn, and 20 were left when it came to it. "
                "In the room or by video it could be given a turn."
            ),
        ),
        (
            Left(entry(1), "no-remote-time", 180),
            (
                "The remote minutes had been used up for those before, and nobody is passed over. "
                "In the room or by video it could be given a turn."
            ),
        ),
        (Left(entry(1), "list-full", 180, 0), "The list has as many speakers as it takes."),
        (Left(entry(1), "not-accredited"), "The organisation's accreditation to this session is not approved."),
        (
            Left(entry(1, mode="remote"), "mode-not-offered"),
            "The list does not offer speaking by remote link any more; in another mode it could be given a turn.",
        ),
    ],
)
def test_whoever_is_left_out_is_told_why(left: Left, said: str) -> None:
    assert why_left(left) == (left.rule, said)


def test_totals_count_by_category_and_mode() -> None:
    proposal = propose(WHOLE, [entry(1), entry(2, mode="remote"), entry(3, "ngo", mode="video", asked=60)])

    assert totals(proposal) == Totals(
        seconds=420,
        budget_seconds=10_800,
        remote_seconds=180,
        by_category={"member_state": Tally(2, 360), "ngo": Tally(1, 60)},
        by_mode={"in_person": Tally(1, 180), "remote": Tally(1, 180), "video": Tally(1, 60)},
    )


def test_every_category_and_policy_has_words() -> None:
    assert set(fairness.CATEGORIES) == set(Category.__args__)  # type: ignore[attr-defined]  # -- a Literal has them
    assert set(POLICIES) <= set(fairness._PLACES)


@given(asked=terms, crowd=crowds())
def test_every_reason_can_be_put_into_other_words_sentence_by_sentence(asked: Terms, crowd: list[Entry]) -> None:
    def say(sentence: str, values: Mapping[str, Any]) -> str:
        assert sentence in fairness.SENTENCES
        return f"«{sentence.format(**values)}»"

    proposal = propose(asked, crowd)
    why = [(why_given(asked, each), why_given(asked, each, say)) for each in proposal.given]
    why += [(why_left(each), why_left(each, say)) for each in proposal.left]

    assert [(rule, said.replace("«", "").replace("»", "")) for _, (rule, said) in why] == [each for each, _ in why]
    assert all(said.startswith("«") and said.endswith("»") for _, (_, said) in why)


@given(asked=terms, crowd=crowds())
def test_everybody_has_a_rule_and_a_reason(asked: Terms, crowd: list[Entry]) -> None:
    proposal = propose(asked, crowd)

    told = [why_given(asked, each) for each in proposal.given] + [why_left(each) for each in proposal.left]

    assert len(told) == len(crowd)
    assert all(rule and reason.endswith(".") and "{" not in reason for rule, reason in told)
    assert totals(proposal).seconds == sum(each.share.seconds for each in proposal.given)
