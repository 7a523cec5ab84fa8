"""Passwords in the addresses of packages: an installer is told them, and no log and no message shows them.

Installers hide them in what they print: so they are put back into an address from what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

_WHO = re.compile(r"(\w+://)([^\s/@:]*)(:?)([^\s/]*)@")
_HIDDEN = "****"


def hidden(text: str) -> str:
    """Return a text whose addresses show no password; where there is a name alone it may be a token."""
    return _WHO.sub(_without, text)


def _without(found: re.Match[str]) -> str:
    scheme, name, colon, password = found.groups()
    if colon:  # the name of a variable is no secret
        return found[0] if password.startswith("${") else f"{scheme}{name}:{_HIDDEN}@"
    return f"{scheme}{_HIDDEN}@" if scheme.startswith("http") and not name.startswith("${") else found[0]


def put_back(source: str, typed: Iterable[str]) -> str:
    """Return an address that an installer has told with the name and password that were typed for that host."""
    parts = urlsplit(source)
    told = [one for one in map(urlsplit, typed) if "@" in one.netloc and _host(one) == _host(parts)]
    # of several at one host that of the same path: a repository has its branch there, or its commit
    for one in sorted(told, key=lambda one: _path(one) != _path(parts)):
        if parts.username in (None, one.username, _HIDDEN):
            return parts._replace(netloc=one.netloc).geturl()
    return source


def _host(parts: SplitResult) -> tuple[str, str]:
    """Return the host, and how it is reached: what was typed for https does not go through http."""
    return parts.netloc.rpartition("@")[2].lower(), parts.scheme.rpartition("+")[2]


def _path(parts: SplitResult) -> str:
    return parts.path.partition("@")[0]


__all__ = ["hidden", "put_back"]
