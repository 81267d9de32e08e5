"""Makes a bearer token for each address and prints it alone on its line. It is told only here; all get one or none."""

from argparse import ArgumentParser, Namespace

from api.cli import databases, shell
from scheduler.people import tokens
from scheduler.people.permission import OPERATOR


def arguments(parser: ArgumentParser) -> None:
    """The addresses."""
    parser.add_argument("emails", nargs="+", metavar="EMAIL", help="the e-mail address of somebody who is there")


def run(given: Namespace) -> None:
    """Makes the tokens."""
    made = databases.act(
        shell.settings(), lambda tx: [tokens.make_for_address(tx, OPERATOR, email) for email in given.emails]
    )
    print("\n".join(made))
