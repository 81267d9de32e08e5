import ipaddress
import sys
from typing import Any


def keep_to_loopback() -> None:
    """From now on this process connects and resolves names on this machine alone; anything else is a fault of the test.

    What speaks past Python's sockets (libpq, uvloop) is not seen.
    """
    sys.addaudithook(refuse_other_machines)


def refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook.

    Raises:
        RuntimeError: a connection to another machine, or a name to be asked of a name server.
    """
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        address = _literal(arguments[1][0])
        if address is None or not address.is_loopback:
            raise RuntimeError(f"a test tried to reach {arguments[1]}")
    if event == "socket.getaddrinfo" and arguments[0] and _literal(arguments[0]) is None:
        raise RuntimeError(f"a test tried to resolve {arguments[0]!r}")


def _literal(host: str | bytes) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that is written there, None where it is a name that somebody must resolve."""
    name = host.decode() if isinstance(host, bytes) else host
    try:
        return ipaddress.ip_address("127.0.0.1" if name == "localhost" else name.partition("%")[0])
    except ValueError:
        return None
