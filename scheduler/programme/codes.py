"""Codes: what bodies and sessions are called in addresses, unique over both together."""

from sqlalchemy import bindparam, delete, select

from scheduler.errors import AlreadyExists, Meaningless
from scheduler.ids import is_code
from scheduler.people.tables import Code
from scheduler.storage.columns import table
from scheduler.storage.connection import Connection, Prepared, UniqueTaken

_FREE = Prepared(delete(table(Code)).where(table(Code).c.id == bindparam("code")))
_KINDS = Prepared(select(table(Code).c.id, table(Code).c.of_type))


def kinds(conn: Connection) -> dict[str, str]:
    """What each code is of: `body` or `session`."""
    return dict(conn.all(_KINDS))


def take(conn: Connection, code: str, of_type: str, of_id: str) -> None:
    """Gives a code to a body or session.

    Raises:
        Meaningless: it is no slug.
        AlreadyExists: another body or session has it.
    """
    if not is_code(code):
        raise Meaningless(
            "A code is made of lower-case letters, digits and inner hyphens, 63 at most, such as ahc-2.", field="code"
        )
    try:
        conn.insert(Code, id=code, of_type=of_type, of_id=of_id)
    except UniqueTaken as taken:
        raise AlreadyExists(f"The code {code} belongs to another body or session. Choose another.") from taken


def exchange(conn: Connection, before: str, after: str, of_type: str, of_id: str) -> None:
    """Gives another code and frees the one before. Raises as `take`."""
    take(conn, after, of_type, of_id)
    conn.run(_FREE, code=before)
