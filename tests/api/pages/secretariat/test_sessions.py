"""The overview and a session's own page; sessions made, changed and published by forms."""

import re
from html import unescape

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor, Grant
from scheduler.programme import sessions
from tests.api.pages.secretariat.asking import faults, get, hidden, send, text
from tests.api.pages.test_sign_in import ROOT, enter
from tests.makers import people, places, speaking
from tests.makers.speaking import Scene

NEW = {
    "code": "ahc-3", "title": "Third session", "timezone": "Europe/Vienna", "starts_on": "2022-08-29",
    "ends_on": "2022-09-09", "kind": "session", "format": "hybrid",
}  # fmt: skip


async def test_the_overview_leads_whoever_is_not_signed_in_to_sign_in(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ROOT}/secretariat")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=/secretariat")


@pytest.mark.parametrize("role", ["chair", "participant", "focal_point"])
async def test_the_pages_are_refused_to_other_roles(
    client: httpx.AsyncClient, service: Service, scene: Scene, role: str
) -> None:
    grant = Grant(role, "session", scene.session)
    await enter(client, service, service.writer.act_now(lambda tx: people.person(tx, grants=(grant,))))

    assert 'href="/secretariat"' not in await get(client, "/")
    for path in ("", "/sessions/ahc-2", "/sessions/ahc-2/edit", f"/meetings/{scene.meeting}/move", "/new-session"):
        await get(client, f"/secretariat{path}", 403)


async def test_the_overview_shows_what_she_runs_and_nothing_else(
    session_desk: httpx.AsyncClient, service: Service
) -> None:
    service.writer.act_now(lambda tx: places.session(tx, "other"))

    page = await get(session_desk, "/secretariat")

    assert re.findall(r'href="/secretariat/sessions/([a-z0-9-]+)"', page) == ["ahc-2"]
    assert [
        link for link in ("/outbox", "/people", "/programme", "/new-session") if f"/secretariat{link}" in page
    ] == []
    assert 'href="/secretariat"' in await get(session_desk, "/")


async def test_the_overview_counts_who_asks_for_accreditation(
    desk: httpx.AsyncClient, service: Service, scene: Scene
) -> None:
    service.writer.act_now(lambda tx: speaking.accredited(tx, scene.session, people.organisation(tx), "pending"))

    assert "1 asks for accreditation" in text(await get(desk, "/secretariat"))


async def test_a_session_s_page_shows_its_meetings_on_both_clocks_with_their_lists(
    desk: httpx.AsyncClient, scene: Scene
) -> None:
    page = text(await get(desk, "/secretariat/sessions/ahc-2?tz=Pacific/Apia"))

    assert "21:00–00:00 Wed 8 June Apia; 10:00–13:00 Vienna, Wed 8 June Meeting 1" in page
    assert "Item 5 , open , 20 of 20 slots free" in page


async def test_a_session_of_hostile_names_is_escaped(desk: httpx.AsyncClient, service: Service) -> None:
    await send(desk, "/secretariat/sessions", **{**NEW, "title": "<script>alert(1)</script>"}, body=body(service))

    page = await get(desk, "/secretariat/sessions/ahc-3")

    assert "<script>alert" not in page + await get(desk, "/secretariat/sessions/ahc-3/edit")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def body(service: Service) -> str:
    service.writer.act_now(lambda tx: places.body(tx, "ahc"))
    return "ahc"


async def test_a_session_is_made_as_a_draft_and_published(
    desk: httpx.AsyncClient, client: httpx.AsyncClient, service: Service
) -> None:
    made = await send(
        desk, "/secretariat/sessions", **NEW, body=body(service), reply_seconds__0="5", reply_seconds__1="2.5",
        deadlines__0__title="Registration closes", deadlines__0__as__date="2022-08-01", deadlines__0__as__time="9:00",
        deadlines__0__as__timezone="New York", deadlines__1__title="",
    )  # fmt: skip
    draft = (await client.get("/sessions/ahc-3")).json()
    page = await get(desk, made.headers["location"])
    await send(desk, "/secretariat/sessions/ahc-3/publish", page)

    assert (made.status_code, made.headers["location"]) == (303, "/secretariat/sessions/ahc-3?done=made")
    assert "It is a draft: only you and its chair see it." in text(page)
    assert (draft["status"], draft["reply_seconds"]) == ("draft", [300, 150])
    assert draft["deadlines"] == [
        {
            "title": "Registration closes",
            "at": "2022-08-01T13:00:00Z",
            "as": {"date": "2022-08-01", "time": "09:00", "timezone": "America/New_York"},
        }
    ]
    assert (await client.get("/sessions/ahc-3")).json()["status"] == "published"


