"""Many at once: threads of one writer, and writers of two processes on one database."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from scheduler.errors import AlreadyInscribed, ListFull, Refusal, RemoteBudgetExceeded, SlotTaken
from scheduler.lists import booking
from scheduler.lists.booking import Booking
from scheduler.lists.tables import Inscription
from scheduler.people.permission import Actor
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.makers.speaking import Scene
from tests.scheduler.lists.conftest import speakers


def outcomes(writer: Writer, tries: list[tuple[Actor, str]], mode: str = "in_person") -> Counter[str]:
    """What became of bookings made by 16 threads at once."""

    def one(actor_and_slot: tuple[Actor, str]) -> str:
        actor, slot = actor_and_slot
        try:
            return writer.act_now(lambda tx: booking.book(tx, actor, slot, Booking(mode))).status
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(16) as threads:
        return Counter(threads.map(one, tries))


def live(conn: Connection) -> list[tuple[str, str]]:
    """(person, slot) of each inscription that stands."""
    i = table(Inscription).c
    return [(row[0], row[1]) for row in conn.all(select(i.person_id, i.slot_id).where(i.status == "allotted"))]


def test_slot_is_given_once(writer: Writer, conn: Connection, scene: Scene) -> None:
    found = outcomes(writer, [(speaker, scene.slots[0]) for speaker in speakers(writer, scene, 24)])

    assert found == {"allotted": 1, SlotTaken.code: 23}
    assert [slot for _, slot in live(conn)] == [scene.slots[0]]


def test_each_slot_is_given_once_where_all_want_all(writer: Writer, conn: Connection, scene: Scene) -> None:
    many = speakers(writer, scene, 8)

    found = outcomes(writer, [(speaker, slot) for slot in scene.slots[:4] for speaker in many])

    assert found["allotted"] == 4
    assert found[AlreadyInscribed.code] + found[SlotTaken.code] == 28
    assert sorted(slot for _, slot in live(conn)) == sorted(scene.slots[:4])
    assert len({person for person, _ in live(conn)}) == 4


def test_person_gets_one_slot_however_many_she_tries(
    writer: Writer, conn: Connection, scene: Scene, ada: Actor
) -> None:
    found = outcomes(writer, [(ada, slot) for slot in scene.slots])

    assert found == {"allotted": 1, AlreadyInscribed.code: 19}
    assert len(live(conn)) == 1


def test_organisation_gets_one_slot_where_one_is_allowed(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, one_per_organisation=True))
    ada = writer.act_now(lambda tx: speaking.speaker(tx, scene))
    them = [ada, *writer.act_now(lambda tx: [speaking.colleague(tx, ada, f"Colleague {n}") for n in range(15)])]

    found = outcomes(writer, list(zip(them, scene.slots, strict=False)))

    assert found == {"allotted": 1, AlreadyInscribed.code: 15}
    assert len(live(conn)) == 1


def test_list_takes_no_more_than_its_capacity(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, capacity=5))

    found = outcomes(writer, list(zip(speakers(writer, scene, 20), scene.slots, strict=True)))

    assert found == {"allotted": 5, ListFull.code: 15}
    assert len(live(conn)) == 5


def test_remote_minutes_never_pass_the_cap(writer: Writer, conn: Connection) -> None:
    scene = writer.act_now(lambda tx: speaking.scene(tx, meeting_values={"remote_budget_seconds": 1_800}))

    found = outcomes(writer, list(zip(speakers(writer, scene, 20), scene.slots, strict=True)), "remote")

    assert found == {"allotted": 3, RemoteBudgetExceeded.code: 17}
    assert conn.all(select(table(Meeting).c.remote_booked_seconds)) == [(1_620,)]


OTHER_PROCESS = """
import sys
from scheduler.clock.now import SystemClock
from scheduler.errors import Refusal
from scheduler.journal.entries import JournalLedger
from scheduler.lists import booking
from scheduler.people import queries
from scheduler.storage.engine import database
from scheduler.storage.writer import Writer

url, *pairs = sys.argv[1:]
writer = Writer(database(url), SystemClock(), JournalLedger())
print("ready", flush=True)
sys.stdin.readline()
for pair in pairs:
    person, slot = pair.split("/")
    try:
        made = writer.act_now(
            lambda tx: booking.book(tx, queries.actor(tx.conn, person), slot, booking.Booking("in_person"))
        )
        print(made.status)
    except Refusal as refusal:
        print(refusal.code)
writer.close()
"""


def test_two_processes_give_each_slot_once(database_url: str, writer: Writer, conn: Connection, scene: Scene) -> None:
    many = speakers(writer, scene, 40)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER_PROCESS, database_url]
            + [f"{speaker.id}/{slot}" for speaker, slot in zip(half, scene.slots, strict=True)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for half in (many[:20], many[20:])
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = Counter(word for process in processes for word in process.communicate()[0].split())

    assert said == {"allotted": 20, SlotTaken.code: 20}
    assert sorted(slot for _, slot in live(conn)) == sorted(scene.slots)
