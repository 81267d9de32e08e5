import pytest
from sqlalchemy import select

from scheduler.clock.now import SettableClock
from scheduler.lists import swapping
from scheduler.lists.tables import Swap
from scheduler.people.permission import OPERATOR
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection
from scheduler.storage.writer import Writer
from tests.makers import speaking
from tests.scheduler.floor.meeting import Sat, sat


def proposed(here: Sat, conn: Connection, one: int, other: int) -> None:
    """The speakers of these turns, by number, are about to swap."""
    held = [str(row["inscription_id"]) for row in speaking.slots(conn, here.scene.list)]
    here.writer.act_now(lambda tx: swapping.propose(tx, OPERATOR, held[one], held[other]))


@pytest.mark.parametrize(("last", "left"), [("call", 2), ("close", 0)])
def test_proposal_lapses_as_its_turn_is_called_or_the_meeting_closes(
    writer: Writer, clock: SettableClock, conn: Connection, last: str, left: int
) -> None:
    here = sat(writer, clock)
    proposed(here, conn, 0, 3)
    proposed(here, conn, 1, 2)
    here.play((0, "open"))

    here.play((1, last))

    assert len(conn.all(select(table(Swap).c.id))) == left
