from contextlib import closing

import pytest

from scheduler.storage.engine import database
from scheduler.storage.shape import is_current


@pytest.mark.parametrize("turn", ["first", "second"])
def test_database_is_migrated_and_holds_nothing_of_an_earlier_test(database_url: str, turn: str) -> None:
    with closing(database(database_url).connect()) as connection:
        connection.raw.cursor().execute("CREATE TABLE left_behind (id integer)")

    assert is_current(database(database_url))
