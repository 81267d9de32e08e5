"""Many people who are to be written to at once."""

from datetime import datetime, timedelta

from scheduler.clock.zones import rfc3339
from scheduler.notices.reminders import soon_key
from scheduler.outbox.actions import plan
from scheduler.outbox.views import PlannedDue
from scheduler.people.permission import Actor
from scheduler.storage.writer import Tx
from tests.makers import people, places, speaking

_MINUTE = timedelta(minutes=1)


def waiting(tx: Tx, count: int) -> list[Actor]:
    """So many people, each with the reminder of the hour before a meeting, which starts in half an hour."""
    of = places.session(tx, "crowd")
    organisation = people.organisation(tx, "Crowd")
    speaking.accredited(tx, str(of.session), organisation)
    starts_at = tx.now.replace(microsecond=0) + 30 * _MINUTE
    meeting = speaking.meeting(tx, of, starts_at=starts_at, ends_at=starts_at + 180 * _MINUTE)
    made = [people.person(tx, f"Person {number}", organisation=organisation) for number in range(count)]
    plan(tx, [_reminder(str(who.id), meeting, starts_at) for who in made], "rostrum.test")
    return made


def _reminder(person: str, meeting: str, starts_at: datetime) -> PlannedDue:
    return PlannedDue(
        due_key=soon_key("meeting-soon", person, meeting, starts_at, 60),
        rule="meeting-soon",
        channel="mail",
        subject_type="meeting",
        subject_id=meeting,
        due_at=starts_at - 60 * _MINUTE,
        useless_at=starts_at - 15 * _MINUTE,
        person_id=person,
        meeting_id=meeting,
        data={"starts_at": rfc3339(starts_at)},
    )
