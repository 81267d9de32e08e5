import json

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.web.limits import MOST_BYTES_OF_A_FILE
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.scheduler.secretariat.files import PARTS, PROGRAMME

TOML, JSON = {"Content-Type": "application/toml"}, {"Content-Type": "application/json"}
SESSION = {
    "code": "ahc-2",
    "body": "ahc",
    "title": "Second session",
    "timezone": "Europe/Vienna",
    "starts_on": "2022-05-30",
    "ends_on": "2022-06-10",
    "meetings": [{"date": "2022-05-30", "start": "10:00", "end": "13:00"}],
}
PROGRAMME_AS_JSON = {"bodies": [{"code": "ahc", "name": "Committee"}], "sessions": [SESSION]}


@pytest.fixture
def office(sign: Sign, secretariat: Actor) -> dict[str, str]:
    return sign(secretariat)


async def test_schema_is_valid_and_open_to_all(client: httpx.AsyncClient) -> None:
    answer = await client.get("/programmes/schema")

    Draft202012Validator.check_schema(answer.json())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


async def test_schema_takes_what_the_service_takes_and_no_other_name(client: httpx.AsyncClient) -> None:
    validator = Draft202012Validator((await client.get("/programmes/schema")).json())
    document = (await client.get("/openapi.json")).json()
    content = document["paths"]["/api/v1/programmes"]["post"]["requestBody"]["content"]

    assert content.keys() == {"application/json", "application/toml"}
    assert validator.is_valid(content["application/json"]["example"])
    assert validator.is_valid(PROGRAMME_AS_JSON)
    assert not validator.is_valid(PROGRAMME_AS_JSON | {"meetings": []})
    assert not validator.is_valid({"bodies": [{"code": "ahc"}]})


async def test_toml_is_loaded_once(client: httpx.AsyncClient, office: dict[str, str]) -> None:
    first = await client.post("/programmes", content=PROGRAMME, headers=office | TOML)
    again = await client.post("/programmes", content=PROGRAMME, headers=office | TOML)

    assert (first.status_code, again.status_code) == (200, 200)
    assert {name: first.json()[name] for name in ("created", "changed", "unchanged")} == {
        "created": PARTS, "changed": 0, "unchanged": 0,
    }  # fmt: skip
    assert again.json() == {"created": 0, "changed": 0, "unchanged": PARTS, "changes": []}


async def test_json_is_loaded_and_a_change_is_told_with_its_place(
    client: httpx.AsyncClient, office: dict[str, str]
) -> None:
    await client.post("/programmes", json=PROGRAMME_AS_JSON, headers=office)
    renamed = PROGRAMME_AS_JSON | {"sessions": [SESSION | {"title": "Renamed"}]}

    answer = await client.post("/programmes", json=renamed, headers=office)

    assert answer.json() == {
        "created": 0,
        "changed": 1,
        "unchanged": 2,
        "changes": [{"what": "session changed", "place": "sessions[0]", "fields": ["title"]}],
    }
    assert (await client.get("/sessions/ahc-2")).json()["title"] == "Renamed"


async def test_dry_run_tells_the_same_and_changes_nothing(client: httpx.AsyncClient, office: dict[str, str]) -> None:
    before = (await client.get("/changes?limit=200", headers=office)).json()

    tried = await client.post("/programmes?dry_run=true", content=PROGRAMME, headers=office | TOML)

    assert (await client.get("/changes?limit=200", headers=office)).json() == before
    assert (await client.get("/bodies/ahc")).status_code == 404
    done = await client.post("/programmes", content=PROGRAMME, headers=office | TOML)
    assert tried.json() == done.json()


@pytest.mark.parametrize(
    ("content", "headers", "told"),
    [
        (PROGRAMME, JSON, "The file is no JSON"),
        (PROGRAMME, {"Content-Type": "text/plain"}, "The file is no JSON"),
        (PROGRAMME, {}, "The file is no JSON"),
        (json.dumps(PROGRAMME_AS_JSON).encode(), TOML, "The file is no TOML"),
        (b"<programme/>", {"Content-Type": "application/xml"}, "The file is no JSON"),
        (b"", JSON, "The file is no JSON"),
        (b"title = 'a\n\xff'", TOML, "The file is not UTF-8: look at line 2."),
        (b"[" * 100_000, JSON, "The file is nested too deeply to be a programme."),
    ],
)
async def test_what_is_no_file_of_its_kind_is_refused_with_a_sentence(
    client: httpx.AsyncClient, office: dict[str, str], content: bytes, headers: dict[str, str], told: str
) -> None:
    answer = await client.post("/programmes", content=content, headers=office | headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(told)


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"7"])
async def test_what_holds_no_names_is_refused_as_a_whole(
    client: httpx.AsyncClient, office: dict[str, str], content: bytes
) -> None:
    answer = await client.post("/programmes", content=content, headers=office | JSON)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "", "message": "A programme is an object with bodies, organisations, sessions, people."}
    ]


async def test_every_fault_is_named_with_its_place_and_nothing_is_kept(
    client: httpx.AsyncClient, office: dict[str, str]
) -> None:
    meetings = [
        {"date": "2022-03-27", "start": "02:30", "end": "04:00"},
        {"date": "2022-06-08", "start": "25:00", "end": "13:00"},
    ]
    session = SESSION | {"timezone": "Europe/Vienna", "starts_on": "2022-03-01", "meetings": meetings, "colour": "red"}

    answer = await client.post("/programmes", json=PROGRAMME_AS_JSON | {"sessions": [session]}, headers=office)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [
        "sessions[0].colour",
        "sessions[0].meetings[0].start",
        "sessions[0].meetings[1].start",
    ]
    assert (await client.get("/bodies/ahc")).status_code == 404


async def test_a_file_may_be_larger_than_other_bodies_but_not_endless(
    client: httpx.AsyncClient, office: dict[str, str]
) -> None:
    described = {
        "bodies": [{"code": f"body-{number}", "name": "B", "description": "x" * 18_000} for number in range(80)]
    }

    large = await client.post("/programmes?dry_run=true", json=described, headers=office)
    endless = await client.post("/programmes", content=b" " * (MOST_BYTES_OF_A_FILE + 1), headers=office | JSON)

    assert (large.status_code, large.json()["created"]) == (200, 80)
    assert (endless.status_code, endless.json()["code"]) == (413, "too-large")


async def test_only_the_whole_services_secretariat_loads(
    client: httpx.AsyncClient, sign: Sign, participant: Actor
) -> None:
    unsigned = await client.post("/programmes", content=b"no file", headers=JSON)
    refused = await client.post("/programmes", json=PROGRAMME_AS_JSON, headers=sign(participant))
    tried = await client.post("/programmes?dry_run=true", json=PROGRAMME_AS_JSON, headers=sign(participant))

    assert (unsigned.status_code, unsigned.json()["code"]) == (401, "not-signed-in")
    assert [(each.status_code, each.json()["code"]) for each in (refused, tried)] == [(403, "not-allowed")] * 2
    assert (await client.get("/bodies/ahc")).status_code == 404
