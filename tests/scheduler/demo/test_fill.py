import pytest

from scheduler.clock.now import SettableClock
from scheduler.demo.fill import PEOPLE, fill
from scheduler.errors import NotAllowedNow
from scheduler.journal.following import last_number
from scheduler.people.permission import OPERATOR
from scheduler.people.queries import by_address
from scheduler.people.reader import PUBLIC
from scheduler.programme import bodies
from scheduler.programme.queries import sessions
from scheduler.storage.writer import Writer


def _codes(writer: Writer) -> list[str]:
    return writer.act_now(lambda tx: [s.code for s in sessions(tx.conn, PUBLIC, limit=200)])


def test_the_demonstration_holds_every_session_and_a_practice_consultation(writer: Writer) -> None:
    writer.act_now(fill)

    codes = _codes(writer)
    assert codes[:5] == ["ahc-org", "ahc-org-2", "ahc-1", "ahc-c1", "ahc-2"]
    assert (len(codes), codes[-1]) == (16, "practice-20261124-2247")


def test_the_sessions_are_the_committees_with_their_dates_and_meetings(writer: Writer) -> None:
    writer.act_now(fill)

    found = writer.act_now(lambda tx: sessions(tx.conn, PUBLIC, limit=200))
    assert [(s.code, s.timezone, s.starts_on, s.ends_on, s.meetings_count) for s in found][:-1] == [
        ("ahc-org", "America/New_York", "2021-05-10", "2021-05-12", 0),
        ("ahc-org-2", "America/New_York", "2022-02-24", "2022-02-24", 2),
        ("ahc-1", "America/New_York", "2022-02-28", "2022-03-11", 20),
        ("ahc-c1", "Europe/Vienna", "2022-03-24", "2022-03-25", 4),
        ("ahc-2", "Europe/Vienna", "2022-05-30", "2022-06-10", 20),
        ("ahc-c2", "Europe/Vienna", "2022-06-13", "2022-06-14", 4),
        ("ahc-3", "America/New_York", "2022-08-29", "2022-09-09", 20),
        ("ahc-c3", "Europe/Vienna", "2022-11-03", "2022-11-04", 0),
        ("ahc-4", "Europe/Vienna", "2023-01-09", "2023-01-20", 20),
        ("ahc-c4", "Europe/Vienna", "2023-03-06", "2023-03-07", 4),
        ("ahc-5", "Europe/Vienna", "2023-04-11", "2023-04-21", 18),
        ("ahc-c5", "Europe/Vienna", "2023-06-20", "2023-06-21", 4),
        ("ahc-6", "America/New_York", "2023-08-21", "2023-09-01", 23),
        ("ahc-7", "America/New_York", "2024-01-29", "2024-02-09", 20),
        ("ahc-7r", "America/New_York", "2024-07-29", "2024-08-09", 0),
    ]


def test_filling_again_changes_nothing(writer: Writer) -> None:
    writer.act_now(fill)
    before = writer.act_now(lambda tx: last_number(tx.conn))

    writer.act_now(fill)

    assert writer.act_now(lambda tx: last_number(tx.conn)) == before


def test_a_practice_consultation_that_is_past_is_followed_by_a_new_one(writer: Writer, clock: SettableClock) -> None:
    writer.act_now(fill)
    clock.advance(3 * 86_400)

    writer.act_now(fill)

    assert _codes(writer)[-2:] == ["practice-20261124-2247", "practice-20261127-2247"]


def test_somebody_elses_database_is_refused(writer: Writer) -> None:
    writer.act_now(lambda tx: bodies.add(tx, OPERATOR, bodies.NewBody("ours", "Ours")))

    with pytest.raises(NotAllowedNow):
        writer.act_now(fill)


def test_there_is_one_person_of_each_role(writer: Writer) -> None:
    writer.act_now(fill)

    assert all(writer.act_now(lambda tx: [by_address(tx.conn, email) for _, email in PEOPLE]))
