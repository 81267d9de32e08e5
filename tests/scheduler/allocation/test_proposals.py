from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scheduler.allocation.policies import Entry, precedence, ranking
from scheduler.allocation.proposals import Fixed, Given, Proposal, Terms, propose
from scheduler.allocation.rules import NO_TIME, Limits
from tests.scheduler.allocation.entries import crowds, entry, fixed, numbers, terms

WHOLE = Terms("first_come", (Limits(180),), 10_800)


def speakers(proposal: Proposal) -> list[int]:
    return numbers([each.share.entry for each in proposal.given])


def told(proposal: Proposal) -> list[str | int]:
    """What stands in the list: ids of what is fixed, and who speaks by number."""
    return [each.id if isinstance(each, Fixed) else numbers([each.share.entry])[0] for each in proposal.sequence]


def test_turns_come_in_the_order_of_the_policy() -> None:
    proposal = propose(WHOLE, [entry(2), entry(1)])

    assert (speakers(proposal), [each.position for each in proposal.given]) == ([1, 2], [1, 2])
    assert (proposal.budget, proposal.left, proposal.steps, proposal.remote_steps) == (10_800, (), 0, 0)


def test_budget_is_no_more_than_there_is_room() -> None:
    assert propose(replace(WHOLE, budget=20_000), []).budget == 10_800
    assert propose(replace(WHOLE, budget=9_000), []).budget == 9_000
    assert propose(replace(WHOLE, room=-5), []).budget == 0


def test_panels_breaks_and_called_turns_keep_their_positions() -> None:
    stays = [Fixed("called", 1), Fixed("break", 3), Fixed("panel", 9)]

    assert told(propose(WHOLE, [entry(1), entry(2), entry(3)], stays)) == ["called", 1, "break", 2, 3, "panel"]


def test_turn_placed_by_hand_keeps_its_position() -> None:
    crowd = [entry(number) for number in range(1, 6)]
    crowd[4] = replace(crowd[4], placed=3)

    assert told(propose(WHOLE, crowd, [Fixed("called", 1)])) == ["called", 1, 5, 2, 3, 4]


def test_turn_placed_by_hand_is_given_before_others() -> None:
    crowd = [entry(1), entry(2, placed=2)]

    proposal = propose(replace(WHOLE, budget=180), crowd)

    assert (speakers(proposal), [each.position for each in proposal.given]) == ([2], [1])
    assert [(left.entry, left.rule) for left in proposal.left] == [(crowd[0], NO_TIME)]


def test_who_is_barred_is_left_out_by_that_rule() -> None:
    crowd = [entry(1, barred="not-accredited"), entry(2)]

    proposal = propose(WHOLE, crowd)

    assert (speakers(proposal), [left.rule for left in proposal.left]) == ([2], ["not-accredited"])


@given(asked=terms, crowd=crowds(), stays=fixed)
def test_everybody_is_there_once_and_no_budget_is_passed(asked: Terms, crowd: list[Entry], stays: list[Fixed]) -> None:
    proposal = propose(asked, crowd, stays)

    shares = [each.share for each in proposal.given]
    everybody = [share.entry.id for share in shares] + [left.entry.id for left in proposal.left]
    assert sorted(everybody) == sorted(each.id for each in crowd)
    assert sum(share.seconds for share in shares) + asked.gap * max(0, len(shares) - 1) <= proposal.budget
    assert proposal.budget <= min(asked.room, asked.room if asked.budget is None else asked.budget)
    remote = sum(share.seconds for share in shares if share.entry.mode == "remote")
    assert asked.remote is None or remote <= asked.remote
    assert asked.places is None or len(shares) <= asked.places
    assert all(share.seconds <= asked.levels[0].of(share.entry.category) for share in shares)
    assert all((left.rule == "not-accredited") == bool(left.entry.barred) for left in proposal.left)


@given(asked=terms, crowd=crowds(), stays=fixed)
def test_what_stays_is_there_once_and_positions_are_counted_through(
    asked: Terms, crowd: list[Entry], stays: list[Fixed]
) -> None:
    proposal = propose(asked, crowd, stays)

    assert [each.position for each in proposal.sequence] == list(range(1, len(proposal.sequence) + 1))
    assert sorted(each.id for each in proposal.sequence if isinstance(each, Fixed)) == sorted(each.id for each in stays)


@given(asked=terms, crowd=crowds(), stays=fixed)
def test_what_has_a_position_keeps_it_unless_too_few_come_before(
    asked: Terms, crowd: list[Entry], stays: list[Fixed]
) -> None:
    wanted = {each.id: each.position for each in stays} | {each.id: each.placed for each in crowd if each.placed}
    ids = [
        each.share.entry.id if isinstance(each, Given) else each.id for each in propose(asked, crowd, stays).sequence
    ]

    for at, id_ in enumerate(ids, 1):
        if at < wanted.get(id_, 0):
            assert all(behind in wanted for behind in ids[at:])


@given(asked=terms, crowd=crowds(), stays=fixed, dealt=st.data())
def test_same_people_get_the_same_however_they_are_handed_in(
    asked: Terms, crowd: list[Entry], stays: list[Fixed], dealt: st.DataObject
) -> None:
    shuffled, standing = dealt.draw(st.permutations(crowd)), dealt.draw(st.permutations(stays))

    assert propose(asked, shuffled, standing) == propose(asked, crowd, stays)


@given(asked=terms, crowd=crowds(by_hand=False), stays=fixed)
def test_precedence_is_never_broken(asked: Terms, crowd: list[Entry], stays: list[Fixed]) -> None:
    rank = ranking(precedence(asked.policy, asked.order))

    proposal = propose(asked, crowd, stays)

    spoken = [rank(each.share.entry) for each in proposal.given]
    assert spoken == sorted(spoken)
    for left in proposal.left:
        assert left.rule != NO_TIME or max(spoken, default=0) <= rank(left.entry)


def steps(proposal: Proposal) -> int:
    return proposal.steps + proposal.remote_steps


@given(asked=terms, crowd=crowds(by_hand=False), new=crowds(by_hand=False, most=1))
def test_one_person_more_costs_the_others_time_only_for_a_reason(
    asked: Terms, crowd: list[Entry], new: list[Entry]
) -> None:
    joined = [replace(each, id="somebody else") for each in new]

    before, after = propose(asked, crowd), propose(asked, [*crowd, *joined])

    had = {each.share.entry.id: each.share.seconds for each in before.given}
    has = {each.share.entry.id: each.share.seconds for each in after.given}
    left = {each.entry.id for each in after.left}
    for id_, seconds in had.items():
        assert id_ in left or has[id_] >= seconds or steps(after) > steps(before)
    if sum(has.values()) < sum(had.values()):
        assert steps(after) > steps(before) or left & had.keys()
