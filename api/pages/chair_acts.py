"""What the forms of the chair's console do: commands of the floor, and her hand on queue and lists."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.requests import Request

from api.auth import running
from api.auth.acting import act
from api.pages.chair_panels import delegations
from api.pages.door import said, signed
from api.web.paths import an_id
from api.web.problems import shape_refusal
from api.web.said.allocation import AllocationIn
from api.web.said.floor import CommandIn
from api.web.service import service_of
from api.web.shapes import Shape
from scheduler.allocation import actions as allocation
from scheduler.allocation import restoring
from scheduler.allocation.actions import Wanted
from scheduler.errors import Meaningless
from scheduler.floor import moving
from scheduler.floor.reading import chaired
from scheduler.floor.replies import FOR_WHOM
from scheduler.lists import opening, placing, turns
from scheduler.lists.inscription_queries import NO_INSCRIPTION
from scheduler.lists.place import NO_LIST, NO_MEETING
from scheduler.lists.placing import NewTurn
from scheduler.lists.slot_queries import NO_SLOT
from scheduler.people.permission import Actor
from scheduler.people.reader import Reader
from scheduler.people.views import Named
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Tx

S = TypeVar("S", bound=Shape)
_NUMBERS, _MOST_DIGITS = ("seconds", "budget_seconds", "expected_version"), 12
_OPPOSITE = {"open_list": "close_list", "reopen_list": "close_list", "close_list": "open_list"}
_LISTS = {"open_list": opening.open_list, "close_list": opening.close_list, "reopen_list": opening.reopen_list}

Back = Mapping[str, str]
"""The fields of a form that takes an act back; empty: `undo` does, or nothing has to."""


class Unclear(Meaningless):
    """A delegation was named by a text that is not one's; `like` are those whose names hold it."""

    def __init__(self, like: list[Named]) -> None:
        super().__init__("", field="whom")
        self.like = like


@dataclass(frozen=True, slots=True)
class _Sent:
    request: Request
    meeting: str
    fields: Mapping[str, str]

    async def act(self, do: Callable[[Tx, Actor], Any], *, alone: bool = False) -> Any:
        return await act(self.request, do, alone=alone)

    @property
    def slot(self) -> str:
        return an_id(self.fields.get("slot", ""), NO_SLOT)

    @property
    def list(self) -> str:
        return an_id(self.fields.get("list", ""), NO_LIST)

    def after(self) -> str | None:
        """A slot behind which something is put; None: before all."""
        return an_id(after, NO_SLOT) if (after := self.fields.get("after")) else None


async def do(request: Request, meeting_id: str) -> Back:
    """Does what a form asks; how it is taken back. Raises what the act refuses with, and Unclear."""
    sent = _Sent(request, an_id(meeting_id, NO_MEETING), said(request))
    command = sent.fields.get("command", "")
    return await _ACTS.get(command, _command)(sent)


async def _command(sent: _Sent) -> Back:
    """A command of the floor."""
    fields = dict(sent.fields)
    if fields.get("command") in FOR_WHOM and not fields.get("organisation"):
        fields["organisation"] = await _organisation(sent)
    asked = _shaped(CommandIn, fields)
    await running.run(sent.request, sent.meeting, asked)
    return {}


async def _organisation(sent: _Sent) -> str:
    wanted = " ".join(sent.fields.get("whom", "").split()).casefold()
    actor = signed(sent.request)

    def read(conn: Connection) -> list[Named]:
        return delegations(conn, Reader(actor), chaired(conn, actor, sent.meeting).session.code)

    every = await service_of(sent.request).reads.long(read)
    exact = [each for each in every if each.name.casefold() == wanted]
    like = exact or [each for each in every if wanted and wanted in each.name.casefold()]
    if len(like) != 1:
        raise Unclear(like)
    return like[0].id


async def _step(sent: _Sent) -> Back:
    down = sent.fields["command"] == "down"
    before = await sent.act(lambda tx, actor: moving.step(tx, actor, sent.meeting, sent.slot, down=down), alone=True)
    return {"command": "move", "slot": sent.slot, "after": before or ""}


async def _move(sent: _Sent) -> Back:
    def move(tx: Tx, actor: Actor) -> str | None:
        return moving.put(tx, actor, sent.meeting, sent.slot, sent.after())

    before = await sent.act(move, alone=True)
    return {"command": "move", "slot": sent.slot, "after": before or ""}


async def _add(sent: _Sent) -> Back:
    fields = sent.fields
    asked = an_id(fields.get("inscription", ""), NO_INSCRIPTION)
    new = NewTurn(asked, after=sent.after(), last=fields.get("place") == "last")
    made = await sent.act(lambda tx, actor: placing.allot(tx, actor, sent.list, new))
    return {"command": "take_out", "slot": made.id}


async def _take_out(sent: _Sent) -> Back:
    await sent.act(lambda tx, actor: turns.take_out(tx, actor, sent.slot))
    return {}


async def _turn_list(sent: _Sent) -> Back:
    command = sent.fields["command"]
    await sent.act(lambda tx, actor: _LISTS[command](tx, actor, sent.list))
    return {"command": _OPPOSITE[command], "list": sent.list}


async def _allocate(sent: _Sent) -> Back:
    asked = _shaped(
        AllocationIn, {name: value for name in AllocationIn.model_fields if (value := sent.fields.get(name))}
    )
    wanted = Wanted(
        asked.seed or "", asked.policy, asked.budget_seconds, asked.seed, expected_version=asked.expected_version
    )
    await sent.act(lambda tx, actor: allocation.allocate(tx, actor, sent.list, wanted), alone=True)
    return {"command": "take_back", "list": sent.list}


async def _take_back(sent: _Sent) -> Back:
    await sent.act(lambda tx, actor: restoring.take_back(tx, actor, sent.list), alone=True)
    return {}


_ACTS: Mapping[str, Callable[[_Sent], Awaitable[Back]]] = {
    "up": _step,
    "down": _step,
    "move": _move,
    "add": _add,
    "take_out": _take_out,
    "allocate": _allocate,
    "take_back": _take_back,
    **dict.fromkeys(_LISTS, _turn_list),
}
MENDING = frozenset({"move", "take_out", "take_back", *_LISTS})
"""What takes an act back that is no command of the floor."""


def _shaped(shape: type[S], fields: Mapping[str, str]) -> S:
    """What a form said as a program would say it: nothing for an empty field, numbers as numbers, yes and no."""
    said: dict[str, Any] = {name: value for name in shape.model_fields if (value := fields.get(name))}
    whether = {name: value == "yes" for name, value in said.items() if name == "carry" and value in {"yes", "no"}}
    numbers = {
        name: int(value[:_MOST_DIGITS])
        for name, value in said.items()
        if name in _NUMBERS and value.isascii() and value.isdecimal()
    }
    try:
        return shape(**{**said, **numbers, **whether})
    except ValidationError as error:
        raise shape_refusal(error.errors()) from error


def written(back: Back, version: int) -> str:
    """How an act is taken back, as an address keeps it: with the version of the floor that it made."""
    return urlencode({**back, "since": version}) if back else ""
