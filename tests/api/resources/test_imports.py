"""Participants' lists over HTTP: who may, which files, and that a list changes all or nothing."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.journal.following import last_number
from scheduler.people.permission import Actor, Grant
from scheduler.secretariat.participants import MOST_ROWS
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.makers import people, places
from tests.makers.spreadsheets import INDICO, csv_of, package, people_rows, xlsx_of

HERE = "/people/import"
HEADER = ("email", "name", "organisation", "category", "timezone")
ADA = ("ada@example.org", "Ada Example", "Rights Online", "ngo", "Pacific/Apia")
PAGE = Path(__file__).parents[3] / "docs" / "imports.md"


def _last(service: Service) -> int:
    return service.reads.now(last_number)


def _codes(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
async def test_a_list_is_looked_at_imported_and_nothing_the_second_time(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign, write: Any
) -> None:
    sec, data = sign(secretariat), write(HEADER, ADA)
    before = _last(service)

    looked = await client.post(f"{HERE}?dry_run=true", content=data, headers=sec)
    assert _last(service) == before
    first = await client.post(HERE, content=data, headers=sec)
    done = _last(service)
    again = await client.post(HERE, content=data, headers=sec)

    assert looked.status_code == 200
    assert looked.json() == first.json() == {
        "people": {"created": 1, "changed": 0, "unchanged": 0},
        "organisations": {"created": 1, "changed": 0, "unchanged": 0},
        "columns": {name: name for name in HEADER},
        "ignored": [],
        "left_out": [],
        "changes": [
            {"row": 2, "kind": kind, "name": name, "what": "created", "fields": []}
            for kind, name in (("organisation", "Rights Online"), ("person", "Ada Example"))
        ],
    }  # fmt: skip
    assert (done, _last(service)) == (before + 2, done)
    assert again.json()["people"] == {"created": 0, "changed": 0, "unchanged": 1}
    changed = await client.post(f"{HERE}?dry_run=true", content=write(HEADER, (ADA[0], "Ada E")), headers=sec)
    assert changed.json()["changes"] == [
        {
            "row": 2, "kind": "person", "name": "Ada E", "what": "changed",
            "fields": [{"field": "name", "before": "Ada Example", "after": "Ada E"}],
        }
    ]  # fmt: skip


async def test_the_sample_of_the_manual_is_imported(client: httpx.AsyncClient, secretariat: Actor, sign: Sign) -> None:
    sample = re.search("```csv\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert sample is not None

    answer = await client.post(HERE, content=sample[1].encode(), headers=sign(secretariat))

    assert answer.json()["people"] == {"created": 3, "changed": 0, "unchanged": 0}
    told = [f"row {each['row']}: {each['kind']} {each['what']}, {each['name']}" for each in answer.json()["changes"]]
    assert "\n".join(told) in PAGE.read_text()


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
async def test_an_indico_export_is_imported(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign, write: Any
) -> None:
    data = write(
        INDICO,
        (
            1,
            "Ada Example",
            "Ada",
            "Example",
            "ada@example.org",
            "Rights Online",
            "Chile",
            "",
            "2022-05-01",
            "Completed",
        ),
        (2, "Ben Gone", "Ben", "Gone", "ben@example.org", "Rights Online", "Peru", "", "2022-05-01", "Withdrawn"),
    )

    answer = await client.post(f"{HERE}?category=ngo", content=data, headers=sign(secretariat))

    assert answer.json()["people"] == {"created": 1, "changed": 0, "unchanged": 0}
    assert answer.json()["left_out"] == [3]
    assert answer.json()["ignored"] == ["ID", "Position", "Registration date"]
    found = (await client.get("/organisations")).json()["items"]
    assert [(each["name"], each["category"], each["country"]) for each in found] == [("Rights Online", "ngo", "CL")]


def _roles(tx: Tx) -> dict[str, Actor]:
    session = places.session(tx)
    organisation = people.organisation(tx)
    grants = {
        "participant": (),
        "focal point": (Grant("focal_point", "organisation", organisation),),
        "chair": (Grant("chair"),),
        "session's secretariat": (Grant("secretariat", "session", session.session),),
        "body's secretariat": (Grant("secretariat", "body", session.body),),
    }
    return {
        role: people.person(tx, "Some Body", organisation=organisation, grants=held) for role, held in grants.items()
    }


async def test_only_the_whole_service_s_secretariat_imports(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign
) -> None:
    cast = service.writer.act_now(_roles)
    before = _last(service)

    for data in (csv_of(HEADER, ADA), b"no list"):
        unsigned = await client.post(HERE, content=data)
        answers = {role: await client.post(HERE, content=data, headers=sign(who)) for role, who in cast.items()}

        assert _codes(unsigned) == (401, "not-signed-in")
        assert {role: _codes(answer) for role, answer in answers.items()} == dict.fromkeys(cast, (403, "not-allowed"))
    assert _last(service) == before
    assert (await client.post(HERE, content=csv_of(HEADER, ADA), headers=sign(secretariat))).status_code == 200


def _rows_too_many() -> bytes:
    return csv_of(("email", "name"), *[("a@example.org", "A")] * (MOST_ROWS + 1))


HOSTILE: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 422, "invalid"),
    "json": (b'{"people": []}', 422, "invalid"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 422, "invalid"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), 422, "invalid"),
    "nulls": (bytes(1000), 422, "invalid"),
    "windows": ("email,name\na@example.org,Élise\n".encode("cp1252"), 422, "invalid"),
    "no e-mail column": (csv_of(("name",), ("Ada",)), 422, "invalid"),
    "truncated": (xlsx_of(HEADER, ADA)[:-200], 422, "invalid"),
    "zip bomb": (package(b" " * 100_000_000), 422, "invalid"),
    "entity bomb": (package('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), 422, "invalid"),
    "rows": (_rows_too_many(), 413, "too-large"),
    "bytes": (b"email,name\n" + b"x" * 10_000_000, 413, "too-large"),
}


@pytest.mark.parametrize(("data", "status", "code"), HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_file_is_refused_in_words(  # noqa: PLR0917  -- fixtures and parameters
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign, data: bytes, status: int, code: str
) -> None:
    sec, before = sign(secretariat), _last(service)

    answer = await client.post(HERE, content=data, headers=sec)

    assert _codes(answer) == (status, code)
    assert answer.json()["detail"].endswith(".")
    assert _last(service) == before


async def test_a_form_is_told_how_to_send_the_file(client: httpx.AsyncClient, secretariat: Actor, sign: Sign) -> None:
    answer = await client.post(HERE, files={"file": ("people.csv", csv_of(HEADER, ADA))}, headers=sign(secretariat))

    assert _codes(answer) == (422, "invalid")
    assert "--data-binary" in answer.json()["detail"]


async def test_a_formula_in_a_workbook_is_a_fault_with_its_row(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign
) -> None:
    sec, before = sign(secretariat), _last(service)

    answer = await client.post(HERE, content=xlsx_of(HEADER, ADA, formula=(1, 1)), headers=sec)

    assert answer.json()["errors"] == [
        {
            "field": "row 2, name",
            "message": "Here stands a formula. Replace it by its value (copy, then paste values).",
        }
    ]
    assert _last(service) == before


async def test_null_characters_in_a_cell_become_blanks(
    client: httpx.AsyncClient, secretariat: Actor, sign: Sign
) -> None:
    sec = sign(secretariat)

    answer = await client.post(HERE, content=b"email,name\na@example.org,A\0B\n", headers=sec)

    assert answer.status_code == 200
    found = (await client.get("/people?q=example.org", headers=sec)).json()["items"]
    assert [each["name"] for each in found if each["email"] == "a@example.org"] == ["A B"]


def _with_seven_bad(rows: Sequence[Sequence[str]]) -> tuple[bytes, list[str]]:
    bad: dict[int, tuple[Any, ...]] = {
        17: ("no address", *rows[17][1:]),
        600: (rows[600][0], "", *rows[600][2:]),
        1200: (rows[3][0], *rows[1200][1:]),
        2400: (*rows[2400][:4], "Mars/Base"),
        3000: (*rows[3000][:3], "spaceship", rows[3000][4]),
        4000: (*rows[4000][:4], "Pacific/Apia", "more"),
        4999: (*rows[4999][:3], "igo", "Pacific/Apia"),
    }
    return csv_of(HEADER, *(bad.get(number, row) for number, row in enumerate(rows))), [
        "row 19, email", "row 602, name", "row 1202, email", "row 2402, timezone", "row 3002, category", "row 4002",
        "row 5001, category",
    ]  # fmt: skip


async def test_of_5_000_participants_seven_bad_ones_are_named_and_mended_all_come_in(
    client: httpx.AsyncClient, service: Service, secretariat: Actor, sign: Sign
) -> None:
    sec, before = sign(secretariat), _last(service)
    rows = list(people_rows(5_000))
    data, places_ = _with_seven_bad(rows)

    bad = await client.post(HERE, content=data, headers=sec)
    assert (bad.status_code, [each["field"] for each in bad.json()["errors"]]) == (422, places_)
    assert bad.json()["detail"] == "The list has 7 faults; nothing was changed."
    assert _last(service) == before
    mended = await client.post(HERE, content=csv_of(HEADER, *rows), headers=sec)
    assert mended.json()["people"] == {"created": 5_000, "changed": 0, "unchanged": 0}
    assert mended.json()["organisations"] == {"created": 500, "changed": 0, "unchanged": 0}
    done = _last(service)
    again = await client.post(HERE, content=csv_of(HEADER, *rows), headers=sec)
    assert again.json()["people"] == {"created": 0, "changed": 0, "unchanged": 5_000}
    assert (done, _last(service)) == (before + 5_500, done)
