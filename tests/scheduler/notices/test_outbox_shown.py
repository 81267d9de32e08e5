from datetime import timedelta

import pytest

from scheduler.errors import Forbidden, NotAllowedNow, NotFound, NotSignedIn
from scheduler.ids import new_id
from scheduler.journal.following import entries_after
from scheduler.notices.queries import DueView, SubjectView, outbox, reminders
from scheduler.notices.retrying import retry
from scheduler.outbox.actions import claim, plan, settle
from scheduler.outbox.views import Settled
from scheduler.people.permission import Actor, Grant
from scheduler.people.views import Named
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import people
from tests.makers.outbox import NOON, due

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ada(writer: Writer) -> Actor:
    return writer.act_now(lambda tx: people.person(tx, "Ada Example"))


@pytest.fixture
def secretariat(writer: Writer) -> Actor:
    return writer.act_now(lambda tx: people.person(tx, "Sec Retariat", grants=(Grant("secretariat"),)))


@pytest.fixture
def filled(writer: Writer, ada: Actor, secretariat: Actor) -> None:
    """A sent mail to Ada, a failed one to the secretariat, a planned webhook."""
    made = [
        due("a", person_id=ada.id, due_at=NOON - 2 * MINUTE),
        due("s", person_id=secretariat.id, due_at=NOON - MINUTE),
        due("w", webhook_id="hook", channel="webhook", due_at=NOON + MINUTE),
    ]
    writer.act_now(lambda tx: plan(tx, made, "rostrum.test"))
    ends = (("sent", None, "Your slot"), ("failed", "550 no such user", "Your slot"))
    writer.act_now(lambda tx: settle(tx, [Settled(one, *end) for one, end in zip(claim(tx), ends, strict=True)]))  # type: ignore[arg-type]  # -- the pairs are mixed


@pytest.mark.usefixtures("filled")
def test_secretariat_sees_everything_with_names(conn: Connection, ada: Actor, secretariat: Actor) -> None:
    shown = outbox(conn, secretariat)

    assert [(each.person, each.channel, each.status) for each in shown] == [
        (None, "webhook", "planned"),
        (Named(str(secretariat.id), "Sec Retariat"), "mail", "failed"),
        (Named(str(ada.id), "Ada Example"), "mail", "sent"),
    ]
    assert shown[1] == DueView(
        id=shown[1].id,
        rule="slot-soon",
        person=Named(str(secretariat.id), "Sec Retariat"),
        channel="mail",
        subject=SubjectView("inscription", "slot-1"),
        subject_line="Your slot",
        due_at=NOON - MINUTE,
        status="failed",
        attempts=1,
        last_error="550 no such user",
        message_id=f"<{shown[1].id}@rostrum.test>",
    )


@pytest.mark.usefixtures("filled")
def test_outbox_is_filtered_and_paged(conn: Connection, ada: Actor, secretariat: Actor) -> None:
    assert [each.status for each in outbox(conn, secretariat, status="failed")] == ["failed"]
    assert [each.status for each in outbox(conn, secretariat, person=ada.id)] == ["sent"]
    first = outbox(conn, secretariat, limit=1)[0]
    assert [each.status for each in outbox(conn, secretariat, after=(first.due_at, first.id))] == ["failed", "sent"]


@pytest.mark.usefixtures("filled")
def test_outbox_is_for_the_secretariat_alone(conn: Connection, ada: Actor) -> None:
    with pytest.raises(Forbidden):
        outbox(conn, ada)
    with pytest.raises(NotSignedIn):
        outbox(conn, None)


@pytest.mark.usefixtures("filled")
def test_reminders_are_her_own(conn: Connection, ada: Actor) -> None:
    assert [(each.person, each.status) for each in reminders(conn, str(ada.id))] == [
        (Named(str(ada.id), "Ada Example"), "sent")
    ]


@pytest.mark.usefixtures("filled")
def test_retry_plans_anew_and_is_journaled(writer: Writer, conn: Connection, secretariat: Actor) -> None:
    failed = outbox(conn, secretariat, status="failed")[0]

    again = writer.act_now(lambda tx: retry(tx, secretariat, failed.id))

    assert (again.status, again.attempts, again.person) == ("planned", 0, failed.person)
    (entry,) = entries_after(conn, 0, 10)
    assert (entry.kind, entry.subject_id, entry.by.person) == ("due.retried", failed.id, secretariat.id)
    assert (entry.audience.public, entry.audience.person) == (False, secretariat.id)


@pytest.mark.usefixtures("filled")
def test_retry_is_for_the_secretariat_and_for_what_failed(
    writer: Writer, conn: Connection, ada: Actor, secretariat: Actor
) -> None:
    planned, failed, _ = outbox(conn, secretariat)

    with pytest.raises(Forbidden):
        writer.act_now(lambda tx: retry(tx, ada, failed.id))
    with pytest.raises(NotSignedIn):
        writer.act_now(lambda tx: retry(tx, None, failed.id))
    with pytest.raises(NotFound):
        writer.act_now(lambda tx: retry(tx, secretariat, new_id()))
    with pytest.raises(NotAllowedNow):
        writer.act_now(lambda tx: retry(tx, secretariat, planned.id))
    assert entries_after(conn, 0, 10) == []
