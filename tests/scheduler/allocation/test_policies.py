from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.allocation.policies import (
    POLICIES,
    PROTOCOL,
    Entry,
    Order,
    alternating,
    draw,
    first_come,
    ordered,
    precedence,
    protocol,
    ranking,
    speaks_for_many,
)
from scheduler.allocation.seeding import lot
from tests.scheduler.allocation.entries import crowds, entry, numbers, orders


def test_first_come_goes_by_the_moment_whatever_the_category() -> None:
    crowd = [entry(3, "ngo"), entry(1, "expert"), entry(2, "member_state")]

    assert numbers(first_come(crowd)) == [1, 2, 3]


def test_one_moment_is_settled_by_the_id() -> None:
    crowd = [entry(2), entry(1, since=entry(2).since)]

    assert numbers(first_come(crowd)) == [1, 2]


def test_order_of_a_list_goes_before_the_moment() -> None:
    crowd = [entry(1, "expert"), entry(2, "ngo"), entry(3, "member_state"), entry(4, "igo")]

    assert numbers(first_come(crowd, [["member_state", "igo"], ["ngo"]])) == [3, 4, 2, 1]


def test_protocol_has_groups_states_observers_organisations_academia_and_experts() -> None:
    categories = [category for rank in PROTOCOL for category in rank]
    crowd = [entry(number, category) for number, category in enumerate(reversed(categories))]

    by_rank = [each.category for each in protocol(crowd)]

    assert by_rank == [
        *("regional_group", "member_state", "observer_state", "un_entity", "igo", "ngo", "ngo_ecosoc"),
        *("private_sector", "academia", "expert"),
    ]


@pytest.mark.parametrize("category", ["member_state", "observer_state"])
def test_state_that_speaks_for_a_group_comes_with_the_groups(category: str) -> None:
    crowd = [entry(1, "member_state"), entry(2, "regional_group"), entry(3, category, for_group=True)]

    assert numbers(protocol(crowd)) == [2, 3, 1]


def test_organisation_that_speaks_for_others_is_first_among_its_own() -> None:
    crowd = [entry(1, "ngo"), entry(2, "ngo_ecosoc", for_group=True), entry(3, "igo")]

    assert numbers(protocol(crowd)) == [3, 2, 1]


def test_state_that_speaks_for_a_group_stays_a_state_where_the_order_has_no_groups() -> None:
    crowd = [entry(1, "ngo"), entry(2, "member_state", for_group=True)]

    assert numbers(protocol(crowd, [["member_state"], ["ngo"]])) == [2, 1]


def test_order_of_a_list_takes_the_place_of_the_protocol() -> None:
    crowd = [entry(1, "member_state"), entry(2, "ngo"), entry(3, "expert")]

    assert numbers(protocol(crowd, [["expert"], ["ngo"]])) == [3, 2, 1]


def test_alternating_takes_one_of_each_category_a_round() -> None:
    crowd = [entry(number, "ngo") for number in (1, 2, 3)] + [entry(4), entry(5), entry(6, "igo")]

    assert numbers(alternating(crowd)) == [4, 6, 1, 5, 2, 3]


def test_alternating_stays_within_the_ranks_of_an_order() -> None:
    crowd = [entry(1, "ngo"), entry(2, "ngo"), entry(3, "academia"), entry(4), entry(5)]

    assert numbers(alternating(crowd, [["member_state"], ["ngo", "academia"]])) == [4, 5, 1, 3, 2]


def test_draw_goes_by_the_lots() -> None:
    crowd = [entry(number) for number in range(1, 30)]

    drawn = draw(crowd, seed="spring rain")

    assert drawn == sorted(crowd, key=lambda each: lot("spring rain", each.id))
    assert numbers(drawn) != numbers(crowd)
    assert numbers(draw(crowd, seed="autumn rain")) != numbers(drawn)


def test_draw_stays_within_the_ranks_of_an_order() -> None:
    crowd = [entry(number, "ngo" if number % 2 else "member_state") for number in range(1, 11)]

    drawn = draw(crowd, [["member_state"], ["ngo"]], "spring rain")

    assert [each.category for each in drawn] == ["member_state"] * 5 + ["ngo"] * 5


@pytest.mark.parametrize("policy", POLICIES)
@given(crowd=crowds(), order=orders, dealt=st.data())
def test_order_is_the_same_however_people_are_handed_in(
    policy: str, crowd: list[Entry], order: Order, dealt: st.DataObject
) -> None:
    shuffled = dealt.draw(st.permutations(crowd))

    assert ordered(policy, shuffled, order, "seed") == ordered(policy, crowd, order, "seed")


@pytest.mark.parametrize("policy", POLICIES)
@given(crowd=crowds(), order=orders)
def test_precedence_is_kept_and_nobody_is_lost(policy: str, crowd: list[Entry], order: Order) -> None:
    rank = ranking(precedence(policy, order))

    told = ordered(policy, crowd, order, "seed")

    assert sorted(told, key=rank) == told
    assert sorted(numbers(told)) == sorted(numbers(crowd))


@given(crowd=crowds(), order=orders)
def test_statements_for_many_come_first_in_each_rank_of_protocol(crowd: list[Entry], order: Order) -> None:
    rank, by_rank = ranking(precedence("protocol", order)), defaultdict(list)
    for each in protocol(crowd, order):
        by_rank[rank(each)].append(not speaks_for_many(each))

    assert all(single == sorted(single) for single in by_rank.values())


@given(crowd=crowds(), order=orders)
def test_no_category_is_two_turns_ahead_of_another_that_still_waits(crowd: list[Entry], order: Order) -> None:
    rank = ranking(order)

    told = [(rank(each), each.voice) for each in alternating(crowd, order)]

    for at in range(1, len(told) + 1):
        had = Counter(told[:at])
        waiting = {kind for kind in told[at:] if kind[0] == told[at - 1][0]}
        assert all(had[kind] >= had[told[at - 1]] - 1 for kind in waiting)
