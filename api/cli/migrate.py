"""Brings the database to the newest shape; says so where nothing is to be done."""

from argparse import ArgumentParser, Namespace

from api.cli import databases, shell
from scheduler.storage.migrate import migrate
from scheduler.storage.shape import is_current


def arguments(parser: ArgumentParser) -> None:
    """It takes none."""
    parser.epilog = "The database is the one that ROSTRUM_DATABASE_URL names."


def run(_: Namespace) -> None:
    """Migrates."""
    settings = shell.settings()
    databases.refuse_newer(settings)
    if databases.reached(settings, is_current):
        print("The database has the newest shape already.")
        return
    databases.reached(settings, lambda base: migrate(base.url))
    print("The database has the newest shape now.")
