"""The address of a Redis server in the parts that a hand fills in, and as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, quote, unquote, urlsplit

_CA = "ssl_ca_certs"
PORT = 6379
_HOST = re.compile(r"[^\s:/@\[\]?#\\]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """What an address says. `rest` is what is asked for behind it and has no field."""

    tls: bool = False
    host: str = ""
    port: int = PORT
    database: int = 0
    user: str = ""
    password: str = ""
    certificates: str = ""
    rest: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """The address; empty without a host."""
        if not self.host:
            return ""
        word = f":{quote(self.password, safe='')}" if self.password else ""
        who = f"{quote(self.user, safe='')}{word}@" if self.user or word else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        asked = [*([(_CA, self.certificates)] if self.tls and self.certificates else []), *self.rest]
        more = "&".join(f"{quote(key)}={quote(value, safe='/')}" for key, value in asked)
        scheme = "rediss" if self.tls else "redis"
        return f"{scheme}://{who}{host}:{self.port}/{self.database}{'?' if more else ''}{more}"

    @property
    def sound(self) -> bool:
        """Whether the host is one: a name or a number, without a port, a path or a user."""
        if ":" not in self.host:
            return _HOST.fullmatch(self.host) is not None
        try:
            return ip_address(self.host.partition("%")[0]).version == 6
        except ValueError:
            return False


def is_whole(text: str) -> bool:
    """Tell whether a text says more than a host: an address, with or without ``redis://`` before it."""
    if "@" in text or "/" in text:
        return True
    return text.count(":") == 1 or text.startswith("[")  # more colons are those of an IPv6 host


def parts_of(url: str) -> Parts:
    """Take an address apart; what cannot be read counts as not said."""
    if "://" in url and not url.startswith(("redis://", "rediss://")):
        return Parts()
    try:
        said = urlsplit(url if "://" in url else f"redis://{url}")
        port = said.port or PORT
    except ValueError:
        return Parts()
    asked = {key: values[-1] for key, values in parse_qs(said.query).items()}
    certificates = asked.pop(_CA, "")
    path = said.path.strip("/")
    return Parts(
        said.scheme == "rediss",
        said.hostname or "",
        port,
        int(path) if path.isdigit() else 0,
        unquote(said.username or ""),
        unquote(said.password or ""),
        certificates,
        tuple(asked.items()),
    )
