import socket

import pytest


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match="tried to reach"):
        client.connect(("192.0.2.1", 80))


def test_another_name_is_not_resolved() -> None:
    with pytest.raises(RuntimeError, match=r"tried to resolve 'rostrum\.example'"):
        socket.getaddrinfo("rostrum.example", 80)


def test_loopback_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
