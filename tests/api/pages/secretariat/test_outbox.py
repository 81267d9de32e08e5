"""The outbox with its retries, webhooks with their secrets, and accreditation decided in bulk."""

import re
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.lists.booking import Booking, book
from scheduler.outbox.queries import rows
from scheduler.outbox.tables import Due
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.api.pages.secretariat.asking import faults, get, hidden, send, text
from tests.api.pages.test_sign_in import ROOT
from tests.makers import crowd, people, speaking
from tests.makers.speaking import Scene


def failed(tx: Tx) -> str:
    """A reminder that was given up; its id."""
    [who] = crowd.waiting(tx, 1)
    [due] = rows(tx.conn, person=who.id)
    tx.conn.update(Due, due.id, status="failed", attempts=8, last_error="550 <b>no such mailbox")
    return due.id


async def test_the_outbox_shows_what_failed_and_sends_it_again(desk: httpx.AsyncClient, service: Service) -> None:
    due = service.writer.act_now(failed)
    page = await get(desk, "/secretariat/outbox?status=failed")

    done = await send(desk, f"/secretariat/outbox/{due}/retry", page)
    after = text(await get(desk, "/secretariat/outbox?status=planned"))
    again = await send(desk, f"/secretariat/outbox/{due}/retry", page)

    assert "Person 0 A meeting comes soon failed 550 <b>no such mailbox 8 Send again" in text(page)
    assert "<b>no such" not in page
    assert done.headers["location"] == f"/secretariat/outbox?done=again#{due}"
    assert "Person 0 A meeting comes soon to be sent" in after
    assert again.status_code == 409


async def test_the_outbox_of_one_person_holds_nobody_else_s(desk: httpx.AsyncClient, service: Service) -> None:
    first, _ = service.writer.act_now(lambda tx: crowd.waiting(tx, 2))

    page = text(await get(desk, f"/secretariat/outbox?person={first.id}"))

    assert ("Person 0" in page, "Person 1" in page) == (True, False)


async def test_a_webhook_s_secret_is_shown_once(desk: httpx.AsyncClient, scene: Scene) -> None:
    made = await send(
        desk, "/secretariat/webhooks", url="https://example.org/hook", kinds="meeting, inscription", session="ahc-2"
    )
    secret = re.search(r'<code class="secret">([^<]+)</code>', made.text)
    assert secret is not None
    page = await get(desk, "/secretariat/webhooks")
    remove = re.search(r'action="(/secretariat/webhooks/[0-9a-f-]+/remove)"', page)
    assert remove is not None
    gone = await send(desk, remove.group(1), page)

    assert made.status_code == 200
    assert "https://example.org/hook meeting, inscription, ahc-2" in text(page)
    assert secret.group(1) not in page
    assert gone.headers["location"] == "/secretariat/webhooks?done=removed"
    assert (await desk.get("/webhooks")).json()["items"] == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://10.0.0.1/", "https://example.org/\nx"])
async def test_an_address_that_no_webhook_may_have_is_refused_at_its_field(desk: httpx.AsyncClient, url: str) -> None:
    refused = await send(desk, "/secretariat/webhooks", url=url, kinds="")

    assert (refused.status_code, list(faults(refused.text))) == (422, ["url"])


PATH = "/secretariat/sessions/ahc-2/accreditations"


@pytest.fixture
def speaker(service: Service, scene: Scene) -> Actor:
    """Somebody with a turn, of an approved organisation."""
    found = service.writer.act_now(lambda tx: speaking.speaker(tx, scene, "Ada <b>Example"))
    service.writer.act_now(lambda tx: book(tx, found, scene.slots[0], Booking("remote")))
    return found


async def ids(client: httpx.AsyncClient) -> dict[str, str]:
    items = (await client.get("/sessions/ahc-2/accreditations")).json()["items"]
    return {each["id"]: each["status"] for each in items}


