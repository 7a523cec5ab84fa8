"""Whether a newer flodesk is out: asked of the one address that the project's metadata name, and nothing more is done.

What answers there is one small JSON object, ``{"version": "0.2.0", "notes": "https://…"}``.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from packaging.version import Version

import flodesk

LABEL = "releases"
"""What the address is called among the project's URLs."""
SECONDS = 5.0
"""What an answer may take."""
MOST = 64_000
"""Bytes that it may have."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version that is out.

    Attributes
    ----------
    version : str
        Its number.
    notes : str
        The page that tells what is new; empty where the answer names none on its own host.
    newer : bool
        Whether it is newer than this one.
    """

    version: str
    notes: str = ""
    newer: bool = False


def address() -> str:
    """Return where to ask; empty where this flodesk was made without such an address."""
    try:
        entries = metadata("flodesk").get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    for entry in entries:
        label, _, url = str(entry).partition(",")
        if label.strip().lower() == LABEL and _is_safe(url.strip()):
            return url.strip()
    return ""


def _is_safe(url: str) -> bool:
    """Return whether nobody on the way can answer in its place; within this machine there is no way."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1"))
    except ValueError:
        return False


def ask(where: str, seconds: float = SECONDS) -> Release:
    """Ask for the newest release.

    Raises
    ------
    OSError
        Nobody answers in time.
    ValueError
        What answers is no release; the text says what is wrong.
    """
    until = time.monotonic() + seconds
    # who asks is nobody's business: no version, no system
    request = Request(where, headers={"User-Agent": "flodesk", "Accept": "application/json"})
    said = b""
    with urlopen(request, timeout=seconds) as answer:
        if not _is_safe(answer.url):
            raise ValueError("the answer comes by a way on which anybody can answer")
        while part := answer.read1(MOST):
            said += part
            if len(said) > MOST:
                raise ValueError("the answer is too long")
            if time.monotonic() > until:
                raise TimeoutError("the answer takes too long")
    try:
        told = json.loads(said)
        version, notes = Version(str(told["version"])), str(told.get("notes", ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("what answers there is no release") from error
    here = Version(flodesk.__version__)
    newer = version > here and (here.is_prerelease or not version.is_prerelease)
    asked, page = urlsplit(where), urlsplit(notes)
    ours = page.scheme in ("https", asked.scheme) and page.netloc == asked.netloc
    return Release(str(version), notes if ours else "", newer)


__all__ = ["Release", "address", "ask"]
