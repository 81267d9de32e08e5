import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.accreditation import actions
from scheduler.clock.now import SettableClock
from scheduler.errors import Forbidden, Meaningless
from scheduler.journal.entries import JournalLedger
from scheduler.journal.following import entries_after
from scheduler.lists import swapping, waiting
from scheduler.lists.booking import Booking, book
from scheduler.lists.inscribing import Request, inscribe
from scheduler.lists.inscription_queries import one_inscription
from scheduler.lists.queries import lists_of_meeting
from scheduler.lists.slot_queries import slots_of_list
from scheduler.lists.waiting_queries import waiting_for
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor, Grant
from scheduler.people.reader import Reader
from scheduler.programme import queries, sessions
from scheduler.secretariat.account import Report
from scheduler.secretariat.loading import load
from scheduler.secretariat.reading import checked
from scheduler.secretariat.rehearsing import Outdated, load_beside, perform, rehearse
from scheduler.storage.connection import Connection
from scheduler.storage.engine import database
from scheduler.storage.writer import Tx, Writer
from tests.makers import people, speaking
from tests.scheduler.secretariat.files import PARTS, last, load_file, one_session, programme

OF_OPERATOR = Reader(OPERATOR)
MANY = {"first": "2022-01-03", "last": "2023-11-30", "room": "A"}
MANY_AT = [[f"{hour:02}:00", f"{hour:02}:50"] for hour in (9, 11, 14, 16)]


def _rehearsed(writer: Writer, conn: Connection, **fields: Any) -> Any:
    return rehearse(writer.tx(conn), OPERATOR, one_session(**fields))


def _perform(writer: Writer, rehearsed: Any, actor: Actor = OPERATOR) -> Report:
    return writer.act_now(lambda tx: perform(tx, actor, rehearsed), alone=True)


def _told(conn: Connection) -> list[tuple[str, Any]]:
    return [(entry.kind, entry.audience.public) for entry in entries_after(conn, 0, 1_000)]


def test_a_rehearsed_load_leaves_what_a_direct_one_leaves(writer: Writer, conn: Connection, other: Connection) -> None:
    load_file(writer, conn, programme())
    direct = _told(other)

    assert _told(conn) == direct
    assert _shown(conn) == _shown(other)


def _shown(conn: Connection) -> list[Any]:
    meetings = queries.meetings(conn, OF_OPERATOR, "ahc-2", limit=100)
    lists = [
        view for each in meetings for view, _ in lists_of_meeting(
            conn, OF_OPERATOR, each.id, each.starts_at, after=None, limit=9
        )
    ]  # fmt: skip
    session = queries.session(conn, OF_OPERATOR, "ahc-2")
    return [
        (session.title, session.deadlines, session.version, session.meetings_count),
        [(each.number, each.title, each.starts_at, each.room, each.version) for each in meetings],
        [(each.title, each.window, each.counts) for each in lists],
    ]


@pytest.fixture
def other(migrated_sqlite: Path, tmp_path: Path, clock: SettableClock) -> Iterator[Connection]:
    """A database into which the acts loaded the programme themselves."""
    base = database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'other.db')}")
    made = Writer(base, clock, JournalLedger())
    made.act_now(lambda tx: load(tx, OPERATOR, programme()))
    made.close()
    with closing(base.connect(reading=True)) as connection:
        yield connection


def test_the_same_file_again_changes_nothing(writer: Writer, conn: Connection) -> None:
    assert load_file(writer, conn, programme()).created == PARTS
    before = last(conn)

    assert load_file(writer, conn, programme()) == Report(unchanged=PARTS)
    assert last(conn) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(writer: Writer, conn: Connection) -> None:
    report = load_file(writer, conn, programme(), dry_run=True)

    assert (report.created, report.changes[0].what, last(conn)) == (PARTS, "body created", 0)


def test_faults_are_found_without_the_writer(writer: Writer, conn: Connection) -> None:
    with pytest.raises(Meaningless) as refused:
        _rehearsed(writer, conn, body="nobody")

    assert [fault.field for fault in refused.value.faults] == ["sessions[0].body"]


def test_a_file_changes_what_is_there(writer: Writer, conn: Connection) -> None:
    load_file(writer, conn, programme())

    report = load_file(writer, conn, programme(before='"Plenary"', after='"Hall"'))

    assert (report.created, report.changed, report.unchanged) == (0, 14, PARTS - 14)
    rooms = {each.room for each in queries.meetings(conn, OF_OPERATOR, "ahc-2", limit=100)}
    assert rooms == {"Hall", None}


