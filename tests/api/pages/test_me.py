"""One's own page: turns, private calendar addresses, how one is told, and where one is signed in."""

import re

import httpx
import pytest

from api.web.service import Service
from scheduler.lists import swapping
from scheduler.lists.booking import Booking, book
from scheduler.people.permission import Actor
from tests.api.pages.test_sign_in import ROOT, enter, form, post
from tests.api.pages.test_speakers_list import read, text
from tests.makers import speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(speaking.scene)


@pytest.fixture
async def speaker(client: httpx.AsyncClient, service: Service, scene: Scene) -> Actor:
    """Somebody with a slot, signed in."""
    found = service.writer.act_now(lambda tx: speaking.speaker(tx, scene))
    service.writer.act_now(lambda tx: book(tx, found, scene.slots[0], Booking("remote", topic="<b>Mine</b>")))
    await enter(client, service, found)
    return found


async def test_the_page_asks_whoever_is_not_signed_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ROOT}/me")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=/me")


async def test_a_turn_stands_on_ones_clock_with_how_long_it_is_until_then(
    client: httpx.AsyncClient, speaker: Actor
) -> None:
    page = await read(client, "/me?tz=Pacific/Apia")

    assert "Your turn in 37 days 21:00" in text(page)
    assert "10:00 Vienna, Wed 8 June" in text(page)
    assert "<b>Mine" not in page


async def test_nobody_else_s_turn_or_address_is_on_it(
    client: httpx.AsyncClient, service: Service, scene: Scene, speaker: Actor
) -> None:
    other = service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Other Speaker"))
    service.writer.act_now(lambda tx: book(tx, other, scene.slots[1], Booking("remote", topic="secret topic")))

    page = await read(client, "/me")

    assert "10:09" not in page
    assert re.findall("secret topic|Other Speaker|@example", page) == []


async def test_a_feed_s_address_is_shown_once_and_works_until_it_is_revoked(
    client: httpx.AsyncClient, speaker: Actor
) -> None:
    made = await post(client, "/me/feeds", await form(client, "/me"), scope="mine")
    address = re.search(r'<code class="secret">http://127.0.0.1:8000(/calendars/private/[^<]+)</code>', made.text)
    assert address is not None
    again = await read(client, "/me")
    served = (await client.get(f"{ROOT}{address.group(1)}")).status_code
    revoke = re.search(r'action="(/me/feeds/[0-9a-f-]+/revoke)"', again)
    assert revoke is not None
    await post(client, revoke.group(1), await form(client, "/me"))

    assert address.group(1) not in again
    assert (served, (await client.get(f"{ROOT}{address.group(1)}")).status_code) == (200, 404)


async def test_reminders_and_quiet_hours_are_kept(client: httpx.AsyncClient, speaker: Actor) -> None:
    await post(
        client, "/me/reminders", await form(client, "/me"), lead=["60", "15"], list_rules=["list-opens", "nonsense"],
        quiet_start="22:30", quiet_end="06:00", still_tell="yes",
    )  # fmt: skip
    me = (await client.get("/me")).json()

    assert (me["lead_minutes"], me["list_rules"], me["turn_rules"]) == ([60, 15], ["list-opens"], [])
    assert (me["quiet_hours"], me["quiet_own_turn"]) == ({"start": "22:30", "end": "06:00"}, False)


async def test_no_hour_that_there_is_not_is_kept(client: httpx.AsyncClient, speaker: Actor) -> None:
    refused = await post(client, "/me/reminders", await form(client, "/me"), quiet_start="25:00", quiet_end="06:00")

    assert refused.status_code == 422


async def test_clock_is_found_by_the_city_s_name_and_language_kept(client: httpx.AsyncClient, speaker: Actor) -> None:
    await client.get(f"{ROOT}/clock?zone=America/Bogota")

    await post(client, "/me/clock", await form(client, "/me"), city="viena", language="es")
    await post(client, "/me/clock", await form(client, "/me"), city="bogotá", language="es")
    me = (await client.get("/me")).json()

    assert (me["timezone"], me["language"]) == ("America/Bogota", "es")
    assert '<html lang="es"' in await read(client, "/me")


