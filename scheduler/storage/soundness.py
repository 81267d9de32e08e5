"""What a database itself can say of its state."""

from datetime import datetime

from sqlalchemy import func, select, text

from scheduler.storage.columns import Instant
from scheduler.storage.connection import Connection

_TOLD = 200


def kind(conn: Connection) -> str:
    """Which database it is, with its version."""
    if conn.dialect.name == "sqlite":
        return f"SQLite {conn.all(text('SELECT sqlite_version()'))[0][0]}"
    return f"PostgreSQL {conn.all(text('SHOW server_version'))[0][0]}"


def fault(conn: Connection) -> str | None:
    """What is wrong with it, in one line: a damaged SQLite file, a PostgreSQL that cannot hold every letter."""
    if conn.dialect.name == "sqlite":
        found = str(conn.all(text("PRAGMA quick_check(1)"))[0][0])
        return None if found == "ok" else f"The file is damaged: {found[:_TOLD]}."
    encoding = conn.all(text("SHOW server_encoding"))[0][0]
    return None if encoding == "UTF8" else f"Its encoding is {encoding}, not UTF8, so it refuses letters."


def hour(conn: Connection) -> datetime | None:
    """The hour on the clock of the database's own machine; None for SQLite, which has none but ours."""
    if conn.dialect.name == "sqlite":
        return None
    moment: datetime = conn.all(select(func.clock_timestamp(type_=Instant())))[0][0]
    return moment
