"""Which shape a database has. Asked at each start, so without the migrations' machinery."""

from pathlib import Path

from sqlalchemy import column, select
from sqlalchemy import table as bare_table

from scheduler.storage.connection import Prepared
from scheduler.storage.engine import Database

VERSIONS = Path(__file__).parent / "migrations" / "versions"
_SHAPE = Prepared(select(column("version_num")).select_from(bare_table("alembic_version")))
_NO_SUCH_TABLE = "42P01"


def is_current(database: Database) -> bool:
    """Whether the database has the newest shape. Raises the driver's error where it does not answer."""
    return shape_of(database) == newest()


def shape_of(database: Database) -> str | None:
    """The number of the migration that was last done; None for a database without any. Raises as `is_current` does."""
    connection = database.connect(reading=True)
    try:
        row = connection.first(_SHAPE)
    except Exception as error:
        if getattr(error, "sqlstate", None) == _NO_SUCH_TABLE or "no such table" in str(error):
            return None
        raise
    finally:
        connection.close()
    return str(row[0]) if row else None


def newest() -> str:
    """The number of the last migration: their files begin with it."""
    return max(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))