async def test_what_a_withdrawn_accreditation_does_is_shown_before_it_is_done(
    desk: httpx.AsyncClient, service: Service, scene: Scene, speaker: Actor
) -> None:
    service.writer.act_now(lambda tx: speaking.accredited(tx, scene.session, people.organisation(tx), "pending"))
    ticked = list(await ids(desk))
    said: dict[str, Any] = {"accreditations": ticked, "status": "objected", "note": "Objection of a Member State"}

    looked = await send(desk, PATH, **said, do="look")
    before = await ids(desk)
    done = await send(desk, PATH, **said, do="apply", seen=hidden(looked.text, "seen"))

    assert "2 organisations: Note an objection." in text(looked.text)
    assert "1 person may not speak any more." in text(looked.text)
    assert "Keeps the turn at 10:00–10:09 Wed 8 June, Vienna: Ada <b>Example , Organisation of Ada <b>Example" in text(
        looked.text
    )
    assert "<b>Example" not in looked.text
    assert sorted(before.values()) == ["approved", "pending"]
    assert done.headers["location"] == f"{PATH}?done=decided"
    assert set((await ids(desk)).values()) == {"objected"}


async def test_what_was_not_looked_at_is_not_decided(desk: httpx.AsyncClient, speaker: Actor) -> None:
    answer = await send(desk, PATH, accreditations=list(await ids(desk)), status="objected", do="apply", seen="x")

    assert answer.status_code == 200
    assert "Nothing is decided yet." in text(answer.text)
    assert set((await ids(desk)).values()) == {"approved"}


async def test_nothing_ticked_is_told_of(desk: httpx.AsyncClient, speaker: Actor) -> None:
    refused = await send(desk, PATH, status="approved", do="look")

    assert refused.status_code == 422
    assert "accreditations" in faults(refused.text)


async def test_many_are_decided_at_once(desk: httpx.AsyncClient, service: Service, scene: Scene) -> None:
    def many(tx: Tx) -> None:
        for number in range(300):
            speaking.accredited(tx, scene.session, people.organisation(tx, f"State {number}"), "pending")

    service.writer.act_now(many)
    ticked = re.findall(r'name="accreditations" value="([^"]+)"', await get(desk, f"{PATH}?status=pending"))
    looked = await send(desk, PATH, accreditations=ticked, status="approved", do="look")

    await send(desk, PATH, accreditations=ticked, status="approved", do="apply", seen=hidden(looked.text, "seen"))

    assert len(ticked) == 300
    assert "approved 300" in text(await get(desk, PATH))


async def test_an_organisation_is_found_and_put_on_the_list(
    desk: httpx.AsyncClient, service: Service, scene: Scene
) -> None:
    organisation = service.writer.act_now(lambda tx: people.organisation(tx, "Rights Online", "ngo"))
    page = await get(desk, f"{PATH}?q=rights")

    added = await send(desk, f"{PATH}/new", page, organisation=organisation, new_status="approved")

    assert "Rights Online NGO Approve" in text(page)
    assert added.headers["location"] == f"{PATH}?done=added"
    assert list((await ids(desk)).values()) == ["approved"]


async def test_another_session_s_secretariat_decides_nothing_here(
    session_desk: httpx.AsyncClient, service: Service
) -> None:
    service.writer.act_now(lambda tx: speaking.scene(tx, code="other"))
    page = await get(session_desk, PATH)

    await get(session_desk, PATH.replace("ahc-2", "other"), 403)
    answer = await send(
        session_desk, PATH.replace("ahc-2", "other"), page, accreditations=["0" * 8], status="approved", do="apply"
    )

    assert answer.status_code in {403, 422}


@pytest.mark.parametrize("path", ["/outbox/x/retry", "/webhooks", "/webhooks/x/remove", "/people", "/organisations"])
async def test_a_form_of_another_site_is_refused(desk: httpx.AsyncClient, path: str) -> None:
    headers = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}
    token = hidden(await get(desk, "/secretariat/webhooks"), "form")

    answers = [
        await desk.post(f"{ROOT}/secretariat{path}", data={"form": token}, headers=headers),
        await desk.post(f"{ROOT}/secretariat{path}", data={"form": "0" * 64}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
