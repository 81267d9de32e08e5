from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from scheduler.accreditation.tables import Accreditation
from scheduler.allocation.seeding import commitment_to, lot
from scheduler.allocation.views import LeftOut, Tally
from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, Meaningless, NotAllowedNow, NotFound, VersionConflict
from scheduler.ids import new_id
from scheduler.lists import drawing_up
from scheduler.lists.particulars import NewList
from scheduler.lists.tables import Slot
from scheduler.lists.views import Counts, Draw, SlotView
from scheduler.people.permission import OPERATOR, Grant
from scheduler.programme.tables import Session
from scheduler.storage.columns import table
from tests.makers import people, speaking
from tests.makers.speaking import STARTS_AT
from tests.scheduler.allocation.conftest import Stage

TOLD = ("inscription.allotted", "inscription.left_out", "slot.moved", "list.allocated")


def test_turns_are_given_and_read_as_they_were_answered(stage: Stage) -> None:
    second, first = stage.ask(2, mode="remote"), stage.ask(1)

    done = stage.allot()

    given = stage.slots()
    assert [vars_of(slot) for slot in done.slots] == [vars_of(slot) for slot in given]
    assert [(slot.inscription, slot.position, slot.seconds, slot.status) for slot in given] == [
        (first, 1, 180, "booked"),
        (second, 2, 180, "booked"),
    ]
    assert [slot.starts_at for slot in given] == [STARTS_AT, STARTS_AT + timedelta(seconds=180)]
    rows = [stage.asked(id_) for id_ in (first, second)]
    assert [(row["status"], row["slot_id"]) for row in rows] == [
        ("allotted", given[0].id),
        ("allotted", given[1].id),
    ]
    assert stage.remote_booked() == 180
    view = stage.view()
    assert (view.version, view.counts) == (done.version, Counts(2, 0, 2, 0, 2, 0))


def vars_of(slot: SlotView) -> dict[str, object]:
    return {name: getattr(slot, name) for name in SlotView.__dataclass_fields__}


def test_look_tells_the_same_and_changes_nothing(stage: Stage) -> None:
    for number in range(3):
        stage.ask(number, mode="remote", seconds_requested=100)

    seen = stage.look(budget_seconds=200)

    assert (stage.slots(), stage.remote_booked()) == ([], 0)
    done = stage.allot(budget_seconds=200)
    assert [replace(slot, id=None) for slot in done.slots] == list(seen.slots)
    assert [replace(reason, slot=None) for reason in done.reasons] == list(seen.reasons)
    assert (seen.totals, seen.left_out, seen.version) == (done.totals, done.left_out, done.version - 1)


def test_whoever_does_not_fit_is_left_out_with_a_reason(stage: Stage) -> None:
    stage.ask(1)
    late = stage.ask(2)

    done = stage.allot(budget_seconds=200)

    said = "180 seconds were needed for this turn, and 20 were left when it came to it."
    assert done.left_out == (LeftOut(late, "no-time", said),)
    assert (done.totals.seconds, done.totals.budget_seconds) == (180, 200)
    assert done.totals.by_category == {"member_state": Tally(1, 180)}


def test_steps_and_order_of_the_list_count(stage: Stage) -> None:
    steps = [{"seconds_default": 100, "seconds_by_category": {"ngo": 60}}]
    stage.set_list(policy_options={"order": [["member_state"], ["ngo"]], "steps": steps}, gap_seconds=10)
    ngo, state = stage.ask(1, "ngo"), stage.ask(2)

    done = stage.allot(budget_seconds=170)

    assert [(reason.inscription, reason.seconds_given, reason.rule) for reason in done.reasons] == [
        (state, 100, "stepped-down"),
        (ngo, 60, "stepped-down"),
    ]
    assert done.totals.seconds == 160


def test_remote_cap_counts_what_other_lists_booked(stage: Stage) -> None:
    stage.set_meeting(remote_budget_seconds=600, remote_booked_seconds=300)
    remote = [stage.ask(number, mode="remote") for number in range(2)]

    done = stage.allot()

    assert [left.inscription for left in done.left_out] == [remote[1]]
    assert (done.totals.remote_seconds, stage.remote_booked()) == (180, 480)
    assert stage.allot().left_out == done.left_out
    assert stage.remote_booked() == 480


def test_whoever_loses_her_turn_is_pending_again_and_gives_back_her_remote_minutes(stage: Stage) -> None:
    stage.ask(1)
    late = stage.ask(2, mode="remote")
    held = stage.allot().slots[1]
    stage.set_meeting(links_sequence=2)

    stage.allot(budget_seconds=180)

    row = stage.asked(late)
    assert (row["status"], row["slot_id"], row["held_after"], row["held_seconds"]) == ("pending", None, 180, 180)
    assert (row["sequence"], len(stage.slots()), stage.remote_booked()) == (3, 1, 0)
    again = stage.allot()
    assert again.slots[1].id != held.id
    assert stage.asked(late)["sequence"] == 4


