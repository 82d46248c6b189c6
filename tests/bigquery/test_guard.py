"""The guard of these tests bites: nothing leaves the machine."""

from __future__ import annotations

import socket

import pytest
import requests
from here import LeftTheMachine


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443), ("8.8.8.8", 53)])
def test_nothing_connects_beyond_the_machine(address: tuple[str, int]) -> None:
    with socket.socket() as made, pytest.raises(LeftTheMachine, match=address[0]):
        made.connect(address)
    with socket.socket() as made, pytest.raises(LeftTheMachine):
        made.connect_ex(address)
    with pytest.raises(LeftTheMachine):
        socket.getaddrinfo(*address)
    with pytest.raises(LeftTheMachine):
        requests.get(f"http://{address[0]}:{address[1]}", timeout=1)


def test_the_machine_itself_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()):
            pass
        assert socket.getaddrinfo("localhost", 80)
