"""Running a floor, from its address in the API and from the chair's console."""

from starlette.requests import Request

from api.auth.acting import act
from api.web.paths import an_id
from api.web.said.floor import CommandIn
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.floor.view import FloorView
from scheduler.lists.place import NO_MEETING
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx


async def run(request: Request, meeting_id: str, asked: CommandIn) -> FloorView:
    """Does the command for whoever sent the request; the new floor. Raises as `scheduler.floor.actions.run`."""
    command = Command(**asked.model_dump())

    def do(tx: Tx, actor: Actor) -> FloorView:
        return actions.run(tx, actor, an_id(meeting_id, NO_MEETING), command)

    return await act(request, do, alone=True)
