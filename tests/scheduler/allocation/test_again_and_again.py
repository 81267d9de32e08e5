import itertools
import random
from dataclasses import replace
from typing import Any

import pytest

from scheduler.allocation.policies import POLICIES
from scheduler.allocation.views import AllocationView
from scheduler.lists import placing, turns, withdrawing
from scheduler.lists.turns import Interlude
from scheduler.people.permission import OPERATOR
from tests.makers import asking, speaking
from tests.scheduler.allocation.conftest import Stage
from tests.scheduler.allocation.entries import CATEGORIES

STEPS = [
    {"seconds_default": 120, "seconds_by_category": {"ngo": 60}},
    {"seconds_default": 60, "seconds_by_category": {}},
]
ROUNDS = 12


def something_happens(stage: Stage, dice: random.Random, number: int) -> None:
    """People ask, withdraw, are called; the chair moves a turn or puts a break among them."""
    modes = ("in_person", "remote", "video")
    for more in range(dice.randrange(1, 6)):
        asked = dice.choice((None, 45, 150, 400))
        category, mode = dice.choice(CATEGORIES), dice.choice(modes)
        stage.ask(100 * number + more, category, mode=mode, seconds_requested=asked)
    slots = speaking.slots(stage.conn, stage.scene.list)
    waiting = [slot for slot in slots if slot["status"] == "booked"]
    held = [slot for slot in waiting if slot["inscription_id"]]
    act = dice.choice(("move", "break", "withdraw", "call"))
    if act == "break":
        after = dice.choice(slots)["id"] if slots else None
        stage.writer.act_now(lambda tx: turns.put(tx, OPERATOR, stage.scene.list, Interlude("break", 60, after=after)))
    elif act == "move" and len(waiting) > 1:
        moved, after = (slot["id"] for slot in dice.sample(waiting, 2))
        stage.writer.act_now(lambda tx: placing.move(tx, OPERATOR, moved, after))
    elif act == "withdraw" and held:
        gone = dice.choice(held)["inscription_id"]
        stage.writer.act_now(lambda tx: withdrawing.withdraw(tx, OPERATOR, gone))
    elif act == "call" and waiting:
        stage.set_slot(waiting[0]["id"], status="spoken")


def everything_agrees(stage: Stage, done: AllocationView, capped: int) -> None:
    """Slots lie in a row, hold whom they say, and the remote minutes are those of the remote turns."""
    slots = speaking.slots(stage.conn, stage.scene.list)
    assert [slot["position"] for slot in slots] == list(range(1, len(slots) + 1))
    assert all(slot["starts_after"] + slot["seconds"] <= 10_800 for slot in slots)
    for one, other in itertools.pairwise(slots):
        called = one["status"] == "spoken" or other["status"] == "spoken"
        assert called or other["starts_after"] == one["starts_after"] + one["seconds"] + 15
    rows = asking.asked(stage.conn, stage.scene.list)
    holders = {slot["inscription_id"]: slot["id"] for slot in slots if slot["inscription_id"]}
    assert {id_: row["slot_id"] for id_, row in rows.items() if row["status"] == "allotted"} == holders
    waiting = {id_ for id_, row in rows.items() if row["status"] == "pending"}
    assert {left.inscription for left in done.left_out} == waiting
    remote = sum(slot["seconds"] for slot in slots if rows.get(slot["inscription_id"], {}).get("mode") == "remote")
    assert stage.remote_booked() == remote <= capped
    assert [slot.id for slot in done.slots] == [slot["id"] for slot in slots]


@pytest.mark.parametrize("seed", range(3))
def test_list_is_sound_however_often_it_is_allotted(stage: Stage, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  -- a course of events that can be run again
    stage.set_list(gap_seconds=15, policy_options={"order": [], "steps": STEPS}, capacity=40)
    stage.set_meeting(remote_budget_seconds=1_200)

    for number in range(1, ROUNDS + 1):
        something_happens(stage, dice, number)
        wanted: dict[str, Any] = {
            "policy": dice.choice(POLICIES),
            "budget_seconds": dice.choice((None, 600, 3_000, 9_000)),
            "seed": "seed",
        }
        seen, done = stage.look(**wanted), stage.allot(**wanted)

        everything_agrees(stage, done, 1_200)
        assert (seen.totals, seen.left_out) == (done.totals, done.left_out)
        stands = [replace(slot, id=None, version=0) for slot in done.slots]
        assert [replace(slot, version=0) for slot in seen.slots] == stands
