"""A list of speakers as a spreadsheet."""

import csv
import io

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor, Grant
from scheduler.storage.writer import Tx
from tests.api.conftest import Sign
from tests.makers import paper, people, places, speaking
from tests.makers.speaking import Scene

HEADER = [
    "position", "date", "start", "end", "timezone", "starts_at", "kind", "title", "speaker", "organisation", "category",
    "mode", "language", "seconds", "status",
]  # fmt: skip


@pytest.fixture
def scene(service: Service) -> Scene:
    return service.writer.act_now(paper.listed)


def _cells(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_everybody_reads_the_turns_and_no_formula_among_them(client: httpx.AsyncClient, scene: Scene) -> None:
    answer = await client.get(f"/lists/{scene.list}/slots.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="ahc-2-meeting-1-list-1.csv"'
    header, *rows = _cells(answer)
    assert header == HEADER
    assert rows[:4] == [
        [
            "1", "2022-06-08", "10:00", "10:29", "Europe/Vienna", "2022-06-08T08:00:00Z", "statement", "",
            f"'{paper.FORMULA}", f"Organisation of {paper.FORMULA}", "member_state", "in_person", "es", "1740",
            "booked",
        ],
        [
            "2", "2022-06-08", "10:29", "10:58", "Europe/Vienna", "2022-06-08T08:29:00Z", "statement", "",
            "<b>Ben</b>", "Organisation of <b>Ben</b>", "ngo", "remote", "", "1740", "booked",
        ],
        [
            "3", "2022-06-08", "10:58", "11:04", "Europe/Vienna", "2022-06-08T08:58:00Z", "break", "Coffee",
            "", "", "", "", "", "360", "booked",
        ],
        [
            "4", "2022-06-08", "11:04", "11:33", "Europe/Vienna", "2022-06-08T09:04:00Z", "statement", "",
            "", "", "", "", "", "1740", "free",
        ],
    ]  # fmt: skip
    assert "secret" not in answer.text
    assert "@example.org" not in answer.text


async def test_the_reader_s_clock_stands_beside_the_venue_s(client: httpx.AsyncClient, scene: Scene) -> None:
    header, first, *_ = _cells(await client.get(f"/lists/{scene.list}/slots.csv?tz=Pacific/Apia"))

    seen = dict(zip(header, first, strict=True))
    assert {name: seen[name] for name in header if name.startswith("viewer_")} == {
        "viewer_date": "2022-06-08", "viewer_start": "21:00", "viewer_end": "21:29", "viewer_timezone": "Pacific/Apia"
    }  # fmt: skip
    unknown = await client.get(f"/lists/{scene.list}/slots.csv?tz=Mars/Base")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-timezone")


def _draft(tx: Tx) -> tuple[Scene, Actor, Actor]:
    of = places.session(tx, "draft", status="draft")
    chair = people.person(tx, "Cha Ir", grants=(Grant("chair", "session", of.session),))
    return speaking.scene_in(tx, of), chair, people.person(tx, "Some Body")


async def test_a_draft_s_list_is_for_who_runs_it(client: httpx.AsyncClient, service: Service, sign: Sign) -> None:
    scene, chair, participant = service.writer.act_now(_draft)
    here = f"/lists/{scene.list}/slots.csv"

    answers = [
        await client.get(here),
        await client.get(here, headers=sign(participant)),
        await client.get(here, headers=sign(chair)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 200]


@pytest.mark.parametrize("unknown", ["nothing", "%00", "4cf0a6ab-6f4b-4f7e-b7f5-3a3a8f4b8a10"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, unknown: str) -> None:
    answer = await client.get(f"/lists/{unknown}/slots.csv")

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
