from hashlib import sha256
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.ids import new_id
from scheduler.people.permission import Grant
from tests.api.conftest import Sign
from tests.makers import asking, people, queueing, speaking
from tests.makers.speaking import Scene

SEED = "spring rain"
COMMITMENT = sha256(SEED.encode()).hexdigest()


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(queueing.scene)


@pytest.fixture
def asked(service: Service, scene: Scene) -> list[str]:
    """A state and, before it, an NGO that would speak by remote link."""
    ngo = service.writer.act_now(lambda tx: asking.asker(tx, scene, 1, "ngo", mode="remote", seconds_requested=300))
    return [ngo, service.writer.act_now(lambda tx: asking.asker(tx, scene, 2))]


async def test_allocation_is_answered_whole_and_read_as_it_was_answered(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], asked: list[str]
) -> None:
    sent = {"policy": "protocol", "budget_seconds": 400}

    done = await client.post(f"/lists/{scene.list}/allocation", json=sent, headers=chair)

    assert done.status_code == 200
    found = done.json()
    read = (await client.get(f"/lists/{scene.list}/slots")).json()["items"]
    assert found["slots"] == read
    assert [slot["inscription"] for slot in read] == [asked[1], asked[0]]
    assert found | {"slots": []} == {
        "slots": [],
        "left_out": [],
        "totals": {
            "seconds": 360,
            "budget_seconds": 400,
            "remote_seconds": 180,
            "by_category": {"member_state": {"slots": 1, "seconds": 180}, "ngo": {"slots": 1, "seconds": 180}},
            "by_mode": {"in_person": {"slots": 1, "seconds": 180}, "remote": {"slots": 1, "seconds": 180}},
        },
        "reasons": [
            {
                "inscription": asked[1],
                "slot": read[0]["id"],
                "seconds_asked": None,
                "seconds_given": 180,
                "rule": "limit",
                "reason": "In the order of precedence member states are number 2 of 7. "
                "Within the rank, who inscribed first speaks first. "
                "No particular time was asked for: the list allows member states 180 seconds.",
            },
            {
                "inscription": asked[0],
                "slot": read[1]["id"],
                "seconds_asked": 300,
                "seconds_given": 180,
                "rule": "over-limit",
                "reason": "In the order of precedence NGOs are number 5 of 7. "
                "Within the rank, who inscribed first speaks first. "
                "300 seconds were asked for; the list allows NGOs 180.",
            },
        ],
        "version": found["version"],
        "seed": None,
    }
    seen = (await client.get(f"/lists/{scene.list}")).json()
    assert (seen["version"], seen["counts"]["allotted"], seen["counts"]["pending"]) == (found["version"], 2, 0)
    inscriptions = (await client.get(f"/lists/{scene.list}/inscriptions")).json()["items"]
    assert [(each["status"], each["slot"]) for each in inscriptions] == [
        ("allotted", read[1]["id"]),
        ("allotted", read[0]["id"]),
    ]


async def test_dry_run_gives_no_ids_and_changes_nothing(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], asked: list[str]
) -> None:
    before = (await client.get(f"/lists/{scene.list}")).json()

    seen = await client.post(f"/lists/{scene.list}/allocation", json={"dry_run": True}, headers=chair)

    assert seen.status_code == 200
    assert [(slot["id"], slot["inscription"]) for slot in seen.json()["slots"]] == [(None, id_) for id_ in asked]
    assert [reason["slot"] for reason in seen.json()["reasons"]] == [None, None]
    assert (await client.get(f"/lists/{scene.list}")).json() == before
    assert seen.json()["version"] == before["version"]


async def test_draw_is_committed_to_and_its_seed_published(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], asked: list[str]
) -> None:
    address = f"/lists/{scene.list}"

    committed = await client.post(f"{address}/draw", json={"commitment": COMMITMENT}, headers=chair)
    other = await client.post(f"{address}/allocation", json={"policy": "draw", "seed": "autumn"}, headers=chair)
    drawn = await client.post(f"{address}/allocation", json={"policy": "draw", "seed": SEED}, headers=chair)

    assert (committed.status_code, committed.json()["draw"]) == (200, {"commitment": COMMITMENT, "seed": None})
    assert (other.status_code, other.json()["errors"][0]["field"]) == (422, "seed")
    assert (drawn.status_code, drawn.json()["seed"]) == (200, SEED)
    lots = {id_: sha256(f"{SEED}:{id_}".encode()).hexdigest() for id_ in asked}
    assert [slot["inscription"] for slot in drawn.json()["slots"]] == sorted(lots, key=lambda id_: lots[id_])
    assert (await client.get(address)).json()["draw"] == {"commitment": COMMITMENT, "seed": SEED}


