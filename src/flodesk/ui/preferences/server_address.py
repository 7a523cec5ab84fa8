"""The address of a Redis server in the parts that a hand fills in, and as it is written."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

_CA = "ssl_ca_certs"
PORT = 6379


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


def parts_of(url: str) -> Parts:
    """Take an address apart; what cannot be read counts as not said."""
    try:
        said = urlsplit(url)
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
