from datetime import timedelta

import httpx
import pytest

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.ids import new_id
from scheduler.outbox.actions import claim, plan, settle
from scheduler.outbox.views import Settled
from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.makers.outbox import NOON, due

MINUTE = timedelta(minutes=1)


@pytest.fixture
def filled(service: Service, clock: SettableClock, participant: Actor, secretariat: Actor) -> None:
    """A mail to the participant that failed, one planned for her, one sent to the secretariat, a planned webhook."""
    rows = [
        due("failed", person_id=participant.id),
        due("sent", person_id=secretariat.id, due_at=NOON - MINUTE),
        due("planned", person_id=participant.id, due_at=NOON + MINUTE),
        due("hook", webhook_id="hook", channel="webhook", due_at=NOON + 2 * MINUTE),
    ]
    service.writer.act_now(lambda tx: plan(tx, rows, "rostrum.test"))
    sent, failed = service.writer.act_now(claim)
    ended = [Settled(sent, "sent", subject_line="Your slot"), Settled(failed, "failed", "550 no such user")]
    service.writer.act_now(lambda tx: settle(tx, ended))


@pytest.mark.usefixtures("filled")
async def test_the_secretariat_reads_the_outbox_the_latest_first(
    client: httpx.AsyncClient, sign: Sign, secretariat: Actor, participant: Actor
) -> None:
    first = (await client.get("/outbox?limit=3", headers=sign(secretariat))).json()
    second = (await client.get(f"/outbox?limit=3&cursor={first['next']}", headers=sign(secretariat))).json()

    rows = first["items"] + second["items"]
    assert [(row["status"], row["due_at"], row["channel"]) for row in rows] == [
        ("planned", "2022-05-01T12:02:00Z", "webhook"),
        ("planned", "2022-05-01T12:01:00Z", "mail"),
        ("failed", "2022-05-01T12:00:00Z", "mail"),
        ("sent", "2022-05-01T11:59:00Z", "mail"),
    ]
    assert second["next"] is None
    failed = rows[2]
    assert failed == {
        "id": failed["id"],
        "rule": "slot-soon",
        "person": {"id": participant.id, "name": "Par Ticipant"},
        "channel": "mail",
        "subject": {"type": "inscription", "id": "slot-1"},
        "subject_line": None,
        "due_at": "2022-05-01T12:00:00Z",
        "status": "failed",
        "attempts": 1,
        "last_error": "550 no such user",
        "message_id": failed["message_id"],
    }


@pytest.mark.usefixtures("filled")
async def test_the_outbox_is_filtered_by_status_and_person(
    client: httpx.AsyncClient, sign: Sign, secretariat: Actor, participant: Actor
) -> None:
    headers = sign(secretariat)

    planned = (await client.get("/outbox?status=planned", headers=headers)).json()["items"]
    hers = (await client.get(f"/outbox?person={participant.id}", headers=headers)).json()["items"]

    assert [row["person"] and row["person"]["id"] for row in planned] == [None, participant.id]
    assert [row["status"] for row in hers] == ["planned", "failed"]


@pytest.mark.usefixtures("filled")
async def test_a_person_reads_her_own_and_nobody_elses(
    client: httpx.AsyncClient, sign: Sign, participant: Actor, secretariat: Actor
) -> None:
    own = (await client.get("/me/reminders?limit=1", headers=sign(participant))).json()
    more = (await client.get(f"/me/reminders?cursor={own['next']}", headers=sign(participant))).json()

    assert [row["person"]["id"] for row in own["items"] + more["items"]] == [participant.id] * 2
    forbidden = await client.get("/outbox", headers=sign(participant))
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "not-allowed")


@pytest.mark.usefixtures("filled")
async def test_what_failed_is_sent_again_by_hand_and_the_journal_says_so(
    client: httpx.AsyncClient, sign: Sign, secretariat: Actor, participant: Actor
) -> None:
    headers = sign(secretariat)
    failed = (await client.get("/outbox?status=failed", headers=headers)).json()["items"][0]

    again = await client.post(f"/outbox/{failed['id']}/retry", headers=headers)

    assert (again.status_code, again.json()) == (
        200,
        failed | {"status": "planned", "attempts": 0, "last_error": None},
    )
    last = (await client.get("/changes", headers=headers)).json()["items"][-1]
    assert (last["kind"], last["subject"], last["by"]) == (
        "due.retried",
        {"type": "due", "id": failed["id"]},
        secretariat.id,
    )


@pytest.mark.usefixtures("filled")
async def test_what_is_planned_cannot_be_retried_and_what_is_not_there_neither(
    client: httpx.AsyncClient, sign: Sign, secretariat: Actor, participant: Actor
) -> None:
    planned = (await client.get("/outbox?status=planned", headers=sign(secretariat))).json()["items"][0]

    answers = [
        await client.post(f"/outbox/{planned['id']}/retry", headers=sign(secretariat)),
        await client.post(f"/outbox/{new_id()}/retry", headers=sign(secretariat)),
        await client.post("/outbox/%00/retry", headers=sign(secretariat)),
        await client.post(f"/outbox/{planned['id']}/retry", headers=sign(participant)),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (409, "not-allowed-now"),
        (404, "not-found"),
        (404, "not-found"),
        (403, "not-allowed"),
    ]


@pytest.mark.parametrize("query", ["status=lost", "person=%00", "cursor=nonsense", "limit=0"])
async def test_a_question_that_means_nothing_is_refused(
    client: httpx.AsyncClient, sign: Sign, secretariat: Actor, query: str
) -> None:
    answer = await client.get(f"/outbox?{query}", headers=sign(secretariat))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/outbox"), ("POST", "/outbox/1/retry"), ("GET", "/me/reminders")]
)
async def test_nobody_unsigned_is_told_anything(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await client.request(method, path)).status_code == 401
