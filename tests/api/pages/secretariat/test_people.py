"""People with their roles, and organisations, by forms."""

import re

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.pages.secretariat.asking import faults, get, hidden, send, text
from tests.api.pages.test_sign_in import ROOT
from tests.makers import people
from tests.makers.speaking import Scene

PERSON = {"name": "Ada Example", "email": "ada@example.org", "timezone": "Apia", "language": "fr", "organisation": ""}


async def by_address(client: httpx.AsyncClient, email: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await client.get(f"/people?q={email}")).json()["items"]
    return found


async def test_people_are_found_by_part_of_name_or_address(desk: httpx.AsyncClient, service: Service) -> None:
    service.writer.act_now(lambda tx: [people.person(tx, name) for name in ("Ada <b>", "Bo Example", "Cy Example")])

    page = text(await get(desk, "/secretariat/people?q=bo+example"))
    assert ("Bo Example" in page, "Cy Example" in page) == (True, False)
    assert "Ada <b>" not in await get(desk, "/secretariat/people?q=ada")
    assert "Nobody was found." in text(await get(desk, "/secretariat/people?q=nobody%00"))


async def test_people_come_page_by_page(desk: httpx.AsyncClient, service: Service) -> None:
    service.writer.act_now(lambda tx: [people.person(tx, f"Person {number:03}") for number in range(60)])

    first = await get(desk, "/secretariat/people?q=person")
    further = re.search(r'href="(/secretariat/people\?[^"]+cursor[^"]+)"', first)
    assert further is not None
    second = await get(desk, further.group(1).replace("&amp;", "&"))

    assert [len(re.findall(r"Person \d{3}</bdi>", page)) for page in (first, second)] == [50, 10]


async def test_a_person_is_added_with_roles_and_changed(
    desk: httpx.AsyncClient, service: Service, scene: Scene
) -> None:
    organisation = service.writer.act_now(people.organisation)
    made = await send(
        desk, "/secretariat/people", **PERSON | {"organisation": organisation}, roles__0__role="chair",
        roles__0__scope="session:ahc-2", roles__1__role="focal_point", roles__1__scope="organisation:own",
    )  # fmt: skip
    page = await get(desk, made.headers["location"])
    [added] = await by_address(desk, "ada@example.org")
    await send(
        desk, f"/secretariat/people/{added['id']}", **PERSON | {"name": "Ada E."}, roles__0__role="",
        roles__0__scope="session:ahc-2", expected_version=hidden(page, "expected_version"),
    )  # fmt: skip
    [changed] = await by_address(desk, "ada@example.org")

    assert made.status_code == 303
    assert (added["timezone"], added["language"]) == ("Pacific/Apia", "fr")
    assert added["roles"] == [
        {"role": "chair", "scope": {"type": "session", "id": "ahc-2"}},
        {"role": "focal_point", "scope": {"type": "organisation", "id": organisation}},
    ]
    assert (changed["name"], changed["roles"], changed["organisation"]) == ("Ada E.", [], None)


async def test_what_cannot_be_of_a_person_is_told_of_and_kept(desk: httpx.AsyncClient) -> None:
    wrong = await send(
        desk, "/secretariat/people", **PERSON | {"email": "no address", "name": " "}, roles__0__role="focal_point",
        roles__0__scope="",
    )  # fmt: skip
    alone = await send(
        desk, "/secretariat/people", **PERSON, roles__0__role="focal_point", roles__0__scope="organisation:own"
    )
    twice = [(await send(desk, "/secretariat/people", **PERSON)).status_code for _ in range(2)]

    assert (wrong.status_code, list(faults(wrong.text))) == (422, ["name"])
    assert 'value="no address"' in wrong.text
    assert (alone.status_code, list(faults(alone.text))) == (422, ["roles"])
    assert twice == [303, 409]


async def test_of_two_at_once_the_second_is_told_what_is_otherwise(desk: httpx.AsyncClient, participant: Actor) -> None:
    path = f"/secretariat/people/{participant.id}"
    page = await get(desk, path)
    said = {**PERSON, "expected_version": hidden(page, "expected_version")}
    await send(desk, path, **said)

    late = await send(desk, path, **said | {"name": "Someone Else"})

    assert late.status_code == 409
    assert "Name: now “Ada Example”, you wrote “Someone Else”" in text(late.text)


async def test_a_person_is_erased_after_a_look(desk: httpx.AsyncClient, participant: Actor) -> None:
    path = f"/secretariat/people/{participant.id}"
    look = text(await get(desk, f"{path}/erase"))
    before = (await desk.get(f"/people/{participant.id}")).json()["erased"]

    done = await send(desk, f"{path}/erase")

    assert "Her name and address go for good." in look
    assert (before, done.headers["location"]) == (False, "/secretariat/people?done=erased")
    assert (await desk.get(f"/people/{participant.id}")).json()["email"] is None
    assert "nothing about her can be changed any more" in text(await get(desk, path))


async def test_the_last_secretariat_is_not_erased(desk: httpx.AsyncClient, secretariat: Actor) -> None:
    refused = await send(desk, f"/secretariat/people/{secretariat.id}/erase")

    assert refused.status_code == 409


async def test_organisations_are_found_added_and_changed(desk: httpx.AsyncClient) -> None:
    made = await send(
        desk, "/secretariat/organisations", name="<b>Costa Rica", category="member_state", country="costa rica",
        region="latin_american", groups="G-77, GRULAC",
    )  # fmt: skip
    path = made.headers["location"].partition("?")[0]
    page = await get(desk, path)
    wrong = await send(desk, "/secretariat/organisations", name="Atlantis", category="member_state", country="Atlantis")
    await send(
        desk, path, name="Costa Rica", category="member_state", country="CR", region="", groups="",
        expected_version=hidden(page, "expected_version"),
    )  # fmt: skip
    after = (await desk.get(path.removeprefix("/secretariat"))).json()

    assert made.status_code == 303
    assert "<b>Costa" not in page
    assert 'value="G-77, GRULAC"' in page
    assert (wrong.status_code, list(faults(wrong.text))) == (422, ["country"])
    assert [after[name] for name in ("name", "country", "region", "groups")] == ["Costa Rica", "CR", None, []]
    found = text(await get(desk, "/secretariat/organisations?q=costa&category=member_state"))
    assert "Costa Rica Member State Costa Rica" in found


@pytest.mark.parametrize(
    "path", ["/people", "/people/new", "/organisations", "/organisations/new", "/outbox", "/webhooks"]
)
async def test_only_the_whole_service_s_secretariat_reads_these(session_desk: httpx.AsyncClient, path: str) -> None:
    answer = await session_desk.get(f"{ROOT}/secretariat{path}", headers={"Accept": "text/html"})

    assert answer.status_code == 403


async def test_who_runs_one_session_adds_and_erases_nobody(session_desk: httpx.AsyncClient, participant: Actor) -> None:
    page = await get(session_desk, "/secretariat/sessions/ahc-2/move")
    paths = ("people", f"people/{participant.id}", f"people/{participant.id}/erase", "organisations", "webhooks")

    answers = [await send(session_desk, f"/secretariat/{path}", page, **PERSON) for path in paths]

    assert [answer.status_code for answer in answers] == [403] * 5
