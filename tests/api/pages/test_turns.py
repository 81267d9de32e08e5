"""What one does about one's turns from a page: ready, a substitute, a swap; what is offered; what the floor expects."""

import re
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.lists import waiting
from scheduler.lists.booking import Booking, book
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.readiness import ready_among
from scheduler.lists.views import InscriptionView
from scheduler.lists.withdrawing import withdraw
from scheduler.people.permission import OPERATOR, Actor
from scheduler.people.reader import Reader
from scheduler.storage.writer import Tx
from tests.api.pages.test_sign_in import ROOT, enter, form, post
from tests.api.pages.test_speakers_list import read, text
from tests.makers import queueing, speaking
from tests.makers.speaking import STARTS_AT, Scene


@dataclass(frozen=True, slots=True)
class Booked:
    """Two who hold slots of a timed list, in the order of their slots; the first is signed in, and remote."""

    service: Service
    client: httpx.AsyncClient
    scene: Scene
    ada: Actor
    hers: str
    bea: Actor
    theirs: str

    def view(self, inscription: str) -> InscriptionView:
        return self.service.reads.now(lambda conn: one_inscription(conn, Reader(OPERATOR), inscription))

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await post(self.client, path, await form(self.client, "/me"), **fields)


@pytest.fixture
async def booked(client: httpx.AsyncClient, service: Service) -> Booked:
    def make(tx: Tx) -> tuple[Scene, Actor, str, Actor, str]:
        scene = speaking.scene(tx)
        ada, bea = (speaking.speaker(tx, scene, name) for name in ("Ada", "<b>Bea</b>"))
        hers, theirs = (
            book(tx, who, slot, Booking("remote")).id for who, slot in zip((ada, bea), scene.slots, strict=False)
        )
        return scene, ada, hers, bea, theirs

    scene, ada, hers, bea, theirs = service.writer.act_now(make)
    await enter(client, service, ada)
    return Booked(service, client, scene, ada, hers, bea, theirs)


async def test_a_remote_speaker_says_that_her_link_works_and_that_it_does_not(booked: Booked) -> None:
    path = f"/inscriptions/{booked.hers}/ready"
    first = await read(booked.client, "/me")
    done = await booked.send(path, ready="yes")
    ready = booked.service.reads.now(lambda conn: ready_among(conn, [booked.hers]))
    second = await read(booked.client, "/me")
    await booked.send(path, ready="no")

    assert "I am ready" in text(first)
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert ready == {booked.hers}
    assert "I am ready" not in text(second)
    assert "My link does not work" in text(second)
    assert booked.service.reads.now(lambda conn: ready_among(conn, [booked.hers])) == frozenset()


async def test_nobody_says_so_of_somebody_else_s_link(booked: Booked) -> None:
    refused = await booked.send(f"/inscriptions/{booked.theirs}/ready", ready="yes")

    assert refused.status_code == 403
    assert booked.service.reads.now(lambda conn: ready_among(conn, [booked.theirs])) == frozenset()


async def test_a_substitute_is_named_and_taken_off_again(booked: Booked) -> None:
    path = f"/inscriptions/{booked.hers}/substitute"
    await booked.send(path, delivered_by=" Cleo\n Stand-in ")
    named, page = booked.view(booked.hers).delivered_by, await read(booked.client, "/me")
    await booked.send(path, delivered_by=" ")

    assert named == "Cleo Stand-in"
    assert "Read by Cleo Stand-in" in text(page)
    assert booked.view(booked.hers).delivered_by is None


async def test_a_swap_is_proposed_from_the_list_and_taken_back_on_the_own_page(booked: Booked) -> None:
    here = f"/lists/{booked.scene.list}?swap={booked.hers}"
    choosing = await read(booked.client, here)
    step = await read(booked.client, f"{here}&slot={booked.scene.slots[1]}")
    done = await booked.send(
        f"/lists/{booked.scene.list}/swap", swap=booked.hers, slot=booked.scene.slots[1], **{"with": booked.theirs}
    )
    proposed, page = booked.view(booked.hers).swap, await read(booked.client, "/me")
    await booked.send(f"/inscriptions/{booked.hers}/swap", answer="take-back")

    assert re.findall(r'id="slot-[^>]*class="chip (other|mine|chosen)', choosing) == ["mine", "other"]
    assert "Against this turn: 10:09" in text(step)
    assert "Organisation of <b>Bea</b>" in text(step)
    assert "<b>Bea" not in step
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert proposed == {"with": booked.theirs, "slot": booked.scene.slots[1], "proposed_by": "me"}
    assert "You offered a swap for 10:09 Wed 8 June." in text(page)
    assert booked.view(booked.hers).swap is None


