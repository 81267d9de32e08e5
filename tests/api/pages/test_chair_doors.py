"""Who gets the chair's console, what a refusal says there, and what another site or a hostile name cannot do."""

import re

import httpx
import pytest

from api.web.service import Service
from scheduler.floor import actions
from scheduler.floor.actions import Command
from scheduler.people.permission import Actor, Grant
from tests.api.pages.console import Console, part
from tests.api.pages.test_sign_in import ROOT, enter, form
from tests.makers import people, places, speaking

HOSTILE = "<script>alert(1)</script>"


async def test_who_is_slower_reads_what_the_other_did_and_loses_nothing(console: Console, service: Service) -> None:
    await console.do("open")
    other = service.writer.act_now(
        lambda tx: people.person(
            tx, f"Other {HOSTILE}", grants=(Grant("chair", "session", console.here.scene.session),)
        )
    )
    service.writer.act_now(lambda tx: actions.run(tx, other, console.here.scene.meeting, Command("call")), alone=True)

    late = await console.do("announce", "?ask=announce", text="What I wrote")

    assert late.status_code == 409
    assert 'role="alert"' in late.text
    said = part(console.shown, "refused")
    assert "Somebody else was first. What you asked for was not done." in said
    assert f"10:00 Organisation of A called. Other {HOSTILE}" in said
    assert HOSTILE not in late.text
    assert 'value="What I wrote"' in late.text
    assert "Organisation of A" in part(console.shown, "board")
    await console.press("do-anyway")
    assert console.floor.notice is not None
    assert console.floor.notice.text == "What I wrote"


async def test_what_the_moment_does_not_allow_is_said_in_a_sentence(console: Console) -> None:
    refused = await console.do("call")

    assert refused.status_code == 409
    assert part(console.shown, "refused") == (
        "This was not done. The meeting has not been opened, so `call` cannot be done. Open it first."
    )


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"command": "dance"}, 422),
        ({"command": ""}, 422),
        ({"command": "extend", "seconds": "many"}, 422),
        ({"command": "extend", "seconds": "99999999999999"}, 422),
        ({"command": "call", "slot": "none"}, 422),
        ({"command": "call", "expected_version": "-1"}, 422),
        ({"command": "up", "slot": "none"}, 404),
        ({"command": "add", "inscription": "none"}, 404),
        ({"command": "allocate", "policy": "favour"}, 422),
        ({"command": "close_list", "list": "\x00"}, 404),
        ({"command": "announce"}, 422),
        ({"command": "point_of_order"}, 422),
    ],
)
async def test_forms_that_mean_nothing_are_refused(console: Console, fields: dict[str, str], status: int) -> None:
    await console.do("open")

    answer = await console.do(**{"expected_version": "", **fields})

    assert answer.status_code == status
    assert 'id="board"' in answer.text


async def test_an_address_that_means_nothing_shows_the_console(console: Console) -> None:
    query = "?ask=dance&slot=x&list=%00&policy=favour&minutes=-1&find=%3Cb%3E&back=command%3Dclose%26since%3D1&all=1"

    assert "Nobody who waits is called “<b>”." in await console.see(query)
    assert "act-undo" not in console.shown


async def test_looking_for_somebody_chooses_the_first_that_fits(console: Console) -> None:
    await console.see("?find=of+c")

    assert re.findall(r'data-name="([^"]*)" draggable="true" aria-current="true"', console.shown) == [
        "Organisation of C"
    ]
    assert "Call" in part(console.shown, "chosen")


async def test_forms_of_elsewhere_do_nothing(console: Console) -> None:
    answer = await console.client.post(f"{ROOT}{console.path}", data={"form": "forged", "command": "open"})
    cross = await console.client.post(
        f"{ROOT}{console.path}",
        data={"form": re.findall(r'name="form" value="([^"]*)"', console.shown)[0], "command": "open"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert (answer.status_code, cross.status_code) == (403, 403)
    assert console.floor.status == "scheduled"


@pytest.mark.parametrize(
    ("grants", "status"),
    [
        ((Grant("secretariat"),), 200),
        ((Grant("chair", "session", "here"),), 200),
        ((Grant("chair", "session", "elsewhere"),), 403),
        ((Grant("focal_point", "organisation", "hers"),), 403),
        ((), 403),
    ],
)
async def test_the_console_is_for_who_may_run_the_floor(
    client: httpx.AsyncClient, service: Service, console: Console, grants: tuple[Grant, ...], status: int
) -> None:
    held = tuple(
        Grant(each.role, each.scope_type, console.here.scene.session if each.scope_id == "here" else each.scope_id)
        for each in grants
    )
    await enter(client, service, service.writer.act_now(lambda tx: people.person(tx, "Somebody", grants=held)))
    page = await client.get(f"{ROOT}{console.path}")
    token = await form(client, "/clock")
    act = await client.post(f"{ROOT}{console.path}", data={"form": token, "command": "open"})

    assert (page.status_code, act.status_code) == (status, 303 if status == 200 else status)


async def test_the_public_is_led_to_signing_in_and_nobody_to_what_is_not_there(
    client: httpx.AsyncClient, console: Console
) -> None:
    unknown = await client.get(f"{ROOT}/meetings/none/chair")
    client.cookies.clear()
    public = await client.get(f"{ROOT}{console.path}")

    assert unknown.status_code == 404
    assert (public.status_code, public.headers["location"]) == (
        303, f"/sign-in?back=/meetings/{console.here.scene.meeting}/chair",
    )  # fmt: skip


async def test_a_draft_is_not_there_for_others(client: httpx.AsyncClient, service: Service, participant: Actor) -> None:
    draft = service.writer.act_now(lambda tx: speaking.meeting(tx, places.session(tx, "draft", status="draft")))
    await enter(client, service, participant)

    assert (await client.get(f"{ROOT}/meetings/{draft}/chair")).status_code == 404


async def test_the_session_s_page_leads_there_whoever_may_run_its_floor(
    client: httpx.AsyncClient, console: Console, service: Service, participant: Actor
) -> None:
    session = (await client.get(f"/sessions/{console.here.scene.session}")).json()["code"]
    link = f'href="{console.path}"'

    assert link in (await client.get(f"{ROOT}/sessions/{session}")).text
    client.cookies.clear()
    assert link not in (await client.get(f"{ROOT}/sessions/{session}")).text
    await enter(client, service, participant)
    assert link not in (await client.get(f"{ROOT}/sessions/{session}")).text
