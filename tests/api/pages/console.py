"""The chair's console in a browser without scripting."""

import re
from html import unescape
from typing import Any

import httpx

from api.web.service import Service
from scheduler.floor.reading import floor_now
from scheduler.floor.view import FloorView
from scheduler.people.permission import Grant
from tests.api.pages.test_sign_in import ROOT, enter
from tests.makers import people
from tests.scheduler.floor.meeting import Sat


async def chaired(client: httpx.AsyncClient, service: Service, here: Sat) -> "Console":
    """The console of this meeting, before its chair, who is signed in."""
    grants = (Grant("chair", "session", here.scene.session),)
    await enter(client, service, service.writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants)))
    found = Console(client, service, here)
    await found.see()
    return found


class Console:
    """The console in a browser without scripting."""

    def __init__(self, client: httpx.AsyncClient, service: Service, here: Sat) -> None:
        self.client, self.service, self.here = client, service, here
        self.path = f"/meetings/{here.scene.meeting}/chair"
        self.shown = ""

    async def see(self, query: str = "") -> str:
        answer = await self.client.get(f"{ROOT}{self.path}{query}")
        assert answer.status_code == 200
        self.shown = answer.text
        return text(self.shown)

    async def do(self, command: str, query: str = "", **said: Any) -> httpx.Response:
        """Sends a command as the form that is shown would; afterwards the page to which it leads is shown."""
        fields = {"form": field(self.shown, "form"), "expected_version": field(self.shown, "expected_version")}
        answer = await self.client.post(f"{ROOT}{self.path}{query}", data={**fields, "command": command, **said})
        led = answer.status_code == 303
        self.shown = (await self.client.get(f"{ROOT}{answer.headers['location']}")).text if led else answer.text
        return answer

    async def press(self, button: str) -> httpx.Response:
        """Sends the form of the button with this id, with all that stands in it."""
        forms = re.findall(r"<form.*?</form>", self.shown, re.DOTALL)
        inside = next(each for each in forms if f'id="{button}"' in each)
        action = re.search(r'action="([^"]*)"', inside)
        pressed = re.search(rf'<button([^>]*id="{button}"[^>]*)>', inside)
        assert action is not None
        assert pressed is not None
        hidden = re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', inside)
        fields = [(name, unescape(value)) for name, value in hidden]
        said = re.search(r'name="(\w+)" value="([^"]*)"', pressed.group(1))
        answer = await self.client.post(
            f"{ROOT}{unescape(action.group(1))}", data=dict(fields) | ({said[1]: said[2]} if said else {})
        )
        assert answer.status_code == 303
        self.shown = (await self.client.get(f"{ROOT}{answer.headers['location']}")).text
        return answer

    @property
    def floor(self) -> FloorView:
        """What everybody sees."""
        return self.service.reads.now(lambda conn: floor_now(conn, self.here.scene.meeting, self.service.clock.now()))

    @property
    def waiting(self) -> str:
        """The names of those who wait, in order."""
        return "".join(turn.speaker.name for turn in self.floor.queue if turn.speaker)


def text(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


def part(page: str, name: str) -> str:
    """What stands in the section with this id."""
    found = re.search(rf'<(\w+)[^>]* id="{name}".*?</\1>', page, re.DOTALL)
    assert found is not None
    return text(found.group(0))


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)
