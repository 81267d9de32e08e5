"""Booking on the page, without scripting: three steps, and what is said when somebody was faster."""

import re
from html import unescape

import httpx
import pytest

from api.web.service import Service
from scheduler.lists.booking import Booking, book
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.pages.test_sign_in import ROOT, enter, form, post
from tests.makers import speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(speaking.scene)


@pytest.fixture
def speaker(service: Service, scene: Scene) -> Actor:
    return service.writer.act_now(lambda tx: speaking.speaker(tx, scene))


def chips(page: str) -> dict[str, str]:
    """The word under each slot, by its id."""
    found = re.findall(r'id="slot-([0-9a-f-]+)".*?<small>(.*?)</small>', page)
    return dict(found)


def text(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", page)).split())


async def read(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(f"{ROOT}{path}")
    assert answer.status_code == 200
    return answer.text


async def test_three_steps_lead_to_a_slot(
    client: httpx.AsyncClient, service: Service, scene: Scene, speaker: Actor
) -> None:
    await enter(client, service, speaker)
    first = await read(client, f"/lists/{scene.list}")
    second = await read(client, f"/lists/{scene.list}?slot={scene.slots[2]}")
    done = await post(
        client, f"/lists/{scene.list}/book", await form(client, f"/lists/{scene.list}?slot={scene.slots[2]}"),
        slot=scene.slots[2], mode="remote", language="fr", topic=" Digital\r\n evidence ",
    )  # fmt: skip
    third = await read(client, done.headers["location"])

    assert list(chips(first).values()) == ["free"] * 20
    assert chips(second)[scene.slots[2]] == "chosen"
    assert "Step 2 of 3" in text(second)
    assert "Confirm 10:18" in text(second)
    assert done.status_code == 303
    assert chips(third)[scene.slots[2]] == "yours"
    assert "10:18 to 10:27" in text(third)
    assert "Digital evidence" in text(third)


async def test_whoever_was_slower_sees_what_is_free_nearby_and_what_she_wrote(
    client: httpx.AsyncClient, service: Service, scene: Scene, speaker: Actor
) -> None:
    await enter(client, service, speaker)
    other = service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Faster Speaker"))
    token = await form(client, f"/lists/{scene.list}?slot={scene.slots[5]}")
    service.writer.act_now(lambda tx: book(tx, other, scene.slots[5], Booking("in_person")))

    lost = await post(client, f"/lists/{scene.list}/book", token, slot=scene.slots[5], mode="remote", topic="Mine")

    assert lost.status_code == 409
    assert "Someone was faster. 10:45 is taken. You have no slot yet." in text(lost.text)
    nearest = re.findall(
        r'<li><a href="/lists/[^"]*\?slot=([0-9a-f-]+)&amp;mode=remote&amp;topic=Mine"( autofocus)?>', lost.text
    )
    assert nearest == [(scene.slots[4], " autofocus"), (scene.slots[6], ""), (scene.slots[3], "")]
    assert 'role="alert"' in lost.text


async def test_a_slot_is_withdrawn_from_the_page(
    client: httpx.AsyncClient, service: Service, scene: Scene, speaker: Actor
) -> None:
    held = service.writer.act_now(lambda tx: book(tx, speaker, scene.slots[0], Booking("in_person")))
    await enter(client, service, speaker)
    path = f"/lists/{scene.list}"

    left = await post(client, f"/inscriptions/{held.id}/withdraw", await form(client, path), back=path)

    assert (left.status_code, left.headers["location"]) == (303, path)
    assert chips(await read(client, path))[scene.slots[0]] == "free"


async def test_the_public_sees_slots_and_is_asked_to_sign_in(client: httpx.AsyncClient, scene: Scene) -> None:
    page = await read(client, f"/lists/{scene.list}?slot={scene.slots[0]}")

    assert chips(page)[scene.slots[0]] == "chosen"
    assert 'href="/sign-in?back=' in page
    assert 'action="/lists' not in page


async def test_a_form_of_an_unsigned_browser_books_nothing(client: httpx.AsyncClient, scene: Scene) -> None:
    refused = await post(client, f"/lists/{scene.list}/book", await form(client), slot=scene.slots[0], mode="remote")

    assert refused.status_code == 401
    assert chips(await read(client, f"/lists/{scene.list}"))[scene.slots[0]] == "free"


async def test_who_is_not_accredited_is_told_so(
    client: httpx.AsyncClient, service: Service, scene: Scene, participant: Actor
) -> None:
    await enter(client, service, participant)
    token = await form(client, f"/lists/{scene.list}?slot={scene.slots[0]}")

    refused = await post(client, f"/lists/{scene.list}/book", token, slot=scene.slots[0], mode="in_person")

    assert refused.status_code == 403
    assert 'role="alert"' in refused.text


async def test_one_asks_to_speak_in_a_queue(client: httpx.AsyncClient, service: Service) -> None:
    queue = service.writer.act_now(lambda tx: speaking.scene(tx, allocation="queue", slot_seconds=None))
    speaker = service.writer.act_now(lambda tx: speaking.speaker(tx, queue))
    await enter(client, service, speaker)
    path = f"/lists/{queue.list}"

    done = await post(client, f"{path}/inscribe", await form(client, path), mode="in_person", topic="<i>Mine</i>")
    page = await read(client, done.headers["location"])

    assert "You asked to speak." in text(page)
    assert "&lt;i&gt;Mine&lt;/i&gt;" in page


async def test_a_full_list_lets_one_wait_and_leave(client: httpx.AsyncClient, service: Service) -> None:
    full = service.writer.act_now(lambda tx: speaking.scene(tx, slot_seconds=10_800))
    first = service.writer.act_now(lambda tx: speaking.speaker(tx, full, "First"))
    second = service.writer.act_now(lambda tx: speaking.speaker(tx, full, "Second"))
    service.writer.act_now(lambda tx: book(tx, first, full.slots[0], Booking("in_person")))
    await enter(client, service, second)
    path = f"/lists/{full.list}"

    assert "All slots are taken" in await read(client, path)
    await post(client, f"{path}/wait", await form(client, path), mode="in_person")
    waiting = await read(client, path)
    entry = re.search(r'action="(/waiting/[0-9a-f-]+/leave)"', waiting)
    assert entry is not None
    await post(client, entry.group(1), await form(client, path), back=path)

    assert "0 are before you." in text(waiting)
    assert "All slots are taken" in await read(client, path)


@pytest.mark.parametrize("zone", ["America/Bogota", "Pacific/Apia"])
async def test_slots_stand_under_the_hours_of_ones_own_clock(
    client: httpx.AsyncClient, scene: Scene, zone: str
) -> None:
    page = await read(client, f"/lists/{scene.list}?tz={zone}")

    rows = re.findall(r'<div class="hour( hatched)?">\n<p><b class="figure">([0-9:]+)</b>', page)
    night = " hatched" if zone == "America/Bogota" else ""
    first = 3 if zone == "America/Bogota" else 21
    assert rows == [(night, f"{hour:02}:00") for hour in range(first, first + 3)]


async def test_page_serves_two_hundred_slots(client: httpx.AsyncClient, service: Service) -> None:
    long = service.writer.act_now(lambda tx: speaking.scene(tx, slot_seconds=50))

    assert len(chips(await read(client, f"/lists/{long.list}"))) == 216


@pytest.mark.parametrize("path", ["/lists/nothing", "/lists/%00", "/lists/c0ffee00-0000-4000-8000-000000000000"])
async def test_there_is_no_page_of_what_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"{ROOT}{path}")).status_code == 404


async def test_a_list_that_has_all_its_speakers_offers_to_wait_and_no_slot(
    client: httpx.AsyncClient, service: Service
) -> None:
    def make(tx: Tx) -> tuple[Scene, Actor]:
        made = speaking.scene(tx, capacity=1)
        book(tx, speaking.speaker(tx, made, "First"), made.slots[0], Booking("in_person"))
        return made, speaking.speaker(tx, made, "Second")

    full, second = service.writer.act_now(make)
    await enter(client, service, second)
    path = f"/lists/{full.list}"

    page = await read(client, path)
    done = await post(client, f"{path}/wait", await form(client, path), mode="remote")

    assert "All slots are taken" in text(page)
    assert re.findall(r'<a id="slot-', page) == []
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?done=waiting")
    assert "You wait for a place 0 are before you." in text(await read(client, path))
