from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import build, close
from api.settings import read_settings
from api.web.service import Service
from scheduler.clock.now import SettableClock


@pytest.fixture
def trying(database_url: str, clock: SettableClock, tmp_path: Path) -> Iterator[Service]:
    """A service that lets each request of the public come from an address of its own."""
    settings = {"ROSTRUM_DATABASE_URL": database_url, "ROSTRUM_DATA_DIR": str(tmp_path / "var")}
    built = build(read_settings(settings | {"ROSTRUM_TRUSTED_PROXIES": "127.0.0.1"}), clock)
    yield built
    close(built)
