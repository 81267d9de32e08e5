import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers import speaking
from tests.makers.speaking import Scene


@pytest.fixture
def speakers(service: Service, scene: Scene) -> list[Actor]:
    return service.writer.act_now(lambda tx: [speaking.speaker(tx, scene, name) for name in ("Ada", "Bob")])


async def test_swap_is_proposed_answered_and_taken_back(
    client: httpx.AsyncClient, scene: Scene, speakers: list[Actor], sign: Sign
) -> None:
    ada, bob = map(sign, speakers)
    hers, his = [
        (await client.post(f"/slots/{slot}/booking", json={"mode": "remote"}, headers=who)).json()["id"]
        for slot, who in zip(scene.slots, (ada, bob), strict=False)
    ]
    path = f"/inscriptions/{hers}/swap"

    proposed = await client.post(path, json={"with": his}, headers=ada)
    back = await client.delete(path, headers=ada)
    again = await client.post(path, json={"with": his}, headers=ada)
    shown = await client.get(f"/inscriptions/{his}", headers=bob)
    refused = await client.post(f"/inscriptions/{his}/swap", json={"accept": False}, headers=bob)
    nothing = await client.post(f"/inscriptions/{his}/swap", json={"accept": True}, headers=bob)
    await client.post(path, json={"with": his}, headers=ada)
    swapped = await client.post(path, json={"accept": True}, headers=bob)

    swap = {"with": his, "slot": scene.slots[1], "proposed_by": "me"}
    assert (proposed.status_code, proposed.json()["swap"], proposed.json()["slot"]) == (200, swap, scene.slots[0])
    assert (back.status_code, again.status_code) == (204, 200)
    assert shown.json()["swap"] == {"with": hers, "slot": scene.slots[0], "proposed_by": "them"}
    assert (await client.get(f"/inscriptions/{his}")).json()["swap"] is None
    assert (refused.status_code, refused.json()["swap"]) == (200, None)
    assert (nothing.status_code, nothing.json()["code"], nothing.json()["allowed"]) == (
        409,
        "not-allowed-now",
        ["propose"],
    )
    assert (swapped.status_code, swapped.json()["slot"]) == (200, scene.slots[1])


@pytest.mark.parametrize("sent", [{}, {"with": "x"}, {"accept": "perhaps"}, {"with": None, "accept": True}, []])
async def test_swap_of_the_wrong_shape_is_refused(
    client: httpx.AsyncClient, scene: Scene, speakers: list[Actor], sign: Sign, *, sent: object
) -> None:
    answer = await client.post(f"/inscriptions/{scene.slots[0]}/swap", json=sent, headers=sign(speakers[0]))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
