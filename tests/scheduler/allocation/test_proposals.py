from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scheduler.allocation.policies import Entry, precedence, ranking
from scheduler.allocation.proposals import Proposal, Terms, propose
from scheduler.allocation.rules import NO_TIME, Limits
from scheduler.allocation.slots import Laid, Standing
from tests.scheduler.allocation.entries import crowds, entry, numbers, standings, terms

WHOLE = Terms("first_come", (Limits(180),), 0, 10_800)


def speakers(proposal: Proposal) -> list[int]:
    return numbers([given.share.entry for given in proposal.given])


def test_turns_lie_in_the_order_of_the_policy() -> None:
    proposal = propose(WHOLE, [entry(2), entry(1)])

    assert speakers(proposal) == [1, 2]
    assert proposal.laid == (Laid(entry(1).id, 0, 180), Laid(entry(2).id, 180, 180))
    assert (proposal.budget, [given.turn for given in proposal.given]) == (10_800, [1, 2])


def test_budget_is_no_more_than_the_window_has() -> None:
    assert propose(replace(WHOLE, budget=20_000), []).budget == 10_800
    assert propose(replace(WHOLE, budget=9_000), []).budget == 9_000
    assert propose(WHOLE, [], [Standing("panel", 0, 1_800)]).budget == 9_000


def test_turn_placed_by_hand_keeps_its_place() -> None:
    crowd = [entry(number) for number in range(1, 6)]
    crowd[4] = replace(crowd[4], placed=2)

    assert speakers(propose(WHOLE, crowd)) == [1, 5, 2, 3, 4]


def test_turn_placed_by_hand_is_given_before_others() -> None:
    crowd = [entry(1), entry(2, placed=2)]

    proposal = propose(replace(WHOLE, budget=180), crowd)

    assert (speakers(proposal), [given.turn for given in proposal.given]) == ([2], [1])
    assert [(left.entry, left.rule) for left in proposal.left] == [(crowd[0], NO_TIME)]


def test_called_turns_count_for_the_places_of_the_rest() -> None:
    crowd = [entry(1), entry(2), entry(3, placed=3)]
    called = [Standing("x", 0, 180, called=True)]

    proposal = propose(WHOLE, crowd, called, [1])

    assert (speakers(proposal), [given.turn for given in proposal.given]) == ([1, 3, 2], [2, 3, 4])
    assert proposal.laid[0] == Laid("x", 0, 180)
    assert proposal.laid[1].starts_after == 180


def test_who_is_barred_is_left_out_by_that_rule() -> None:
    crowd = [entry(1, barred="not-accredited"), entry(2)]

    proposal = propose(WHOLE, crowd)

    assert (speakers(proposal), [left.rule for left in proposal.left]) == ([2], ["not-accredited"])


def test_hole_before_a_called_turn_costs_time_and_no_turn_passes_the_end() -> None:
    called = [Standing("x", 300, 100, called=True)]
    crowd = [entry(number) for number in range(1, 6)]

    proposal = propose(replace(WHOLE, end=1_000), crowd, called, [2])

    assert [laid.starts_after for laid in proposal.laid] == [0, 300, 400, 580, 760]
    assert len(proposal.left) == 1


@given(asked=terms(), crowd=crowds(), standing=standings)
def test_everybody_is_there_once_and_no_budget_is_passed(
    asked: Terms, crowd: list[Entry], standing: list[Standing]
) -> None:
    called = list(range(1, 1 + sum(each.called for each in standing)))

    proposal = propose(asked, crowd, standing, called)

    shares = [given.share for given in proposal.given]
    told = [share.entry.id for share in shares] + [left.entry.id for left in proposal.left]
    assert sorted(told) == sorted(each.id for each in crowd)
    assert sum(share.seconds for share in shares) + asked.gap * max(0, len(shares) - 1) <= proposal.budget
    assert asked.budget is None or proposal.budget <= asked.budget
    remote = sum(share.seconds for share in shares if share.entry.mode == "remote")
    assert asked.remote is None or remote <= asked.remote
    assert asked.places is None or len(shares) <= asked.places
    assert all(share.seconds <= asked.levels[0].of(share.entry.category) for share in shares)
    assert all(left.rule == "not-accredited" or not left.entry.barred for left in proposal.left)
    turns = {laid.id: laid for laid in proposal.laid if laid.id not in {each.id for each in standing}}
    assert [turns[share.entry.id].seconds for share in shares] == [share.seconds for share in shares]
    assert all(asked.first <= laid.starts_after and laid.ends_after <= asked.end for laid in turns.values())


@given(asked=terms(), crowd=crowds(), standing=standings, dealt=st.data())
def test_same_people_get_the_same_however_they_are_handed_in(
    asked: Terms, crowd: list[Entry], standing: list[Standing], dealt: st.DataObject
) -> None:
    shuffled, stays = dealt.draw(st.permutations(crowd)), dealt.draw(st.permutations(standing))

    assert propose(asked, shuffled, stays) == propose(asked, crowd, standing)


@given(asked=terms(), crowd=crowds(by_hand=False), standing=standings)
def test_precedence_is_never_broken(asked: Terms, crowd: list[Entry], standing: list[Standing]) -> None:
    rank = ranking(precedence(asked.policy, asked.order))

    proposal = propose(asked, crowd, standing)

    spoken = [rank(given.share.entry) for given in proposal.given]
    assert spoken == sorted(spoken)
    for left in proposal.left:
        assert left.rule != NO_TIME or max(spoken, default=0) <= rank(left.entry)


@given(asked=terms(), crowd=crowds())
def test_turns_placed_by_hand_keep_their_number_or_are_the_last(asked: Terms, crowd: list[Entry]) -> None:
    proposal = propose(asked, crowd)

    for each in proposal.given:
        wanted = each.share.entry.placed
        if wanted is not None and each.turn != wanted:
            assert each.turn < wanted
            assert all((behind.share.entry.placed or 0) > wanted for behind in proposal.given[each.turn :])


@given(asked=terms(), crowd=crowds(by_hand=False), joins=st.integers(10_001, 10_010), dealt=st.data())
def test_one_person_more_costs_the_others_time_only_for_a_reason(
    asked: Terms, crowd: list[Entry], joins: int, dealt: st.DataObject
) -> None:
    new = dealt.draw(crowds(by_hand=False, most=1).map(lambda some: [replace(each, id=str(joins)) for each in some]))

    before, after = propose(asked, crowd), propose(asked, [*crowd, *new])

    had = {given.share.entry.id: given.share.seconds for given in before.given}
    has = {given.share.entry.id: given.share.seconds for given in after.given}
    left = {each.entry.id: each.rule for each in after.left}
    for id_, seconds in had.items():
        shorter = id_ in has and has[id_] < seconds
        assert id_ in has or id_ in left
        assert not shorter or (after.short is not None and after.steps > before.steps)
    if sum(has.values()) < sum(had.values()):
        assert after.steps > 0 or any(id_ in left for id_ in had)