def test_what_changed_since_the_rehearsal_is_not_written_over(writer: Writer, conn: Connection) -> None:
    load_file(writer, conn, one_session())
    rehearsed = _rehearsed(writer, conn, title="Another")
    writer.act_now(lambda tx: sessions.change(tx, OPERATOR, "ahc-2", {"title": "Meanwhile"}))

    with pytest.raises(Outdated):
        _perform(writer, rehearsed)

    assert queries.session(conn, OF_OPERATOR, "ahc-2").title == "Meanwhile"


def test_what_others_do_elsewhere_does_not_matter(writer: Writer, conn: Connection) -> None:
    load_file(writer, conn, one_session(code="ahc-3"))
    rehearsed = _rehearsed(writer, conn)
    writer.act_now(lambda tx: people.token(tx, people.person(tx)))

    assert _perform(writer, rehearsed).created == 1


def test_a_load_that_is_overtaken_looks_again(writer: Writer, conn: Connection) -> None:
    load_file(writer, conn, one_session())
    tries = []

    def overtaken(do: Any) -> Any:
        found = do(conn)
        tries.append(1)
        if len(tries) < 3:
            writer.act_now(lambda tx: sessions.change(tx, OPERATOR, "ahc-2", {"city": f"City {len(tries)}"}))
        return found

    report = _beside(writer, overtaken, title="Another")

    assert (len(tries), report.changed) == (3, 1)
    assert queries.session(conn, OF_OPERATOR, "ahc-2").title == "Another"


def test_a_load_that_is_always_overtaken_is_done_in_the_writer(writer: Writer, conn: Connection) -> None:
    load_file(writer, conn, one_session())
    tries = []

    def overtaken(do: Any) -> Any:
        found = do(conn)
        tries.append(1)
        writer.act_now(lambda tx: sessions.change(tx, OPERATOR, "ahc-2", {"city": f"City {len(tries)}"}))
        return found

    report = _beside(writer, overtaken, title="Another")

    assert (len(tries), report.changed) == (3, 1)
    assert queries.session(conn, OF_OPERATOR, "ahc-2").title == "Another"


def _beside(writer: Writer, read: Any, **fields: Any) -> Report:
    return load_beside(read, writer, lambda _: OPERATOR, one_session(**fields))


def test_permission_is_asked_again_when_it_is_written(writer: Writer, conn: Connection) -> None:
    rehearsed = _rehearsed(writer, conn)
    participant = writer.act_now(people.person)

    with pytest.raises(Forbidden):
        _perform(writer, rehearsed, participant)


def test_a_booking_meanwhile_hinders_only_what_it_meets(writer: Writer, conn: Connection) -> None:
    lists = [{"title": "L", "slot_seconds": 600, "opens_at": "2022-01-01T00:00:00Z"}]
    meeting = {"number": 1, "date": "2022-06-01", "start": "10:00", "end": "12:00", "lists": lists}
    load_file(writer, conn, one_session(meetings=[meeting]))
    speaker = _speaker(writer)
    more = _rehearsed(writer, conn, meetings=[meeting, meeting | {"number": 2, "date": "2022-06-02"}])
    shorter = _rehearsed(writer, conn, meetings=[meeting | {"end": "11:00"}])

    _book(writer, conn, speaker)

    with pytest.raises(Outdated):
        _perform(writer, shorter)
    assert _perform(writer, more).created == 2


def test_a_load_goes_on_with_swaps_and_with_those_who_wait(writer: Writer, conn: Connection) -> None:
    """A meeting that is moved ends the proposal in it; one that becomes longer has a slot for who waits."""
    lists = [{"title": "L", "slot_seconds": 3600, "opens_at": "2022-01-01T00:00:00Z"}]
    meeting: dict[str, Any] = {"number": 1, "date": "2022-06-01", "start": "10:00", "end": "12:00", "lists": lists}
    load_file(writer, conn, one_session(meetings=[meeting]))
    slots = [row["id"] for row in speaking.slots(conn, _list(conn))]
    one, other, late = (_speaker(writer, name) for name in ("One", "Other", "Late"))
    hers = writer.act_now(lambda tx: book(tx, one, slots[0], Booking("in_person")))
    his = writer.act_now(lambda tx: book(tx, other, slots[1], Booking("in_person")))
    writer.act_now(lambda tx: swapping.propose(tx, one, hers.id, his.id))
    entry = writer.act_now(lambda tx: waiting.join(tx, late, _list(conn), Booking("in_person")))
    longer = {"start": "09:00", "end": "12:00", "lists": [lists[0] | {"window": {"start": "09:00", "end": "12:00"}}]}

    load_file(writer, conn, one_session(meetings=[meeting | longer]))

    assert one_inscription(conn, Reader(one), hers.id).swap is None
    ((shown, _),) = waiting_for(conn, OF_OPERATOR, _list(conn), after=None, limit=9)
    assert (shown.id, shown.status) == (entry.id, "offered")


