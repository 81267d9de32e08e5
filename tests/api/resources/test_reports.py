"""A session's report over HTTP."""

import csv
import io

import httpx

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.people.tables import Organisation
from tests.scheduler.floor.meeting import sat


def _rows(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_the_report_is_public_once_a_meeting_is_closed(
    client: httpx.AsyncClient, service: Service, clock: SettableClock
) -> None:
    here = sat(service.writer, clock, "A", "remote")
    here.play((0, "open"), (1, "call"), (1.5, "start"), (3, "finish"))
    before = (await client.get("/sessions/ahc-2/report")).json()
    here.do(4, "close")

    found = (await client.get("/sessions/ahc-2/report")).json()

    assert (before["meetings"], before["by_category"], before["turns"]) == (0, [], [])
    row = {"planned_seconds": 180, "actual_seconds": 90, "turns": 1, "night_turns": 0}
    assert {name: [each | {"key": None} for each in found[name]] for name in ("by_category", "by_region")} == {
        "by_category": [{"key": None, "name": None, **row}],
        "by_region": [{"key": None, "name": None, **row}],
    }
    assert [found[name][0]["key"] for name in ("by_category", "by_region", "by_mode")] == [
        "member_state",
        "western_other",
        "remote",
    ]
    assert [each["name"] for each in found["by_organisation"]] == ["Organisation of A"]
    assert found["turns"] == [{"region": "western_other", "mode": "remote", "local_start": "10:01"}]


async def test_a_report_for_a_spreadsheet_adds_up_and_has_no_formula(
    client: httpx.AsyncClient, service: Service, clock: SettableClock
) -> None:
    here = sat(service.writer, clock, ["A"])
    here.play((0, "open"), (1, "call"), (1.5, "start"), (3, "close"))
    organisation = (await client.get("/organisations")).json()["items"][0]["id"]
    service.writer.act_now(lambda tx: tx.conn.update(Organisation, organisation, name="=HYPERLINK(1)"))

    answer = await client.get("/sessions/ahc-2/report.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="report-ahc-2.csv"'
    assert [
        (row["by"], row["key"], row["name"], row["actual_seconds"], row["local_start"]) for row in _rows(answer)
    ] == [
        ("category", "member_state", "", "90", ""),
        ("region", "western_other", "", "90", ""),
        ("mode", "in_person", "", "90", ""),
        ("organisation", organisation, "'=HYPERLINK(1)", "90", ""),
        ("turn", "western_other", "", "", "10:01"),
    ]


async def test_there_is_no_report_of_no_session(client: httpx.AsyncClient) -> None:
    assert (await client.get("/sessions/none/report")).status_code == 404
