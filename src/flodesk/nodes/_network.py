"""Servers: how they are called, what is looked up for them, and words for why one does not answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote_plus, unquote, urlsplit

from flodesk.public import context, is_secret, secret

_HIDDEN = "***"
_HTML_SLASH = "&(?:amp;)*(?:#0*92|#x0*5c|bsol);"
"""A backslash, as HTML writes it, also where HTML stands in HTML."""
_HERE = ("localhost", "127.0.0.1", "::1")


class Server(NamedTuple):
    """Where a server is, and who asks it.

    Attributes
    ----------
    said : str
        What messages call it: host and port.
    user, password : str
        Empty where it wants none. The password is looked up: no message may repeat it.
    """

    scheme: str
    host: str
    port: int
    said: str
    user: str
    password: str

    @property
    def is_here(self) -> bool:
        """Whether it runs on this computer, where nobody listens between."""
        return self.host in _HERE

    def keep_password(self, over_tls: bool, why: str) -> None:
        """Refuse to send a password where somebody may listen: over TLS it goes anywhere, else to this computer only.

        Parameters
        ----------
        why : str
            Why it would not go over TLS, for the message.

        Raises
        ------
        ConnectionError
            Others could hear it.
        """
        if self.password and not over_tls and not self.is_here:
            raise ConnectionError(f"{self.said} {why}: a password is not sent in the clear")


def server(name: str, ports: Mapping[str, int], example: str) -> Server:
    """Return the server that an address, or the name of a connection of the flow, means.

    Parameters
    ----------
    ports : mapping of str to int
        The schemes that an address may begin with, and the usual port of each.
    example : str
        An address as it should be, for messages.

    Raises
    ------
    ValueError
        It is none, or a password stands in it; the text does not repeat it.
    LookupError
        A secret is not here.
    """
    plain = name.strip()
    address = context().connection(plain)
    if is_secret(address):
        address = secret(address)
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in ports or not host or port == 0:
        called = "" if "@" in plain else f"{plain!r} is "
        raise ValueError(
            f"{called}no connection of this flow and no address of a server: write it as {example}, or that under"
            " [tool.flodesk.connections]"
        )
    user, password = unquote(parts.username or ""), parts.password or ""
    port = port or ports[scheme]
    return Server(scheme, host, port, f"{host}:{port}", user, secret(password) if password else "")


def unanswered(error: BaseException, said: str, timeout: float) -> OSError | None:
    """Say why a server cannot be reached; None if that is not what the error says.

    Parameters
    ----------
    said : str
        What to call the server: host and port.
    timeout : float
        How long it was waited for, in s.
    """
    import socket
    import ssl

    if isinstance(error, TimeoutError):
        return TimeoutError(f"{said} was silent for {timeout:g} s: see that it is on, or give it more time")
    if isinstance(error, socket.gaierror):
        return ConnectionError(f"there is no host {said}: check its name, and the network")
    if isinstance(error, ConnectionRefusedError):
        return ConnectionError(f"nothing answers at {said}: see that the server is on, and check the port")
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConnectionError(
            f"{said} does not prove that it is this host ({error.verify_message}): check its name, or see to its"
            " certificate"
        )
    if isinstance(error, ssl.SSLError):
        return ConnectionError(
            f"{said} speaks no TLS ({error.reason}): check the port, and what the address begins with"
        )
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return ConnectionError(f"{said} broke off: ask again")
    if isinstance(error, OSError) and error.errno is not None:
        return ConnectionError(f"{said} cannot be reached ({error.strerror or error}): check the network")
    return None


def without(text: str, hidden: Iterable[str]) -> str:
    """Return a text in which secrets are not to be read, however they are spelled.

    They are found as they are, with fewer blanks, and as addresses, HTML, JSON and Python write them. What is to be cut
    is cut afterwards: half a secret is not found.
    """
    values = sorted({value.strip() for value in hidden} - {""}, key=len, reverse=True)  # one may begin with another
    return re.sub("|".join(map(_spellings, values)), _HIDDEN, text) if values else text


def _spellings(value: str) -> str:
    one = "".join(_spelled(len(before), sign) for before, sign in re.findall(r"(\\*)(\s+|.|$)", value))
    return f"{one}|{re.escape(quote_plus(value))}"


def _spelled(slashes: int, sign: str) -> str:
    """Return a pattern of some backslashes and the sign behind them, also where JSON stands in JSON."""
    if not slashes and sign.isascii() and sign.isalnum():
        return sign
    before = r"\\{0,4}"
    if slashes:
        before = (
            rf"(?:\\{{{slashes},{4 * slashes + 4}}}|(?:{before}(?i:%5c|u005c|x5c|{_HTML_SLASH})){{{slashes}}}{before})"
        )
    if not sign:
        return before
    codes = "|".join(code for one in sorted(set(sign)) for code in _codes(one))
    if not sign.isspace():
        return f"{before}(?:(?i:{codes})|{re.escape(sign)})"  # & begins what HTML calls it
    return rf"(?:\s|\+|\\{{1,4}}[nrtvf]|{before}(?i:{codes})){{1,{2 * len(sign)}}}"


def _codes(sign: str) -> list[str]:
    """Return the numbers by which a sign is called, without the backslashes of those that have any."""
    wide, narrow = sign.encode("utf-16-be", "surrogatepass"), sign.encode("utf-8", "surrogatepass")
    units = [f"u{wide[at : at + 2].hex()}" for at in range(0, len(wide), 2)]
    codes = [
        r"\\{1,4}".join(units),
        "".join(f"%{byte:02x}" for byte in narrow),
        r"\\{1,4}".join(f"x{byte:02x}" for byte in narrow),
        f"&(?:amp;)*#0*{ord(sign)};",
        f"&(?:amp;)*#x0*{ord(sign):x};",
        *(f"&(?:amp;)*{name}" for name in _named().get(sign, ())),
    ]
    if ord(sign) < 0x100:
        return [*codes, f"x{ord(sign):02x}"]
    return codes if ord(sign) < 0x10000 else [*codes, f"u{ord(sign):08x}"]


@lru_cache(maxsize=1)
def _named() -> dict[str, list[str]]:
    """Return what HTML calls signs, the longest name first: ``amp;``, ``quot;``."""
    from html.entities import html5

    found: dict[str, list[str]] = {}
    for name in sorted(html5, key=len, reverse=True):
        if name.endswith(";"):
            found.setdefault(html5[name], []).append(re.escape(name))
    return found