def test_a_load_holds_what_it_offers_as_long_as_the_settings_say(
    conn: Connection, database_url: str, clock: SettableClock
) -> None:
    list_: dict[str, Any] = {"title": "L", "allocation": "queue", "opens_at": "2022-01-01T00:00:00Z", "capacity": 1}
    meeting: dict[str, Any] = {"number": 1, "date": "2022-06-01", "start": "10:00", "end": "11:00"}
    with closing(Writer(database(database_url), clock, JournalLedger(), {"offer_seconds": 3_600})) as patient:
        load_file(patient, conn, one_session(meetings=[meeting | {"lists": [list_]}]))
        first = _speaker(patient)
        patient.act_now(lambda tx: inscribe(tx, first, _list(conn), Request("in_person")))
        late = _speaker(patient, "Late")
        patient.act_now(lambda tx: waiting.join(tx, late, _list(conn), Booking("in_person")))

        load_file(patient, conn, one_session(meetings=[meeting | {"lists": [list_ | {"capacity": 2}]}]))

    ((shown, _),) = waiting_for(conn, OF_OPERATOR, _list(conn), after=None, limit=9)
    assert (shown.status, shown.offered_until) == ("offered", clock.now() + timedelta(hours=1))


def _list(conn: Connection) -> str:
    meeting = queries.meetings(conn, OF_OPERATOR, "ahc-2")[0]
    return lists_of_meeting(conn, OF_OPERATOR, meeting.id, meeting.starts_at, after=None, limit=1)[0][0].id


def _speaker(writer: Writer, name: str = "Spea Ker") -> Actor:
    return writer.act_now(lambda tx: people.person(tx, name, organisation=_accredited(tx, f"Organisation of {name}")))


def _accredited(tx: Tx, name: str) -> str:
    organisation = people.organisation(tx, name)
    actions.ask(tx, OPERATOR, "ahc-2", organisation, status="approved")
    return organisation


def _book(writer: Writer, conn: Connection, speaker: Actor) -> None:
    meeting = queries.meetings(conn, OF_OPERATOR, "ahc-2")[0]
    view, _ = lists_of_meeting(conn, OF_OPERATOR, meeting.id, meeting.starts_at, after=None, limit=1)[0]
    slot, _ = slots_of_list(conn, OF_OPERATOR, view.id, after=None, limit=1)[0]
    writer.act_now(lambda tx: book(tx, OPERATOR, slot.id, Booking(mode="in_person", person=speaker.id)))


def test_two_thousand_meetings_load_while_others_write(writer: Writer, conn: Connection) -> None:
    file_fields = {"starts_on": "2022-01-01", "ends_on": "2023-12-31", "days": [MANY | {"at": MANY_AT}]}
    done: list[Report] = []
    loading = threading.Thread(target=lambda: done.append(load_file(writer, conn, one_session(**file_fields))))

    async def others() -> int:
        loading.start()
        written = 0
        while loading.is_alive():
            await writer.act(people.person)
            written += 1
        return written

    written = asyncio.run(others())
    loading.join()

    assert done[0].created == 2 + 499 * 4
    assert written > 1
    assert queries.session(conn, OF_OPERATOR, "ahc-2").meetings_count == 499 * 4


def test_a_person_in_the_file_may_be_the_last_secretariat(writer: Writer, conn: Connection) -> None:

    new = persons.NewPerson("sec@example.org", "Sec", roles=(Grant("secretariat"),))
    writer.act_now(lambda tx: persons.add(tx, OPERATOR, new))

    with pytest.raises(Meaningless) as refused:
        load_file(writer, conn, checked({"people": [{"email": "sec@example.org", "name": "Sec", "roles": []}]}))

    assert [fault.field for fault in refused.value.faults] == ["people[0]"]
