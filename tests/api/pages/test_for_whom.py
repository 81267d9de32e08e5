"""Places in lists, asked for by a focal point, a chair or the secretariat; and the organisation's own page."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest

from api.web.service import Service
from scheduler.lists.booking import Booking, book
from scheduler.lists.inscription_queries import inscription_in_list
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx
from tests.api.pages.test_sign_in import ROOT, enter, form, post
from tests.api.pages.test_speakers_list import chips, read, text
from tests.makers import people, queueing, speaking
from tests.makers.speaking import Scene


@dataclass(frozen=True, slots=True)
class Here:
    """An open timed list, a speaker, her focal point, and one of another organisation."""

    service: Service
    client: httpx.AsyncClient
    scene: Scene
    ada: Actor
    focal: Actor
    bea: Actor

    @property
    def path(self) -> str:
        return f"/lists/{self.scene.list}"

    @property
    def organisation(self) -> str:
        return f"/me/organisations/{self.ada.organisation}"

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await post(self.client, path, await form(self.client, "/me"), **fields)

    def slot_of(self, actor: Actor) -> str | None:
        found = self.service.reads.now(
            lambda conn: inscription_in_list(conn, Reader(OPERATOR), self.scene.list, str(actor.id))
        )
        return found.slot if found else None


def focal_point(tx: Tx, of: Actor) -> Actor:
    return speaking.colleague(tx, of, "Fo Cal", grants=(Grant("focal_point", "organisation", of.organisation),))


@pytest.fixture
async def here(client: httpx.AsyncClient, service: Service) -> Here:
    def make(tx: Tx) -> tuple[Scene, Actor, Actor, Actor]:
        scene = speaking.scene(tx)
        ada, bea = (speaking.speaker(tx, scene, name) for name in ("Ada", "Bea"))
        speaking.colleague(tx, ada, "<i>Eve</i>")
        return scene, ada, focal_point(tx, ada), bea

    return Here(service, client, *service.writer.act_now(make))


def options(page: str) -> list[str]:
    found = re.search(r'<select name="for">(.*?)</select>', page, re.DOTALL)
    return re.findall(r"<option[^>]*>(.*?)</option>", found[1]) if found else []


async def test_a_focal_point_books_for_one_of_hers(here: Here) -> None:
    await enter(here.client, here.service, here.focal)
    chosen = await read(here.client, f"{here.path}?{urlencode({'slot': here.scene.slots[2], 'for': here.ada.id})}")

    done = await here.send(f"{here.path}/book", slot=here.scene.slots[2], mode="remote", **{"for": str(here.ada.id)})
    after = await read(here.client, done.headers["location"])

    assert options(chosen) == ["Myself", "&lt;i&gt;Eve&lt;/i&gt;", "Ada"]
    assert f'name="for" value="{here.ada.id}"' in chosen
    assert done.status_code == 303
    assert here.slot_of(here.ada) == here.scene.slots[2]
    assert here.slot_of(here.focal) is None
    assert chips(after)[here.scene.slots[2]] == "theirs"
    assert "Ada is on this list" in text(after)
    assert "<i>Eve" not in after


async def test_she_asks_for_nobody_of_another_organisation(here: Here) -> None:
    await enter(here.client, here.service, here.focal)

    shown = await here.client.get(f"{ROOT}{here.path}?for={here.bea.id}")
    sent = await here.send(f"{here.path}/book", slot=here.scene.slots[0], mode="remote", **{"for": str(here.bea.id)})

    assert (shown.status_code, sent.status_code) == (404, 403)
    assert here.slot_of(here.bea) is None


async def test_a_chair_finds_whoever_is_accredited_by_name(here: Here) -> None:
    grants = (Grant("chair", "session", here.scene.session),)
    chair = here.service.writer.act_now(lambda tx: people.person(tx, "Chair", grants=grants))
    await enter(here.client, here.service, chair)

    every = await read(here.client, here.path)
    found = await read(here.client, f"{here.path}?q=of+bea")
    done = await here.send(f"{here.path}/book", slot=here.scene.slots[0], mode="in_person", **{"for": str(here.bea.id)})

    assert options(every) == ["Myself", "&lt;i&gt;Eve&lt;/i&gt;", "Ada", "Fo Cal", "Bea"]
    assert options(found) == ["Myself", "Bea"]
    assert done.status_code == 303
    assert here.slot_of(here.bea) == here.scene.slots[0]


async def test_whoever_speaks_for_herself_is_asked_for_nobody_else(here: Here) -> None:
    await enter(here.client, here.service, here.ada)

    assert options(await read(here.client, here.path)) == []
    assert (await here.client.get(f"{ROOT}{here.path}?for={here.bea.id}")).status_code == 404
    assert (await here.client.get(f"{ROOT}{here.path}?for={here.ada.id}")).status_code == 200


async def test_a_lost_slot_keeps_for_whom_it_was(here: Here) -> None:
    await enter(here.client, here.service, here.focal)
    here.service.writer.act_now(lambda tx: book(tx, here.bea, here.scene.slots[5], Booking("remote")))

    lost = await here.send(f"{here.path}/book", slot=here.scene.slots[5], mode="remote", **{"for": str(here.ada.id)})

    assert lost.status_code == 409
    nearest = re.findall(
        r'<li><a href="/lists/[^"]*\?slot=([0-9a-f-]+)&amp;for=([0-9a-f-]+)&amp;mode=remote"', lost.text
    )
    assert nearest == [(here.scene.slots[at], here.ada.id) for at in (4, 6, 3)]


async def test_an_organisation_s_page_has_its_turns_people_and_open_lists(here: Here) -> None:
    here.service.writer.act_now(lambda tx: book(tx, here.ada, here.scene.slots[0], Booking("remote", topic="Ours")))
    here.service.writer.act_now(lambda tx: book(tx, here.bea, here.scene.slots[1], Booking("remote", topic="Secret")))
    await enter(here.client, here.service, here.focal)

    page = await read(here.client, here.organisation)

    assert "Ada 1 slot ahead" in text(page)
    assert "<i>Eve</i> 0 slots ahead Ada" in text(page)
    assert "Fo Cal 0 slots ahead" in text(page)
    assert "Meeting 1: Item 5" in text(page)
    assert "Ours" in page
    assert re.findall("Secret|Bea|@example", page) == []
    assert f'href="{here.organisation}"' in await read(here.client, "/me")


async def test_she_withdraws_names_a_substitute_and_says_ready_for_them(here: Here) -> None:
    made = here.service.writer.act_now(lambda tx: book(tx, here.ada, here.scene.slots[0], Booking("remote")))
    await enter(here.client, here.service, here.focal)

    await here.send(f"/inscriptions/{made.id}/substitute", delivered_by="Cleo", back=here.organisation)
    await here.send(f"/inscriptions/{made.id}/ready", ready="yes", back=here.organisation)
    page = text(await read(here.client, here.organisation))
    done = await here.send(f"/inscriptions/{made.id}/withdraw", back=here.organisation)

    assert "Read by Cleo" in page
    assert "Ready My link does not work" in page
    assert (done.status_code, done.headers["location"]) == (303, here.organisation)
    assert here.slot_of(here.ada) is None


async def test_an_organisation_s_page_is_its_focal_point_s_and_the_secretariat_s(
    here: Here, secretariat: Actor
) -> None:
    statuses = {}
    statuses["nobody"] = (await here.client.get(f"{ROOT}{here.organisation}")).status_code
    for name, actor in (("ada", here.ada), ("bea", here.bea), ("focal", here.focal), ("secretariat", secretariat)):
        await enter(here.client, here.service, actor)
        statuses[name] = (await here.client.get(f"{ROOT}{here.organisation}")).status_code
    unknown = (await here.client.get(f"{ROOT}/me/organisations/x")).status_code

    assert statuses == {"nobody": 303, "ada": 403, "bea": 403, "focal": 200, "secretariat": 200}
    assert unknown == 404


async def test_a_focal_point_inscribes_in_a_queue(client: httpx.AsyncClient, service: Service) -> None:
    def make(tx: Tx) -> tuple[Scene, Actor, Actor]:
        scene = queueing.scene(tx)
        ada = speaking.speaker(tx, scene, "Ada")
        return scene, ada, focal_point(tx, ada)

    scene, ada, focal = service.writer.act_now(make)
    await enter(client, service, focal)
    path = f"/lists/{scene.list}"

    done = await post(
        client, f"{path}/inscribe", await form(client, f"{path}?for={ada.id}"), mode="remote", **{"for": str(ada.id)}
    )
    page = await read(client, done.headers["location"])

    assert "Asked to speak. The chair allots the turns; we write to the speaker." in text(page)
    assert "Asked to speak Session ahc-2: Meeting 1, Item 5" in re.sub(
        r"Ada ", "", text(await read(client, f"/me/organisations/{ada.organisation}"))
    )
