"""Serves until it is told to end (SIGTERM, Ctrl-C). The worker runs inside unless ROSTRUM_WORKER is `apart`."""

from argparse import ArgumentParser, Namespace

from api.cli import databases, serving, shell


def arguments(parser: ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=serving.port, default=8000, help="the port to listen on (default: 8000)")


def run(given: Namespace) -> None:
    """Serves."""
    settings = shell.settings()
    databases.migrated(settings)
    with serving.listening(given.host, given.port) as socket:
        serving.serve(settings, socket, f"Rostrum listens on {serving.address(given.host, given.port)}")
