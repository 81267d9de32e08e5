"""The running service: a socket, the application on it, and an end that waits for nobody long."""

import argparse
import gc
import logging
import resource
import socket
from contextlib import closing

import uvicorn
from fastapi import FastAPI

from api.app import build, create_app
from api.cli.shell import Failed
from api.settings import Settings
from api.worker.rounds import Channels, channels_of

_GRACE_SECONDS = 5
_LAST_PORT = 65_535


def port(text: str) -> int:
    """The number of a port. Raises what argparse turns into a line."""
    if not text.isdecimal() or not 0 < int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, which is a number from 1 to 65535")
    return int(text)


def address(host: str, port_: int) -> str:
    """The address to type into a browser."""
    return f"http://[{host}]:{port_}" if ":" in host else f"http://{host}:{port_}"


def listening(host: str, port_: int) -> closing[socket.socket]:
    """A socket that listens, to be closed at the end. Raises Failed where the port is in use."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return closing(socket.create_server((host, port_), family=family, backlog=2048))
    except OSError as error:
        raise Failed(
            f"Cannot listen on {address(host, port_)}: {error.strerror}. Choose another with --port."
        ) from error


def channels(settings: Settings) -> Channels:
    """The ways out that the settings name. Raises Failed where one of them means nothing."""
    try:
        return channels_of(settings)
    except ValueError as error:
        raise Failed(str(error)) from error


def log_warnings() -> None:
    """Lets what needs an eye be read on stderr."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def take_files() -> None:
    """Lets the process have as many open files as it may: each listener of a stream is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def serve(settings: Settings, listener: socket.socket, ready: str) -> None:
    """Serves on `listener` until the process is told to end; prints `ready` as soon as it answers."""
    log_warnings()
    take_files()
    app = create_app(build(settings), channels(settings) if settings.worker == "inside" else None)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        proxy_headers=False,  # limits.py decides which proxies are believed
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    _Server(app, config, ready).run(sockets=[listener])


def settle() -> None:
    """What is in memory now stays: the collector looks at it no more, which it did for a tenth of a request's time."""
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    def __init__(self, app: FastAPI, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._app = app
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()
        print(self._ready, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Open streams would be waited for.
        self._app.state.streams.end()
        self._app.state.floors.end()
        await super().shutdown(sockets)
