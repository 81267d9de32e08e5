"""Brings a database to the newest shape. Migrations are literal operations; a test holds them equal to the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from scheduler.storage.engine import database

_PLACE = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Migrates the database behind `url`; nothing happens where all is done."""
    with database(url).turn(), engine(url).connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def engine(url: str) -> Engine:
    """A plain engine without a pool, for migrations and for looking at the schema."""
    parsed = make_url(url)
    driver = "postgresql+psycopg" if parsed.get_backend_name() == "postgresql" else "sqlite"
    return create_engine(parsed.set(drivername=driver), poolclass=NullPool)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_PLACE))
    return config