async def test_draw_without_a_seed_publishes_one_made_by_chance(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], asked: list[str]
) -> None:
    sent = {"policy": "draw"}

    looked = [
        (await client.post(f"/lists/{scene.list}/allocation", json=sent | {"dry_run": True}, headers=chair)).json()
        for _ in range(2)
    ]
    drawn = (await client.post(f"/lists/{scene.list}/allocation", json=sent, headers=chair)).json()

    assert len({each["seed"] for each in [*looked, drawn]}) == 3
    assert (await client.get(f"/lists/{scene.list}")).json()["draw"] == {"commitment": None, "seed": drawn["seed"]}


@pytest.mark.parametrize("of_list", [{"policy": "draw"}, {"policy": "alternating"}])
async def test_policy_of_the_list_is_the_default(
    client: httpx.AsyncClient, service: Service, scene: Scene, sign: Sign, of_list: dict[str, Any]
) -> None:
    secretariat = sign(service.writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),))))

    changed = await client.patch(f"/lists/{scene.list}", json=of_list, headers=secretariat)
    seen = await client.post(f"/lists/{scene.list}/allocation", json={"dry_run": True}, headers=secretariat)

    assert changed.json()["policy"] == of_list["policy"]
    assert (seen.json()["seed"] is not None) == (of_list["policy"] == "draw")


async def test_a_step_down_may_say_nothing_of_any_category(
    client: httpx.AsyncClient, service: Service, scene: Scene, asked: list[str], sign: Sign
) -> None:
    secretariat = sign(service.writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),))))
    options = {"policy_options": {"steps": [{"seconds_default": 60}]}}

    changed = await client.patch(f"/lists/{scene.list}", json=options, headers=secretariat)
    seen = await client.post(
        f"/lists/{scene.list}/allocation", json={"dry_run": True, "budget_seconds": 150}, headers=secretariat
    )

    assert changed.json()["policy_options"]["steps"] == [{"seconds_default": 60, "seconds_by_category": {}}]
    assert [reason["seconds_given"] for reason in seen.json()["reasons"]] == [60] * len(asked)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"policy": "loudest"}, "policy"),
        ({"budget_seconds": -1}, "budget_seconds"),
        ({"budget_seconds": "90"}, "budget_seconds"),
        ({"seed": ""}, "seed"),
        ({"seed": 5}, "seed"),
        ({"dry_run": "yes"}, "dry_run"),
        ({"expected_version": 2**31}, "expected_version"),
        ({"loudness": 1}, "loudness"),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], sent: dict[str, Any], field: str
) -> None:
    refused = await client.post(f"/lists/{scene.list}/allocation", json=sent, headers=chair)

    assert (refused.status_code, [each["field"] for each in refused.json()["errors"]]) == (422, [field])


@pytest.mark.parametrize("commitment", ["", COMMITMENT.upper(), COMMITMENT[:-1], f"{COMMITMENT}\n", None])
async def test_commitment_is_sixty_four_hexadecimal_digits(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str], commitment: str | None
) -> None:
    refused = await client.post(f"/lists/{scene.list}/draw", json={"commitment": commitment}, headers=chair)

    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("what", ["allocation", "draw"])
async def test_refusals_come_in_their_order(
    client: httpx.AsyncClient, service: Service, scene: Scene, sign: Sign, what: str
) -> None:
    participant = sign(service.writer.act_now(people.person))
    timed = service.writer.act_now(lambda tx: speaking.scene(tx, code="ahc-9"))
    secretariat = sign(service.writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),))))
    sent = {"commitment": COMMITMENT} if what == "draw" else {}

    async def refused(list_id: str, headers: dict[str, str] | None, **more: Any) -> tuple[int, str]:
        answer = await client.post(f"/lists/{list_id}/{what}", json=sent | more, headers=headers)
        return answer.status_code, answer.json()["code"]

    assert await refused(scene.list, None, nonsense=1) == (401, "not-signed-in")
    assert await refused(new_id(), secretariat, nonsense=1) == (422, "invalid")
    assert await refused("no id", secretariat) == (404, "not-found")
    assert await refused(new_id(), participant) == (404, "not-found")
    assert await refused(timed.list, participant) == (403, "not-allowed")
    assert await refused(timed.list, secretariat) == (409, "not-allowed-now")
    assert await refused(scene.list, secretariat, expected_version=99) == (409, "version-conflict")


async def test_stale_version_is_answered_with_the_list_as_it_is_read(
    client: httpx.AsyncClient, scene: Scene, chair: dict[str, str]
) -> None:
    refused = await client.post(f"/lists/{scene.list}/allocation", json={"expected_version": 99}, headers=chair)

    assert refused.json()["current"] == (await client.get(f"/lists/{scene.list}")).json()
