"""Why a Redis server cannot be used, in words that say what to do and hold no password."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

_CERTIFICATE = {
    "certificate has expired": "its certificate has expired: it needs a new one",
    "not yet valid": "its certificate is not valid yet: is the clock of this machine right?",
    "hostname mismatch": "its certificate is for another host: write the address with the name that stands in it",
    "IP address mismatch": "its certificate is for another host: write the address with the name that stands in it",
    "self-signed": "nobody whom this machine trusts has signed its certificate",
    "unable to get": "nobody whom this machine trusts has signed its certificate",
}
_NAME_IT = "The file with the certificates to trust is named in the address: rediss://HOST:6380/0?ssl_ca_certs=FILE"


_REFUSED = re.compile(r"^Error -?\d+ connecting to \S+\. ")
"""What says once more where; the number is one of this system's."""
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^:/@\[\]]*)(:\d{1,5})?(/\d*)?")
"""Host, port and database. What looks otherwise may be a user with his password, where ``@HOST`` was forgotten."""


def hidden(url: str) -> str:
    """Return the address without its password, for messages."""
    scheme, separator, rest = url.partition("://") if "://" in url else ("", "", url)
    _, at, place = rest.rpartition("@")
    place, question, query = place.partition("?")
    if scheme != "unix" and not _PLACE.fullmatch(place):
        return f"{scheme}{separator}***"
    told = [pair for pair in query.split("&") if pair.partition("=")[0] in ("db", "protocol", "ssl_ca_certs")]
    shown = f"{question if told else ''}{'&'.join(told)}"
    return f"{scheme}{separator}{'***@' if at else ''}{place}{shown}"


def no_address(url: str) -> str:
    """Say that this is no address of a server. What the parser says of it may be a piece of the password."""
    return (
        f"{hidden(url)!r} is no address of a Redis server. It looks like redis://HOST:6379/0, or "
        "rediss://USER:PASSWORD@HOST:6380/0 with TLS; in a password %23 stands for #, %2F for /, %3A for :, %40 for @"
    )


def no_room(url: str, error: RedisError) -> str:
    """Say that a server has no memory left, and what to do."""
    return (
        f"The Redis server at {hidden(url)} has no memory left ({str(error).rstrip('.')}). Drop what is not needed "
        "there (flodesk queues shows what is on it), or raise its maxmemory"
    )


def no_answer(url: str, error: RedisError) -> str:
    """Say why a server cannot be used."""
    where, said = hidden(url), str(error).rstrip(".")
    trusted = unquote(url.partition("ssl_ca_certs=")[2].partition("&")[0])
    if trusted and not os.access(trusted, os.R_OK):
        return f"{trusted} cannot be read: it should hold the certificates to trust, as the address {where} says"
    if isinstance(error, NoPermissionError):
        return f"The Redis server at {where} does not allow this user what flodesk needs: {said}"
    if isinstance(error, AuthenticationError):
        if "@" not in url:
            return f"The Redis server at {where} wants a password: redis://USER:PASSWORD@HOST:6379/0"
        return f"The Redis server at {where} does not know this user with this password"
    if "CERTIFICATE_VERIFY_FAILED" in said:
        known = [words for sign, words in _CERTIFICATE.items() if sign in said]
        why = known[0] if known else f"its certificate is not good: {said}"
        if "whom" in why:
            why += f": none of those in {trusted} has" if trusted else f". {_NAME_IT}"
        return f"The Redis server at {where} is not trusted: {why}"
    said = _REFUSED.sub("", said)
    if said == "Connection refused":  # nothing that could speak TLS, or not
        return f"No Redis server answers at {where}: {said}. Is it running there, and are host and port right?"
    secure = url.startswith("rediss://")
    tls = f" Where it speaks {'no ' if secure else ''}TLS its address begins with {'redis' if secure else 'rediss'}://."
    return f"No Redis server answers at {where}: {said}. Is it running, and are host, port and password right?{tls}"
