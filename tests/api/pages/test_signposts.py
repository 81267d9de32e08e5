import httpx
import pytest

from api.web.service import Service
from scheduler.programme.tables import Session
from tests.makers import speaking
from tests.makers.speaking import Scene


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(speaking.scene)


async def leads_to(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(f"http://rostrum.test{path}")
    assert answer.status_code == 307
    return answer.headers["location"]


async def test_what_letters_and_calendars_name_leads_to_its_place_in_the_session(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    page = (await client.get("http://rostrum.test/sessions/ahc-2")).text

    assert await leads_to(client, f"/meetings/{scene.meeting}") == f"/sessions/ahc-2#{scene.meeting}"
    assert await leads_to(client, f"/meetings/{scene.meeting}?tz=Pacific/Apia") == (
        f"/sessions/ahc-2?tz=Pacific/Apia#{scene.meeting}"
    )
    assert page.count(f'id="{scene.meeting}"') == 1


async def test_a_zone_leads_nowhere_else(client: httpx.AsyncClient, scene: Scene) -> None:
    assert await leads_to(client, f"/meetings/{scene.meeting}?tz=%23x%26y%0d%0aSet-Cookie") == (
        f"/sessions/ahc-2?tz=%23x%26y%0D%0ASet-Cookie#{scene.meeting}"
    )


async def test_what_the_public_may_not_know_of_leads_nowhere(
    client: httpx.AsyncClient, service: Service, scene: Scene
) -> None:
    service.writer.act_now(lambda tx: tx.conn.update(Session, scene.session, status="draft"))

    for path in ("/sessions/ahc-2", f"/meetings/{scene.meeting}", f"/lists/{scene.list}"):
        assert (await client.get(f"http://rostrum.test{path}")).status_code == 404
