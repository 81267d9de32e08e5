"""A meeting's page and the hall's screen over HTTP: who sees what of it, in which state, and what names may hold."""

import re
from html import unescape

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.lists import inscribing
from scheduler.lists.inscribing import Request
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.pages.test_sign_in import ROOT, enter
from tests.makers import queueing, speaking
from tests.scheduler.floor.meeting import Sat, sat

HOSTILE = "<script>alert(1)</script> & 'Co'"


@pytest.fixture
def here(service: Service, clock: SettableClock) -> Sat:
    """Four who have turns; the meeting has not opened."""
    return sat(service.writer, clock)


async def page(client: httpx.AsyncClient, here: Sat, more: str = "") -> httpx.Response:
    return await client.get(f"{ROOT}/meetings/{here.scene.meeting}{more}")


def text(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", answer.text)).split())


def slots(answer: httpx.Response) -> list[str]:
    """The slots of the rows that are shown, in order."""
    return re.findall(r'<li class="[^"]*" data-slot="([^"]+)"', answer.text)


async def test_who_waits_stands_in_order_before_the_meeting_opens(client: httpx.AsyncClient, here: Sat) -> None:
    answer = await page(client, here)

    assert (answer.status_code, tuple(slots(answer))) == (200, here.slots)
    assert "Not open yet" in text(answer)
    assert f'data-floor="/api/v1/meetings/{here.scene.meeting}/floor/stream"' in answer.text


async def test_who_was_called_has_the_floor_and_no_row(client: httpx.AsyncClient, here: Sat) -> None:
    here.play((0, "open"), (1, "call"), (1, "start"))

    answer = await page(client, here)

    assert tuple(slots(answer)) == here.slots[1:]
    assert re.search(r'<bdi data-f="speaks">([^<]*)', answer.text).group(1) == "Organisation of A"  # type: ignore[union-attr]  # -- or it fails


async def test_whoever_waits_sees_her_turn_and_says_that_she_is_ready(
    client: httpx.AsyncClient, service: Service, here: Sat
) -> None:
    def come(tx: Tx) -> Actor:
        ada = speaking.speaker(tx, here.scene)
        queueing.allotted(tx, here.scene, inscribing.inscribe(tx, ada, here.scene.list, Request("remote")).id)
        return ada

    await enter(client, service, service.writer.act_now(come))
    answer = await page(client, here)

    assert "Your turn no. 5 of 5" in text(answer)
    assert "I am ready" in text(answer)
    assert answer.text.count('class="own-row"') == 1


async def test_names_do_no_harm(client: httpx.AsyncClient, service: Service, here: Sat) -> None:
    service.writer.act_now(lambda tx: queueing.turn(tx, here.scene, HOSTILE))

    for more in ("", "/screen"):
        assert "<script>alert" not in (await page(client, here, more)).text
    assert f"Organisation of {HOSTILE}" in text(await page(client, here))


async def test_screen_says_who_speaks_and_who_comes(client: httpx.AsyncClient, here: Sat) -> None:
    here.play((0, "open"), (1, "call"), (1, "start"))

    said = text(await page(client, here, "/screen"))

    assert "Organisation of A" in said
    assert "Next Room Organisation of B Then Room Organisation of C" in said


@pytest.mark.parametrize("more", ["", "/screen"])
async def test_nobody_learns_of_what_is_not_there(client: httpx.AsyncClient, here: Sat, more: str) -> None:
    for unknown in ("none", "01a20e95-0dd7-7e30-97ea-6fd6caee935c"):
        assert (await client.get(f"{ROOT}/meetings/{unknown}{more}")).status_code == 404
