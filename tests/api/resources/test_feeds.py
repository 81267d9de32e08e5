import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import people, speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(speaking.scene)


async def test_feed_is_made_with_its_address_told_once(
    client: httpx.AsyncClient, scene: Scene, participant: Actor, sign: Sign
) -> None:
    headers = sign(participant) | {"Idempotency-Key": "k"}
    wanted = {"scope": "session", "session": "ahc-2", "include": ["deadlines"]}

    made = await client.post("/me/feeds", json=wanted, headers=headers)
    again = await client.post("/me/feeds", json=wanted, headers=headers)
    page = (await client.get("/me/feeds", headers=headers)).json()

    view = made.json()
    url = view.pop("url")
    assert (made.status_code, again.status_code, again.json()) == (201, 201, view)
    assert view == {
        "id": view["id"],
        "scope": "session",
        "session": "ahc-2",
        "organisation": None,
        "include": ["deadlines"],
        "created_at": "2022-05-01T12:00:00Z",
        "last_read_at": None,
        "last_read_by": None,
    }
    assert page == {"items": [view], "next": None}
    assert url.startswith("http://127.0.0.1:8000/calendars/private/")
    assert len(url) < 256
    assert (await client.get(url)).status_code == 200


async def test_feeds_are_ones_own_page_by_page(
    client: httpx.AsyncClient, service: Service, participant: Actor, sign: Sign
) -> None:
    other = sign(service.writer.act_now(people.person))
    headers = sign(participant)
    made = [(await client.post("/me/feeds", json={"scope": "mine"}, headers=headers)).json()["id"] for _ in range(3)]

    first = (await client.get("/me/feeds?limit=2", headers=headers)).json()
    second = (await client.get(f"/me/feeds?limit=2&cursor={first['next']}", headers=headers)).json()

    assert [feed["id"] for page in (first, second) for feed in page["items"]] == sorted(made)
    assert second["next"] is None
    assert (await client.get("/me/feeds", headers=other)).json()["items"] == []
    assert (await client.delete(f"/me/feeds/{made[0]}", headers=other)).status_code == 404
    assert (await client.delete(f"/me/feeds/{made[0]}", headers=headers)).status_code == 204
    assert (await client.delete(f"/me/feeds/{made[0]}", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"scope": "all"}, 422, "invalid"),
        ({"scope": "mine", "include": ["secrets"]}, 422, "invalid"),
        ({"scope": "mine", "colour": "red"}, 422, "invalid"),
        ({"scope": "session"}, 422, "invalid"),
        ({"scope": "session", "session": "no where"}, 422, "invalid"),
        ({"scope": "session", "session": "nowhere"}, 404, "not-found"),
        ({"scope": "chair", "session": "ahc-2"}, 403, "not-allowed"),
        ({"scope": "organisation"}, 403, "not-allowed"),
        ({"scope": "mine", "organisation": "00000000-0000-0000-0000-000000000000"}, 422, "invalid"),
        ({"scope": "organisation", "organisation": "00000000-0000-0000-0000-000000000000"}, 404, "not-found"),
    ],
)
async def test_feed_that_cannot_be_made_is_refused(
    client: httpx.AsyncClient,
    scene: Scene,
    participant: Actor,
    sign: Sign,
    *,
    wanted: dict[str, object],
    status: int,
    code: str,
) -> None:
    answer = await client.post("/me/feeds", json=wanted, headers=sign(participant))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_feeds_are_for_who_is_signed_in(client: httpx.AsyncClient) -> None:
    answers = [
        await client.get("/me/feeds"),
        await client.post("/me/feeds", content=b"no json"),
        await client.delete("/me/feeds/x"),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
