from contextlib import closing

from sqlalchemy import select

from scheduler.journal.tables import JournalCursor
from scheduler.storage.columns import table
from scheduler.storage.connection import Prepared
from scheduler.storage.engine import database
from scheduler.storage.many import among

_c = table(JournalCursor).c
AMONG = Prepared(select(_c.id).where(among(_c.id, "names")).order_by(_c.id))


def test_among_finds_the_rows_of_a_list_of_any_length(database_url: str) -> None:
    with closing(database(database_url).connect()) as conn:
        conn.insert_many(JournalCursor, [{"id": name, "position": 0} for name in ('a"b', "ž", "c")])

        found = [conn.all(AMONG, names=names) for names in ([], ["c"], ['a"b', "ž", "none"], ["c"] * 3_000)]

    assert found == [[], [("c",)], [('a"b',), ("ž",)], [("c",)]]
