"""What is shown of an address holds no password, and says the host."""

from __future__ import annotations

import pytest

from flodesk.engine.places.server.refusals import hidden, no_address
from flodesk.ui.queues.local_row import place


@pytest.mark.parametrize(
    "address",
    [
        "redis://lab:sekret",
        "redis://:sekret",
        "lab:sekret",
        "redis://lab:12/sekret",
        "redis://lab:se/kret",
        "rediss://lab:sekret?ssl_ca_certs=x",
        "redis://lab:sekret@host:1/0",
        "redis://lab:se/kret@host:1/0",
    ],
)
def test_a_password_is_not_shown_where_the_host_was_forgotten_either(address: str) -> None:
    assert "kret" not in hidden(address)
    assert "kret" not in no_address(address)


def test_an_address_without_a_password_is_shown_as_it_is() -> None:
    for address in (
        "redis://host:6379/0",
        "redis://[::1]:6379/2",
        "host:6379",
        "redis://host",
        "unix:///tmp/lab:1.sock",
    ):
        assert hidden(address) == address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://127.0.0.1:6379/0", "127.0.0.1:6379"),
        ("redis://***@lab.example:6379/0", "lab.example:6379"),
        ("rediss://[::1]:6380/1?ssl_ca_certs=/a/b", "[::1]:6380"),
        ("unix:///run/redis.sock?db=1", "/run/redis.sock"),
        ("", ""),
    ],
)
def test_the_button_of_the_server_says_the_host(address: str, shown: str) -> None:
    assert place(address) == shown
