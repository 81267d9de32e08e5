"""Brings a database to the newest shape. Migrations are literal operations; a test holds them equal to the tables."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from scheduler.storage.engine import database

_PLACE = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Migrates the database behind `url`, wholly or not at all; nothing happens where all is done."""
    with database(url).turn(), engine(url).connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def engine(url: str) -> Engine:
    """A plain engine without a pool, for migrations and for looking at the schema."""
    parsed = make_url(url)
    driver = "postgresql+psycopg" if parsed.get_backend_name() == "postgresql" else "sqlite"
    made = create_engine(parsed.set(drivername=driver), poolclass=NullPool)
    if driver == "sqlite":
        # Left to itself the driver begins no transaction before CREATE TABLE: what was killed half-way would stay so.
        event.listen(made, "connect", _begins_nothing)
        event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return made


def _begins_nothing(raw: sqlite3.Connection, _: object) -> None:
    raw.isolation_level = None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_PLACE))
    return config
