"""Asking services, and fetching files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._json import as_json
from flodesk.nodes._replacing import replacing
from flodesk.nodes.web.exchange import content_charset, exchange
from flodesk.public import Range, Unit, context, node

Seconds = Annotated[float, Unit("s"), Range(0.001)]
Gives = Literal["json", "text", "bytes"]
Sends = Literal["json", "form", "text"]
OnError = Literal["stop", "give"]

_KINDS = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}
_BLOCK = 1 << 16
"""How many bytes are written at a time."""


class Answer(NamedTuple):
    """What a server says.

    Attributes
    ----------
    value : Any
        What it sent.
    status : int
        The status of HTTP: 200 if all is well.
    headers : dict of str to str
        What it says about it, by names in small letters.
    """

    value: Any
    status: int
    headers: dict[str, str]


@node(
    title="HTTP get",
    tags=("fetch", "url", "rest", "api", "http request", "https", "web", "json", "internet", "read"),
    pure=False,
)
def get(
    url: str,
    gives: Gives = "json",
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    timeout: Seconds = 10.0,
    on_error: OnError = "stop",
) -> Answer:
    """Read what is at an address of the web.

    Parameters
    ----------
    url : str
        The address: ``https://example.org/data``, where it asks for a name ``https://me:secret:NAME@example.org/data``.
    gives : str
        What to make of the answer: what its JSON holds, its ``text``, or its ``bytes``.
    params : dict, optional
        What stands behind the ``?`` of the address: values by their names, a list for several of one name.
    headers : dict of str to str, optional
        What is said besides, as ``{"Authorization": "Bearer secret:NAME"}``.
    timeout : float
        How long the server may be silent, in s.
    on_error : str
        What to do if the server refuses (status 400 and above): ``stop`` with an error, or ``give`` its answer.

    Returns
    -------
    value : Any
        What is there.
    status : int
        Number of the status: 200 if all is well (dimensionless).
    headers : dict of str to str
        What the server says about it, by names in small letters.

    Raises
    ------
    OSError
        There is no such host, no answer in time, nothing at the address, or no right to it; the text says which.
    LookupError
        A secret is not here.
    ValueError
        The address makes no sense, or the answer is no JSON.

    Examples
    --------
    >>> web.get("http://127.0.0.1:1/volts", timeout=1.0)
    Traceback (most recent call last):
    ConnectionError: http://127.0.0.1:1/volts: nothing answers at 127.0.0.1:1: see that the server is on, ...
    """
    return _asked("GET", url, gives, params, headers, None, timeout, on_error)


@node(
    title="HTTP request",
    tags=("post", "put", "patch", "delete", "send", "upload", "rest", "api", "webhook", "url", "https", "web", "json"),
    pure=False,
)
def request(
    url: str,
    body: Any = None,
    method: Literal["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "GET"] = "POST",
    sends: Sends = "json",
    gives: Gives = "json",
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    timeout: Seconds = 10.0,
    on_error: OnError = "stop",
) -> Answer:
    """Send something to an address of the web, and read the answer.

    Parameters
    ----------
    url : str
        The address: ``https://example.org/orders``.
    body : Any
        What is sent; None for nothing. Bytes, and a text, go as they are.
    method : str
        What is to be done there: ``POST`` adds, ``PUT`` replaces, ``PATCH`` changes, ``DELETE`` removes.
    sends : str
        What the body is, or is made to be: JSON, the fields of a ``form``, or plain ``text``.
    gives : str
        What to make of the answer: what its JSON holds (None if it is empty), its ``text``, or its ``bytes``.
    params : dict, optional
        What stands behind the ``?`` of the address: values by their names, a list for several of one name.
    headers : dict of str to str, optional
        What is said besides, as ``{"Authorization": "Bearer secret:NAME"}``.
    timeout : float
        How long the server may be silent, in s.
    on_error : str
        What to do if the server refuses (status 400 and above): ``stop`` with an error, or ``give`` its answer.

    Returns
    -------
    value : Any
        What the server sent back.
    status : int
        Number of the status: 200 if all is well (dimensionless).
    headers : dict of str to str
        What the server says about it, by names in small letters.

    Raises
    ------
    OSError
        There is no such host, no answer in time, nothing at the address, or no right to it; the text says which.
    LookupError
        A secret is not here.
    ValueError
        The address makes no sense, the body cannot be sent so, or the answer is no JSON.

    Examples
    --------
    >>> web.request("volts.example.org", {"volt": 4.9})
    Traceback (most recent call last):
    ValueError: 'volts.example.org' is no address of the web: write it as https://example.org/data
    """
    data, kind = _body(body, sends)
    said = {name.lower() for name in headers or {}}
    sent = dict(headers or {}) if not kind or "content-type" in said else {"Content-Type": kind} | (headers or {})
    return _asked(method, url, gives, params, sent, data, timeout, on_error)


@node(
    tags=("fetch", "url", "file", "save", "https", "web", "internet", "wget", "curl"),
    pure=False,
    saves=(".csv", ".json", ".txt", ".zip"),
)
def download(
    url: str,
    path: Path,
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    timeout: Seconds = 30.0,
) -> Path:
    """Fetch a file from the web, whole or not at all: a file that was there is kept until the new one is complete.

    Parameters
    ----------
    url : str
        The address: ``https://example.org/data.csv``.
    path : Path
        Where it goes; a relative name counts from the folder of the flow.
    params : dict, optional
        What stands behind the ``?`` of the address: values by their names, a list for several of one name.
    headers : dict of str to str, optional
        What is said besides, as ``{"Authorization": "Bearer secret:NAME"}``.
    timeout : float
        How long the server may be silent, in s.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OSError
        There is no such host, no answer in time, nothing at the address, or no right to it; or the file cannot be
        written. The text says which.
    LookupError
        A secret is not here.
    ValueError
        The address makes no sense.

    Examples
    --------
    >>> web.download("http://127.0.0.1:1/volts.csv", "volts.csv", timeout=1.0)
    Traceback (most recent call last):
    ConnectionError: http://127.0.0.1:1/volts.csv: nothing answers at 127.0.0.1:1: see that the server is on, ...
    """
    place = context().path(path)
    asked = exchange("GET", url, params, headers, None, timeout)
    with replacing(place) as temporary, temporary.open("wb") as file:

        def keep(answer: Any) -> OSError | None:
            expected, come = answer.headers.get("Content-Length"), 0
            while block := answer.read(_BLOCK):
                come += len(block)
                try:
                    file.write(block)
                except OSError as error:  # of the disk: it is not to be taken for one of the network
                    return error
            if expected is not None and expected.isdigit() and come < int(expected):
                raise ConnectionResetError
            return None

        if (problem := asked.answered(keep)) is not None:
            raise problem
    return place


def _asked(
    method: str,
    url: str,
    gives: Gives,
    params: dict[str, Any] | None,
    headers: dict[str, str] | None,
    body: bytes | None,
    timeout: float,
    on_error: OnError,
) -> Answer:
    asked = exchange(method, url, params, headers, body, timeout)

    def read(answer: Any) -> tuple[bytes, str, int, dict[str, str]]:
        known = {name.lower(): value for name, value in answer.headers.items()}
        return answer.read(), content_charset(answer), int(answer.status), known

    data, charset, status, known = asked.answered(read, refused_too=on_error == "give")
    if gives == "bytes":
        return Answer(data, status, known)
    text = data.decode(charset, "replace")
    return Answer(text if gives == "text" else _json(text, asked.said, known, status), status, known)


def _json(text: str, said: str, headers: dict[str, str], status: int) -> Any:
    import json

    if not text.strip():
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if status >= 400:  # a page that says why: who wants it in spite of that sees the status
            return text
        kind = headers.get("content-type", "of no kind that it names").partition(";")[0]
        raise ValueError(
            f"{said}: the answer is no JSON ({error.msg} in line {error.lineno}), but {kind}: choose text for what it"
            " gives, or correct the address"
        ) from None


def _body(body: Any, sends: Sends) -> tuple[bytes | None, str]:
    """Return what is sent, and what it is."""
    from urllib.parse import urlencode

    if body is None:
        return None, ""
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body), "application/octet-stream"
    if isinstance(body, str) or sends == "text":
        return str(body).encode(), _KINDS[sends]
    if sends == "json":
        return as_json(body).encode(), _KINDS[sends]
    if not isinstance(body, dict):
        raise ValueError(f"a form has fields, and {type(body).__name__} came: give a dictionary, or choose json")
    return urlencode(body, doseq=True).encode(), _KINDS[sends]
