"""How a database is known to be the demonstration's own: what it was made as is kept in it."""

from scheduler.errors import NotAllowedNow
from scheduler.journal.following import last_number
from scheduler.storage.connection import Connection
from scheduler.storage.installation import fixed_text, kept_text
from scheduler.storage.writer import Tx

_NAME = "made_by"
_DEMONSTRATION = "demonstration"


def is_demonstration(conn: Connection) -> bool:
    """Whether the demonstration made this database."""
    return kept_text(conn, _NAME) == _DEMONSTRATION


def claim(tx: Tx) -> None:
    """Makes an untouched database the demonstration's.

    Raises:
        NotAllowedNow: others have used it.
    """
    if is_demonstration(tx.conn):
        return
    if last_number(tx.conn) > 0:
        raise NotAllowedNow(
            "This database was not made by the demonstration, which would mix invented people with yours. "
            "Name another by ROSTRUM_DATA_DIR or ROSTRUM_DATABASE_URL.",
        )
    fixed_text(tx, _NAME, _DEMONSTRATION)