def test_second_allocation_keeps_slots_and_changes_nothing_where_all_is_so(stage: Stage) -> None:
    stage.ask(1)
    stage.ask(2)
    first = stage.allot()
    entries = stage.journal(*TOLD)

    second = stage.allot()

    assert (second.slots, second.version, stage.journal(*TOLD)) == (first.slots, first.version, entries)


def test_newcomers_take_their_place_and_others_keep_their_slots(stage: Stage) -> None:
    early, late = stage.ask(1), stage.ask(3)
    first = stage.allot()

    between = stage.ask(2)
    second = stage.allot()

    assert stage.order() == [early, between, late]
    assert (second.slots[0], second.slots[2].id) == (first.slots[0], first.slots[1].id)


def test_journal_tells_of_everyone_who_gains_moves_or_loses(stage: Stage) -> None:
    early, late = stage.ask(1), stage.ask(3)
    slot = stage.allot().slots[1].id
    between = stage.ask(2)
    told = len(stage.journal(*TOLD))

    stage.allot()
    stage.allot(budget_seconds=180)

    assert stage.journal(*TOLD)[:told] == [
        ("inscription.allotted", early),
        ("inscription.allotted", late),
        ("list.allocated", stage.scene.list),
    ]
    assert stage.journal(*TOLD)[told:] == [
        ("slot.moved", slot),
        ("inscription.allotted", between),
        ("list.allocated", stage.scene.list),
        ("inscription.left_out", between),
        ("inscription.left_out", late),
        ("list.allocated", stage.scene.list),
    ]


def test_whoever_was_called_stays_and_the_rest_has_the_time_that_is_left(stage: Stage, clock: SettableClock) -> None:
    called, waiting = stage.ask(2), stage.ask(3)
    slot = stage.allot().slots[0]
    stage.set_slot(slot.id, status="speaking")
    stage.set_meeting(status="in_progress")
    clock.set(STARTS_AT + timedelta(hours=2, minutes=50))
    first = stage.ask(1)

    done = stage.allot()

    assert stage.order() == [called, first, waiting]
    assert done.totals.budget_seconds == 600
    assert (done.totals.seconds, done.reasons[0].rule) == (360, "called")
    assert (done.slots[0].starts_at, done.slots[0].seconds) == (slot.starts_at, 180)


def test_chair_may_give_time_that_the_clock_has_not(stage: Stage, clock: SettableClock) -> None:
    stage.ask(1)
    stage.set_meeting(status="in_progress")
    clock.set(STARTS_AT + timedelta(hours=4))

    assert (stage.look().totals.budget_seconds, len(stage.look().left_out)) == (0, 1)
    assert len(stage.allot(budget_seconds=600).slots) == 1


def test_turn_placed_by_hand_keeps_its_place_and_says_so(stage: Stage) -> None:
    stage.ask(1)
    stage.ask(2)
    moved = stage.ask(3)
    slot = stage.allot().slots[2].id
    for row in speaking.slots(stage.conn, stage.scene.list):
        stage.set_slot(row["id"], position=row["position"] + 1 if row["id"] != slot else 1)
    stage.set_slot(slot, placed_at=STARTS_AT)

    done = stage.allot()

    assert stage.order()[0] == moved
    assert done.reasons[0].rule == "by-hand"
    assert done.reasons[0].reason.startswith("This stays number 1 of the list, where the chair put it by hand.")


def test_panels_stay_and_take_their_time(stage: Stage) -> None:
    ids = [stage.ask(number) for number in range(3)]
    made = {
        "kind": "panel", "title": "Panel", "seconds": 1_800, "position": 1, "starts_after": 0, "status": "booked",
        "id": new_id(), "list_id": stage.scene.list, "meeting_id": stage.scene.meeting, "version": 1,
    }  # fmt: skip
    stage.writer.act_now(lambda tx: tx.conn.insert(Slot, **made))

    done = stage.allot()

    assert stage.order() == [None, *ids]
    assert (done.totals.budget_seconds, len(done.reasons)) == (9_000, 3)
    assert done.slots[1].starts_at == STARTS_AT + timedelta(seconds=1_800)


def test_capacity_counts_who_was_called(stage: Stage) -> None:
    stage.set_list(capacity=2)
    stage.ask(1)
    stage.set_slot(stage.allot().slots[0].id, status="spoken")
    stage.ask(2)
    late = stage.ask(3)

    assert [(left.inscription, left.rule) for left in stage.allot().left_out] == [(late, "list-full")]


def test_whose_accreditation_is_not_approved_is_given_no_turn(stage: Stage) -> None:
    barred = stage.ask(1)
    theirs = table(Accreditation).c.organisation_id == stage.asked(barred)["organisation_id"]
    stage.writer.act_now(lambda tx: tx.conn.run(update(table(Accreditation)).where(theirs).values(status="objected")))

    assert [(left.inscription, left.rule) for left in stage.allot().left_out] == [(barred, "not-accredited")]


def test_mode_that_is_not_offered_any_more_is_given_no_turn(stage: Stage) -> None:
    barred = stage.ask(1, mode="video")
    stage.set_list(modes=["in_person", "remote"])

    assert [(left.inscription, left.rule) for left in stage.allot().left_out] == [(barred, "mode-not-offered")]


