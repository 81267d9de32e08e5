from typing import Any

import pytest

from scheduler.errors import Meaningless
from scheduler.floor.record import read, replay

SLOTS = [{"slot": name, "position": n, "seconds": 120} for n, name in enumerate("abcd", 1)]
MEETING = {"starts_at": "2022-06-13T13:00:00Z", "ends_at": "2022-06-13T16:00:00.000Z", "remote_budget_seconds": None}


def record(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"meeting": MEETING, "next_meeting": None, "slots": SLOTS, "events": list(events), **more}


def event(minute: int, command: str, **more: Any) -> dict[str, Any]:
    return {"at": f"2022-06-13T13:{minute:02}:00.000Z", "command": command, **more}


def test_a_record_is_replayed_event_by_event() -> None:
    floors = [floor for _, floor in replay(read(record(event(0, "open"), event(1, "call"), event(2, "start"))))]

    assert [floor.version for floor in floors] == [1, 2, 3]
    assert [floor.queue for floor in floors] == [("a", "b", "c", "d"), ("b", "c", "d"), ("b", "c", "d")]


def test_a_record_that_begins_late_leaves_nobody_waiting_who_had_her_turn() -> None:
    *_, (_, floor) = replay(read(record(event(40, "call", slot="c"))))

    assert floor.queue == ("d",)


def test_a_point_of_order_carries_its_own_slot() -> None:
    raised = event(2, "point_of_order", slot="p", position=2, kind="point_of_order", seconds=90)
    *_, (_, floor) = replay(read(record(event(0, "open"), event(1, "start", slot="a"), raised)))

    assert floor.current is not None
    assert (floor.current.slot, floor.current.seconds) == ("p", 90)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ([], ""),
        ({}, "meeting"),
        (record(event(0, "dance")), "events[0].command"),
        (record({"at": "noon", "command": "open"}), "events[0].at"),
        (record({"at": "2022-06-13T13:00:00", "command": "open"}), "events[0].at"),
        (record(slots=[{"position": 1, "seconds": 60}]), "slots[0].slot"),
        (record(slots=[{"slot": "a", "seconds": -1}]), "slots[0].seconds"),
        (record(slots=[{"slot": "a", "category": ["ngo"]}]), "slots[0].category"),
        (record(events="none"), "events"),
    ],
)
def test_what_is_no_record_is_refused_with_its_place(document: Any, field: str) -> None:
    with pytest.raises(Meaningless) as refused:
        read(document)

    assert refused.value.faults[0].field == field