async def test_cities_of_one_name_are_shown_to_choose_from(client: httpx.AsyncClient, speaker: Actor) -> None:
    shown = await post(client, "/me/clock", await form(client, "/me"), city="Australia")

    assert "Which one is meant?" in text(shown.text)
    assert 'name="zone" value="Australia/Perth"' in shown.text


async def test_a_swap_is_answered_on_the_page(
    client: httpx.AsyncClient, service: Service, scene: Scene, speaker: Actor
) -> None:
    other = service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Other Speaker"))
    theirs = service.writer.act_now(lambda tx: book(tx, other, scene.slots[1], Booking("remote")))
    hers = (await client.get("/me/inscriptions")).json()["items"][0]["id"]
    service.writer.act_now(lambda tx: swapping.propose(tx, other, theirs.id, hers))
    offered = await read(client, "/me")

    await post(client, f"/inscriptions/{hers}/swap", await form(client, "/me"), answer="accept")

    assert "A swap is offered: 10:09 Wed 8 June." in text(offered)
    assert (await client.get("/me/inscriptions")).json()["items"][0]["slot"] == scene.slots[1]


async def test_a_sign_in_is_ended_from_the_page(client: httpx.AsyncClient, speaker: Actor) -> None:
    page = await read(client, "/me")
    ends = re.findall(r'action="(/me/sign-ins/[0-9a-f-]+/end)"', page)

    await post(client, ends[0], await form(client, "/me"))

    assert len(ends) == 1
    assert (await client.get("/me")).status_code == 401


@pytest.mark.parametrize(
    "path", ["/me/feeds", "/me/reminders", "/me/clock", "/me/feeds/x/revoke", "/me/sign-ins/x/end", "/sign-out"]
)
async def test_a_form_of_another_site_is_refused(client: httpx.AsyncClient, speaker: Actor, path: str) -> None:
    token = await form(client, "/me")
    headers = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}

    answers = [
        await client.post(f"{ROOT}{path}", data={"form": token}, headers=headers),
        await client.post(f"{ROOT}{path}", data={"form": "0" * 64}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (await client.get("/me")).json()["version"] == 1


async def test_another_lead_time_is_kept_beside_the_others(client: httpx.AsyncClient, speaker: Actor) -> None:
    await post(client, "/me/reminders", await form(client, "/me"), lead=["60"], lead_more="45")

    assert (await client.get("/me")).json()["lead_minutes"] == [60, 45]
    assert 'name="lead" value="45" checked' in await read(client, "/me")


async def test_by_which_way_one_is_told_is_kept(client: httpx.AsyncClient, speaker: Actor) -> None:
    await post(client, "/me/told-by", await form(client, "/me"), slots_by="feed", feed_moves_minutes="5")
    me = (await client.get("/me")).json()
    refused = await post(client, "/me/told-by", await form(client, "/me"), mail="yes", feed_moves_minutes="0")

    assert (me["channels"], me["slots_by"], me["feed_moves_minutes"]) == ([], "feed", 5)
    assert refused.status_code == 422
    assert (await client.get("/me")).json()["feed_moves_minutes"] == 5


async def test_a_feed_of_a_session_is_made_of_what_is_offered(client: httpx.AsyncClient, speaker: Actor) -> None:
    offered = re.findall(r'<option value="([^"]+)">', await read(client, "/me"))[:2]
    await post(client, "/me/feeds", await form(client, "/me"), scope="session:ahc-2")
    refused = [
        (await post(client, "/me/feeds", await form(client, "/me"), scope=scope)).status_code
        for scope in ("chair:ahc-2", "session", "everything")
    ]
    feeds = (await client.get("/me/feeds")).json()["items"]

    assert offered == ["mine", "session:ahc-2"]
    assert refused == [403, 422, 422]
    assert [(each["scope"], each["session"]) for each in feeds] == [("session", "ahc-2")]


async def test_the_rail_shows_quiet_hours_and_the_night(client: httpx.AsyncClient, speaker: Actor) -> None:
    await post(client, "/me/reminders", await form(client, "/me"), quiet_start="08:30", quiet_end="09:30")

    page = await read(client, "/me")

    assert (page.count('class="hush"'), page.count('class="hush-line"')) == (1, 1)
    assert "Hatched: night. The line below it: your quiet hours." in text(page)
