"""Programme files and participants' lists on the page: looked at first, then taken whole or not at all."""

from html import unescape

import httpx
import pytest

from tests.api.pages.secretariat.asking import faults, get, hidden, send, text
from tests.api.pages.test_sign_in import ROOT
from tests.makers.speaking import Scene

PROGRAMME = b"""
[[bodies]]
code = "icao"
name = "<b>Council</b>"

[[sessions]]
code = "icao-1"
body = "icao"
title = "First session"
timezone = "America/Toronto"
starts_on = 2022-09-05
ends_on = 2022-09-09
days = [{ first = 2022-09-05, last = 2022-09-09, at = [["10:00", "13:00"], ["15:00", "18:00"]] }]
"""
PEOPLE = b"email,name,organisation\nada@example.org,<b>Ada</b>,Rights Online\n"


async def choose(client: httpx.AsyncClient, path: str, name: str, data: bytes, **fields: str) -> httpx.Response:
    token = hidden(await get(client, path), "form")
    return await client.post(
        f"{ROOT}{path}", data={"form": token, **fields}, files={"file": (name, data)}, headers={"Accept": "text/html"}
    )


async def take(client: httpx.AsyncClient, path: str, looked: str, **fields: str) -> httpx.Response:
    """Presses the button below what was looked at."""
    carried = {name: unescape(hidden(looked, name)) for name in ("carried", "name")}
    token = hidden(looked, "form")
    data = {"form": token, "do": "apply", **carried, **fields}
    # As a browser sends a form with a file field in which nothing was chosen.
    return await client.post(f"{ROOT}{path}", data=data, files={"file": ("", b"")}, headers={"Accept": "text/html"})


async def test_a_programme_is_shown_with_its_differences_and_then_loaded(desk: httpx.AsyncClient) -> None:
    looked = await choose(desk, "/secretariat/programme", "council.toml", PROGRAMME)
    missing = (await desk.get("/sessions/icao-1")).status_code
    done = await take(desk, "/secretariat/programme", looked.text)
    again = await choose(desk, "/secretariat/programme", "council.toml", PROGRAMME.replace(b"First", b"Only"))

    assert looked.status_code == 200
    assert "What council.toml would change" in text(looked.text)
    assert "12 new 0 changed 0 as before" in text(looked.text)
    assert missing == 404
    assert (done.status_code, done.headers["location"]) == (303, "/secretariat/programme?done=loaded&made=12&changed=0")
    assert "12 new, 0 changed." in text(await get(desk, done.headers["location"]))
    assert len((await desk.get("/sessions/icao-1/meetings")).json()["items"]) == 10
    assert "session changed sessions[0] title" in text(again.text)


async def test_every_fault_of_a_programme_is_named_with_its_place(desk: httpx.AsyncClient) -> None:
    wrong = PROGRAMME.replace(b"America/Toronto", b"Atlantis").replace(b'"13:00"', b'"25:00"')

    refused = await choose(desk, "/secretariat/programme", "council.toml", wrong)

    assert refused.status_code == 422
    assert "2 faults were found. Nothing was changed." in text(refused.text)
    assert "<code>sessions[0].timezone</code>" in refused.text
    assert "<code>sessions[0].days[0].at[0][1]</code>" in refused.text


@pytest.mark.parametrize("data", [b"no = [toml", b"\xff\xfe", b"[1]", b'{"bodies": {}}'])
async def test_what_is_no_programme_is_refused(desk: httpx.AsyncClient, data: bytes) -> None:
    refused = await choose(desk, "/secretariat/programme", "x.toml", data)

    assert refused.status_code == 422
    assert "1 fault was found. Nothing was changed." in text(refused.text)


async def test_a_list_of_people_is_shown_row_by_row_and_then_imported(desk: httpx.AsyncClient) -> None:
    lacking = await choose(desk, "/secretariat/import", "people.csv", PEOPLE)
    looked = await take(desk, "/secretariat/import", lacking.text, category="ngo", do="look")
    done = await take(desk, "/secretariat/import", looked.text, category="ngo")
    people = (await desk.get("/people?q=ada@example.org")).json()["items"]

    assert lacking.status_code == 422
    assert "row 2, organisation There is no such organisation yet." in text(lacking.text)
    assert "Persons 1 new 0 changed 0 as before Organisations 1 new" in text(looked.text)
    assert "<b>Ada" not in looked.text
    assert done.status_code == 303
    assert [(each["name"], each["organisation"]["name"]) for each in people] == [("<b>Ada</b>", "Rights Online")]


@pytest.mark.parametrize("path", ["/secretariat/programme", "/secretariat/import"])
async def test_no_file_is_asked_for_at_its_field(desk: httpx.AsyncClient, path: str) -> None:
    refused = await send(desk, path, do="look")

    assert (refused.status_code, faults(refused.text)) == (422, {"file": "Choose a file first."})


@pytest.mark.parametrize("carried", ["%%%", "AAAA", "eJw="])
async def test_a_carried_file_that_is_broken_is_asked_for_again(desk: httpx.AsyncClient, carried: str) -> None:
    refused = await send(desk, "/secretariat/programme", do="apply", carried=carried)

    assert refused.status_code == 422
    assert "Choose it again." in faults(refused.text)["file"]


@pytest.mark.parametrize("path", ["/secretariat/programme", "/secretariat/import"])
async def test_only_the_whole_service_s_secretariat_may_send_files(
    session_desk: httpx.AsyncClient, scene: Scene, path: str
) -> None:
    token = hidden(await get(session_desk, "/secretariat/sessions/ahc-2/move"), "form")

    answer = await session_desk.post(f"{ROOT}{path}", data={"form": token}, files={"file": ("a.csv", PEOPLE)})

    assert answer.status_code == 403
    await get(session_desk, path, 403)


async def test_a_file_without_the_form_s_token_is_refused(desk: httpx.AsyncClient) -> None:
    for data in ({}, {"form": "0" * 64}):
        answer = await desk.post(f"{ROOT}/secretariat/programme", data=data, files={"file": ("a.toml", PROGRAMME)})
        assert answer.status_code == 403
    assert (await desk.get("/bodies/icao")).status_code == 404


async def test_a_file_that_is_too_large_is_refused(desk: httpx.AsyncClient) -> None:
    answer = await choose(desk, "/secretariat/import", "a.csv", b"x" * 10_000_001)

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x; charset=\x01"]
)
async def test_a_form_in_parts_that_cannot_be_read_is_refused(desk: httpx.AsyncClient, kind: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="form"\r\n\r\n'

    answer = await desk.post(f"{ROOT}/secretariat/programme", content=body, headers={"Content-Type": kind})

    assert answer.status_code in {403, 422}


async def test_other_pages_take_no_files(desk: httpx.AsyncClient, scene: Scene) -> None:
    token = hidden(await get(desk, "/secretariat/sessions/ahc-2/move"), "form")

    answer = await desk.post(
        f"{ROOT}/secretariat/sessions/ahc-2/cancel", data={"form": token, "do": "apply"}, files={"file": ("a", b"b")}
    )

    assert answer.status_code == 403
