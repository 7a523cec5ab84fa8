"""One request over HTTP, and words for all that comes between."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn, TypeVar
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit, urlunsplit

from flodesk.nodes._blocking import waited_for
from flodesk.nodes._network import unanswered, without
from flodesk.public import context, is_secret, secret

T = TypeVar("T")

_KEPT = "/%!$&'()*+,;=:@~?"
"""Signs of an address that mean something there, or are escaped already."""
_TOLD = 200
"""How many characters of an answer that refuses are told."""
_HEARD = 65_536
"""How many bytes of it are read: so many that no secret is cut in what is told."""
_TO_ANYONE = ("User-agent", "Accept", "Accept-language", "Content-type", "Content-length")
"""Headers that are said to another host, too, to which the first one leads: those that do not tell who asks."""


@dataclass(frozen=True)
class Exchange:
    """What is sent, and where to.

    Attributes
    ----------
    address : str
        The whole address, with all that stands behind its ``?``.
    said : str
        The address as messages may repeat it: without what stands behind its ``?``.
    secrets : tuple of str
        What no message may repeat.
    """

    method: str
    address: str = field(repr=False)
    said: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)
    timeout: float
    secrets: tuple[str, ...] = field(repr=False)

    def answered(self, read: Callable[[Any], T], refused_too: bool = False) -> T:
        """Send it, and return what `read` makes of the answer; Stop ends it at any moment.

        Parameters
        ----------
        read : callable
            Takes the `http.client.HTTPResponse`, in another thread.
        refused_too : bool
            Give it also the answers that refuse (status 400 and above), which are errors otherwise.

        Raises
        ------
        OSError
            There is no answer, or one that refuses; the text says what to do.
        """
        import http.client
        import urllib.request

        sockets: list[Any] = []
        asked = urllib.request.Request(self.address, self.body, dict(self.headers), method=self.method)

        def talk() -> T:
            try:
                with _opener(sockets).open(asked, timeout=self.timeout) as answer:
                    return read(answer)
            except urllib.error.HTTPError as error:
                with error:
                    return read(error) if refused_too else self._refused(error)
            except (OSError, http.client.HTTPException) as error:
                self._failed(error)

        return waited_for(talk, partial(_cut, sockets), "web request")

    def _refused(self, error: Any) -> NoReturn:
        """Say what a status means that is no success."""
        import http.client

        what = f"{self.said}: the server says {error.code} {http.client.responses.get(error.code, '')}".rstrip()
        told = self._told(error)
        if error.code < 400:
            to = without(str(error.headers.get("Location", "there")), self.secrets)
            raise ConnectionError(f"{what}: it leads elsewhere, ask {to} itself")
        if error.code in (404, 410):
            raise FileNotFoundError(f"{what}: there is nothing at this address, correct it{told}")
        if error.code in (401, 403, 407):
            raise PermissionError(
                f"{what}: it wants to know who asks. Write https://me:secret:NAME@host,"
                f" or the header Authorization{told}"
            )
        if error.code in (429, 503):
            raise ConnectionError(f"{what}: it is busy, ask it less often or later{told}")
        side = "it cannot do what is asked, check method, parameters and body" if error.code < 500 else "it failed"
        raise ConnectionError(f"{what}: {side}{told}")

    def _told(self, error: Any) -> str:
        """Return the beginning of what it says, where that is for people or programs and not a page."""
        import http.client

        if error.headers.get_content_type() not in ("application/json", "text/plain", "application/problem+json"):
            return ""
        with suppress(OSError, http.client.HTTPException):
            said = without(error.read(_HEARD).decode("utf-8", "replace"), self.secrets)
            text = " ".join(said.split())[:_TOLD]
            return f" ({text})" if text else ""
        return ""

    def _failed(self, error: Exception) -> NoReturn:
        """Say why there was no answer."""
        import http.client
        import urllib.error

        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        host = urlsplit(self.said).netloc
        if isinstance(reason, http.client.IncompleteRead | http.client.RemoteDisconnected | ConnectionResetError):
            raise ConnectionError(f"{self.said}: {host} broke off before all had come: ask again") from None
        if isinstance(reason, http.client.HTTPException):
            raise ConnectionError(f"{self.said}: what answers at {host} speaks no HTTP: check the port") from None
        known = unanswered(reason, host, self.timeout) if isinstance(reason, OSError) else None
        if known is None:
            raise ConnectionError(f"{self.said}: {host} cannot be reached ({reason}): check the network") from None
        raise type(known)(f"{self.said}: {known}") from None


def exchange(
    method: str,
    url: str,
    params: Mapping[str, Any] | None,
    headers: Mapping[str, str] | None,
    body: bytes | None,
    timeout: float,
) -> Exchange:
    """Return what is to be sent, with all references to secrets looked up.

    Raises
    ------
    ValueError
        The address, a header or the time makes no sense.
    LookupError
        A secret is not here.
    """
    if not timeout > 0.0:
        raise ValueError(f"the timeout is {timeout:g} s: it must be above 0 s")
    hidden: list[str] = []
    said, whole, sent = _address(url, params or {}, hidden)
    sent |= {"User-Agent": f"flodesk/{context().about().version}", "Accept": "*/*"}
    for name, value in (headers or {}).items():
        text = re.sub(r"\S+", lambda word: _known(word[0], hidden), str(value))
        named = re.fullmatch(r"[!#$%&'*+.^`|~\w-]+", name, re.ASCII)
        if not named or not re.fullmatch(r"[\t -~\xa0-\xff]*", text):
            raise ValueError(
                f"the header {name!r} cannot be sent: a name has letters and '-', a value is one line of Latin letters"
            )
        sent[name] = text
    return Exchange(method, whole, said, sent, body, timeout, tuple(hidden))


def _known(text: str, hidden: list[str]) -> str:
    if not is_secret(text):
        return text
    hidden.append(secret(text))
    return hidden[-1]


def _address(url: str, params: Mapping[str, Any], hidden: list[str]) -> tuple[str, str, dict[str, str]]:
    """Return an address without what stands behind its ``?``, whole, and the header that it makes."""
    try:
        parts = urlsplit(url.strip())
        named = parts.hostname and parts.port != 0 and not re.search(r"\s", parts.netloc)
        (parts.hostname or "").encode("idna")
    except ValueError:
        named = False
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not named:
        called = "this" if "@" in url else repr(url)
        raise ValueError(f"{called} is no address of the web: write it as https://example.org/data")
    path, host = quote(parts.path, safe=_KEPT), parts.netloc.rpartition("@")[2]
    said = urlunsplit((parts.scheme, host, path, "", ""))
    given = {
        name: [_known(str(one), hidden) for one in (value if isinstance(value, list | tuple) else [value])]
        for name, value in params.items()
        if value is not None
    }
    query = "&".join(part for part in (quote(parts.query, safe=_KEPT), urlencode(given, doseq=True)) if part)
    return said, urlunsplit((parts.scheme, host, path or "/", query, "")), _login(parts, hidden)


def _login(parts: SplitResult, hidden: list[str]) -> dict[str, str]:
    """Return the header that says who asks, if that stands in the address."""
    if parts.username is None:
        return {}
    password = secret(parts.password) if parts.password else ""
    both = base64.b64encode(f"{unquote(parts.username)}:{password}".encode()).decode()
    hidden += [password, both]
    return {"Authorization": f"Basic {both}"}


def content_charset(answer: Any) -> str:
    """Return how the text of an answer is coded, by what it says itself."""
    found = str(answer.headers.get_content_charset("utf-8"))
    try:
        "".encode(found)
    except LookupError:
        return "utf-8"
    return found


def _cut(sockets: list[Any]) -> None:
    """End what goes on over some connections."""
    import socket

    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _opener(sockets: list[Any]) -> Any:
    """Return what opens addresses of the web and no others, and notes down its connections."""
    import http.client
    import urllib.request

    class Redirects(urllib.request.HTTPRedirectHandler):
        """Follows an answer that leads elsewhere, without telling another host who asks."""

        def redirect_request(
            self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
        ) -> urllib.request.Request | None:
            made = super().redirect_request(req, fp, code, msg, headers, newurl)
            if made is not None and urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
                for name in [name for name, _ in made.header_items() if name not in _TO_ANYONE]:
                    made.remove_header(name)
            return made

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    class Safe(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)

    class OverPlain(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class OverSafe(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Safe, req)

    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        OverPlain(),
        OverSafe(),
        urllib.request.HTTPDefaultErrorHandler(),
        Redirects(),
        urllib.request.HTTPErrorProcessor(),
    ):
        made.add_handler(handler)
    return made