async def test_what_is_wrong_stands_at_its_field_and_what_was_written_is_kept(
    desk: httpx.AsyncClient, service: Service
) -> None:
    wrong = {**NEW, "code": "No Slug", "timezone": "Atlantis", "title": " ", "ends_on": "2022-02-30"}

    refused = await send(desk, "/secretariat/sessions", **wrong, body=body(service), city="Wien <b>")

    assert refused.status_code == 422
    assert list(faults(refused.text)) == ["title", "code", "ends_on", "timezone"]
    assert 'value="Wien &lt;b&gt;"' in refused.text
    assert 'value="Atlantis"' in refused.text


async def test_a_session_is_changed_and_an_older_form_is_told_what_is_otherwise_now(
    desk: httpx.AsyncClient, service: Service, secretariat: Actor, scene: Scene
) -> None:
    page = await get(desk, "/secretariat/sessions/ahc-2/edit")
    said = {**NEW, "code": "ahc-2", "body": "body-of-ahc-2", "starts_on": "2022-05-30", "ends_on": "2022-06-10"}
    service.writer.act_now(lambda tx: sessions.change(tx, secretariat, "ahc-2", {"city": "Graz"}))
    version = hidden(page, "expected_version")

    late = await send(desk, "/secretariat/sessions/ahc-2/edit", **said, city="Linz", expected_version=version)
    again = await send(
        desk, "/secretariat/sessions/ahc-2/edit", **said, city="Linz",
        expected_version=hidden(late.text, "expected_version"),
    )  # fmt: skip

    assert late.status_code == 409
    assert "City: now “Graz”, you wrote “Linz”" in text(late.text)
    assert again.status_code == 303
    assert (await desk.get("/sessions/ahc-2")).json()["city"] == "Linz"


async def test_a_third_reply_and_a_deadline_written_as_an_instant_outlive_a_change(
    desk: httpx.AsyncClient, service: Service, secretariat: Actor, scene: Scene
) -> None:
    said: dict[str, object] = {
        "reply_seconds": [600, 300, 120],
        "deadlines": [{"title": "Registration closes", "at": "2022-05-01T10:00:00Z"}],
    }
    service.writer.act_now(lambda tx: sessions.change(tx, secretariat, "ahc-2", said))
    page = await get(desk, "/secretariat/sessions/ahc-2/edit")
    fields = {
        name: unescape(value) for name, value in re.findall(r'<input[^>]* ?name="([^"]+)"[^>]*? value="([^"]*)"', page)
    }

    answer = await desk.post(
        f"{ROOT}/secretariat/sessions/ahc-2/edit",
        data=fields | {"body": "body-of-ahc-2", "kind": "session", "format": "hybrid", "city": "Graz"},
    )
    after = (await desk.get("/sessions/ahc-2")).json()

    assert answer.status_code == 303
    assert (after["city"], after["reply_seconds"]) == ("Graz", [600, 300, 120])
    assert [(each["title"], each["at"]) for each in after["deadlines"]] == [
        ("Registration closes", "2022-05-01T10:00:00Z")
    ]


@pytest.mark.parametrize("path", ["", "/ahc-2/edit", "/ahc-2/publish", "/ahc-2/move", "/ahc-2/cancel"])
async def test_a_form_without_its_token_changes_nothing(desk: httpx.AsyncClient, scene: Scene, path: str) -> None:
    answer = await desk.post(f"{ROOT}/secretariat/sessions{path}", data={**NEW, "form": "0" * 64, "do": "apply"})

    assert answer.status_code == 403
    assert (await desk.get("/sessions/ahc-2")).json()["version"] == 1
