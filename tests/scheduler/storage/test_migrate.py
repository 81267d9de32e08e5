import importlib
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from scheduler.storage.engine import database
from scheduler.storage.migrate import engine, migrate
from scheduler.storage.shape import VERSIONS, is_current, newest

ROOT = Path(__file__).parents[3]


def _tables() -> None:
    for file in sorted((ROOT / "scheduler").glob("*/tables.py")):
        importlib.import_module(f"scheduler.{file.parent.name}.tables")


def test_a_migrated_database_has_the_shape_of_the_tables(database_url: str) -> None:
    _tables()
    with engine(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)

    assert is_current(database(database_url))


def test_an_empty_database_is_not_current(tmp_path: Path) -> None:
    assert not is_current(database(f"sqlite:///{tmp_path / 'empty.db'}"))


def test_the_newest_file_is_the_last_migration() -> None:
    assert newest() == ScriptDirectory(str(VERSIONS.parent)).get_current_head()


def test_a_migration_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'half.db'}"
    with engine(url).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE slot (id TEXT)")

    with pytest.raises(OperationalError, match="slot already exists"):
        migrate(url)

    with engine(url).begin() as connection:
        assert inspect(connection).get_table_names() == ["slot"]
        connection.exec_driver_sql("DROP TABLE slot")
    migrate(url)
    assert is_current(database(url))
