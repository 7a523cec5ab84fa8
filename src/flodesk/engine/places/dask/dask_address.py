"""The form of a scheduler's address, which is looked at before Dask is asked: it would connect to anything."""

from __future__ import annotations

from distributed.comm.addressing import parse_address, parse_host_port
from distributed.comm.registry import get_backend

_NETWORK = ("tcp", "tls", "ws", "wss")
"""The protocols that need a host and a port."""


class AddressError(ValueError):
    """A text is no address of a scheduler; the error's text says what it should look like."""


def check_address(address: str) -> None:
    """Refuse what no scheduler can be at, whoever listens.

    Raises
    ------
    AddressError
        It has no port, or a protocol that Dask does not know.
    """
    try:
        protocol, place = parse_address(address)
        get_backend(protocol)
        if protocol in _NETWORK:
            host, port = parse_host_port(place)
            if not host or not 0 < port < 1 << 16:
                raise ValueError(place)
    except ValueError as error:
        raise AddressError(
            f"“{address}” is no address of a Dask scheduler: that is written like tcp://HOST:8786"
        ) from error
