"""The state machine as docs/floor.md draws it is that of the code."""

from collections.abc import Iterator

from scheduler.floor.fold import apply, begin
from scheduler.floor.queue import CHANGES as CHANGES_MADE
from scheduler.floor.states import CHANGES, LEGAL, Floor, moment
from scheduler.floor.turns import Event, Turn
from tests.architecture.sizes import TOP
from tests.scheduler.floor.played import at, opened, played, waiting

_POINT = {"turn": Turn("p", 9, "point_of_order", 120)}
_CALLED = played(opened(), (1, "call"))
_SPEAKING = played(_CALLED, (2, "start"))
EXAMPLES: dict[str, Floor] = {
    "not_open": begin(waiting(4)),
    "between": played(_SPEAKING, (3, "finish")),
    "called": _CALLED,
    "speaking": _SPEAKING,
    "paused": played(_SPEAKING, (3, "pause")),
    "interrupted": played(_SPEAKING, (3, "point_of_order", _POINT)),
    "suspended": played(played(_SPEAKING, (3, "finish")), (4, "suspend")),
    "closed": played(_SPEAKING, (3, "close")),
}
"""A floor at each moment."""


def drawn() -> str:
    """A row for each moment: the commands that it allows, each with the moment that it leads to."""
    rows = (f"| `{name}` | {', '.join(_ways(name, floor))} |" for name, floor in EXAMPLES.items())
    return "\n".join(["| moment | what the chair may do, and what it is then |", "|---|---|", *rows])


def _ways(name: str, floor: Floor) -> Iterator[str]:
    for command in LEGAL[name]:
        turn = Turn("n", 9, command, 60) if command in {"point_of_order", "right_of_reply"} else None
        slot = {"absent": "c", "defer": "c"}.get(command) if name != "called" else None
        event = Event(at(5), command, slot, turn=turn)
        after = "as before" if command == "undo" else f"`{moment(apply(floor, event))}`"
        yield f"`{command}`" if after == f"`{name}`" else f"`{command}` → {after}"


def test_each_example_is_at_its_moment() -> None:
    assert {name: moment(floor) for name, floor in EXAMPLES.items()} == {name: name for name in LEGAL}


def test_the_state_machine_is_drawn_as_it_is() -> None:
    assert drawn() in (TOP / "docs" / "floor.md").read_text()


def test_whatever_the_fold_makes_of_changes_is_named_as_one() -> None:
    assert set(CHANGES) == set(CHANGES_MADE)