async def test_a_swap_that_cannot_be_is_refused_on_the_page_of_the_list(booked: Booked) -> None:
    booked.service.writer.act_now(lambda tx: withdraw(tx, booked.bea, booked.theirs))

    refused = await booked.send(
        f"/lists/{booked.scene.list}/swap", swap=booked.hers, slot=booked.scene.slots[1], **{"with": booked.theirs}
    )

    assert refused.status_code in {409, 422}
    assert 'role="alert"' in refused.text
    assert "Choose the turn that you want instead." in text(refused.text)


async def test_nobody_offers_a_turn_that_is_not_hers(booked: Booked) -> None:
    refused = await booked.send(f"/lists/{booked.scene.list}/swap", swap=booked.theirs, **{"with": booked.hers})

    assert refused.status_code == 403
    assert booked.view(booked.theirs).swap is None


async def test_what_is_offered_stands_there_until_its_deadline(
    client: httpx.AsyncClient, service: Service, clock: SettableClock
) -> None:
    def make(tx: Tx) -> tuple[Scene, Actor]:
        scene = speaking.scene(tx, capacity=1)
        holder, waits = (speaking.speaker(tx, scene, name) for name in ("Holder", "Waits"))
        held = book(tx, holder, scene.slots[0], Booking("remote"))
        waiting.join(tx, waits, scene.list, Booking("remote"))
        withdraw(tx, holder, held.id)
        return scene, waits

    scene, waits = service.writer.act_now(make)
    await enter(client, service, waits)
    offered = text(await read(client, "/me"))
    clock.set(clock.now() + timedelta(minutes=16))
    lapsed = text(await read(client, "/me"))

    assert "Offered for 15 min more" in offered
    assert "A slot is yours to take: 10:00, Vienna, Wed 8 June. It goes to the next at 14:15." in offered
    assert f'href="/lists/{scene.list}"' in await read(client, "/me") or "Offered" not in lapsed
    assert "A slot is yours to take" not in lapsed


async def test_while_the_meeting_sits_a_turn_stands_where_it_is_expected_with_its_window(
    client: httpx.AsyncClient, service: Service, clock: SettableClock
) -> None:
    def make(tx: Tx) -> tuple[Scene, Actor]:
        scene = queueing.scene(tx)
        for number in range(6):
            queueing.turn(tx, scene, f"Speaker {number}")
        last = speaking.speaker(tx, scene, "Last")
        queueing.allotted(tx, scene, queueing.inscribed(tx, scene, last, "remote"))
        return scene, last

    scene, last = service.writer.act_now(make)
    clock.set(STARTS_AT + timedelta(minutes=30))
    await enter(client, service, last)
    service.writer.act_now(lambda tx: actions.run(tx, OPERATOR, scene.meeting, Command("open")), alone=True)

    page = await read(client, "/me")

    window = re.search(r"Between (\d\d:\d\d) and (\d\d:\d\d)", text(page))
    shown = re.search(r'class="clock">(\d\d:\d\d)<', page)
    assert window is not None
    assert shown is not None
    assert "10:30" <= window[1] <= shown[1] <= window[2]
    assert shown[1] > "10:40"
    assert 'class="now-line"' in page


@pytest.mark.parametrize("what", ["ready", "substitute", "swap", "withdraw"])
async def test_a_form_of_another_site_does_nothing_about_a_turn(booked: Booked, what: str) -> None:
    path, headers = f"{ROOT}/inscriptions/{booked.hers}/{what}", {"Sec-Fetch-Site": "cross-site"}
    answers = [
        await booked.client.post(path, data={"form": await form(booked.client, "/me")}, headers=headers),
        await booked.client.post(path, data={"form": "0" * 64}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert booked.view(booked.hers).version == 1
