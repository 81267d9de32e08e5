"""Adds a person, on a stopped or a running service."""

from argparse import ArgumentParser, Namespace
from typing import get_args

from api.cli import databases, shell
from api.cli.shell import Failed
from scheduler.people import persons, roles
from scheduler.people.permission import OPERATOR
from scheduler.people.persons import NewPerson
from scheduler.people.rules import Language
from scheduler.people.views import PersonView
from scheduler.storage.texts import MOST_OF_A_LINE, one_line, something
from scheduler.storage.writer import Tx


def arguments(parser: ArgumentParser) -> None:
    """`add EMAIL` and what is said of her."""
    add = parser.add_subparsers(metavar="add", required=True).add_parser("add", description=__doc__)
    add.add_argument("email", metavar="EMAIL", help="her e-mail address, by which she is found")
    add.add_argument("--name", required=True, help="her name as everybody may read it")
    add.add_argument("--timezone", default="UTC", help="her IANA zone, such as America/Bogota (default: UTC)")
    add.add_argument("--language", default="en", choices=get_args(Language), help="of mail to her (default: en)")
    add.add_argument("--organisation", metavar="ID", help="the id of the organisation in whose name she may speak")
    add.add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE[:SCOPE]",
        help="secretariat, chair, focal_point or participant; SCOPE is the code of a body or session or the id of an "
        "organisation, without it the whole service; may be given several times",
    )


def run(given: Namespace) -> None:
    """Adds her and prints her id."""
    name = _name(given.name)

    def add(tx: Tx) -> PersonView:
        granted = tuple(roles.written(tx.conn, text) for text in given.role)
        new = NewPerson(given.email, name, given.timezone, given.language, given.organisation, granted)
        return persons.add(tx, OPERATOR, new)

    added = databases.act(shell.settings(), add)
    print(f"{added.name} is added: {added.id}")


def _name(text: str) -> str:
    """As `api.web.shapes.Line`, without its framework: importing that would take a third of the command's time."""
    if len(text) > MOST_OF_A_LINE:
        raise Failed(f"--name: This is longer than {MOST_OF_A_LINE} characters.")
    try:
        return one_line(something(text))
    except ValueError as error:
        raise Failed(f"--name: {error}") from error