def test_draw_goes_by_its_seed_which_is_public_from_then_on(stage: Stage) -> None:
    ids = [stage.ask(number) for number in range(12)]

    seen = stage.look(policy="draw", seed="spring rain")
    assert stage.view().draw is None
    done = stage.allot(policy="draw", seed="spring rain")

    assert stage.order() == sorted(ids, key=lambda id_: lot("spring rain", id_))
    assert (seen.seed, done.seed) == ("spring rain", "spring rain")
    assert stage.view().draw == Draw(None, "spring rain")
    assert stage.allot(policy="draw").seed == "spring rain"
    assert stage.allot(policy="first_come").seed is None


def test_draw_without_a_seed_goes_by_chance(stage: Stage) -> None:
    stage.ask(1)

    assert stage.allot(policy="draw").seed == "chance"


def test_committed_draw_takes_no_other_seed(stage: Stage) -> None:
    stage.ask(1)
    commitment = commitment_to("spring rain")

    made = stage.commit(commitment)

    assert made.draw == Draw(commitment, None)
    assert stage.journal("list.committed") == [("list.committed", stage.scene.list)]
    for act, seed in ((stage.allot, None), (stage.allot, "autumn rain"), (stage.look, "autumn rain")):
        with pytest.raises(Meaningless) as refused:
            act(policy="draw", seed=seed)
        assert refused.value.faults[0].field == "seed"
    stage.allot(policy="draw", seed="spring rain")
    assert stage.view().draw == Draw(commitment, "spring rain")


def test_commitment_may_change_until_the_draw(stage: Stage) -> None:
    stage.ask(1)

    stage.commit(commitment_to("autumn rain"))
    committed = stage.commit(commitment_to("spring rain"))
    assert stage.commit(commitment_to("spring rain")) == committed
    stage.allot(policy="draw", seed="spring rain")

    with pytest.raises(NotAllowedNow):
        stage.commit(commitment_to("winter rain"))


@pytest.mark.parametrize("act", [Stage.allot, Stage.look, lambda stage: stage.commit(commitment_to("a"))])
def test_only_chair_and_secretariat_may(stage: Stage, act: Callable[[Stage], object]) -> None:
    elsewhere = Grant("chair", "session", stage.scene.list)
    somebody = stage.writer.act_now(lambda tx: speaking.speaker(tx, stage.scene, grants=(elsewhere,)))
    secretariat = stage.writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),)))

    with pytest.raises(Forbidden):
        act(replace(stage, chair=somebody))
    act(replace(stage, chair=secretariat))


def test_list_of_a_draft_is_not_found_by_others(stage: Stage) -> None:
    stage.writer.act_now(lambda tx: tx.conn.update(Session, stage.scene.session, status="draft"))
    somebody = stage.writer.act_now(lambda tx: speaking.speaker(tx, stage.scene))

    with pytest.raises(NotFound):
        replace(stage, chair=somebody).allot()


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_nothing_is_allotted_in_a_meeting_that_is_over(stage: Stage, status: str) -> None:
    stage.set_meeting(status=status)

    for act in (stage.allot, stage.look):
        with pytest.raises(NotAllowedNow):
            act()


def test_slots_of_a_timed_list_are_not_allotted(stage: Stage) -> None:
    timed = stage.writer.act_now(lambda tx: speaking.scene(tx, code="ahc-9"))
    secretariat = stage.writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),)))

    with pytest.raises(NotAllowedNow):
        replace(stage, scene=timed, chair=secretariat).allot()


def test_stale_version_is_refused_with_the_list(stage: Stage) -> None:
    stage.ask(1)
    before = stage.view().version
    stage.allot(expected_version=before)

    with pytest.raises(VersionConflict) as refused:
        stage.allot(expected_version=before)

    assert refused.value.data["current"].version == before + 1


def test_lists_that_follow_each_other_share_what_the_meeting_has(stage: Stage) -> None:
    behind = stage.writer.act_now(
        lambda tx: drawing_up.add(tx, OPERATOR, stage.scene.meeting, NewList("2", "queue")).id
    )
    other = replace(stage, scene=replace(stage.scene, list=behind))
    for number in range(40):
        stage.ask(number)
        other.ask(100 + number)

    first, second = stage.allot(), other.allot()
    for number in range(40, 50):
        stage.ask(number)
    again = stage.allot()

    assert (first.totals.budget_seconds, first.totals.seconds) == (10_800, 7_200)
    assert (second.totals.budget_seconds, second.totals.seconds) == (3_600, 3_600)
    assert (again.totals.budget_seconds, len(again.slots), len(again.left_out)) == (7_200, 40, 10)
    assert other.slots()[0].starts_at == STARTS_AT + timedelta(seconds=7_200)
    shorter = stage.allot(budget_seconds=1_800)
    assert (len(shorter.slots), other.slots()[0].starts_at) == (10, STARTS_AT + timedelta(seconds=1_800))
