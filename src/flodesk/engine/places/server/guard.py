"""What a worker lets in: jobs and commands that are signed with the project's key, and modules that are allowed."""

from __future__ import annotations

import time
from collections.abc import Collection, Container, Mapping
from typing import Any

from redis import Redis

from flodesk.engine.places.part.hosting import Host, carry
from flodesk.engine.places.server.allowed import Anything, allowed_modules, check_imports
from flodesk.engine.places.server.key import Key, find_key
from flodesk.engine.places.server.once import CLOCK_SECONDS, VALID_SECONDS, claim
from flodesk.engine.places.server.signing import Reading, RefusedError, unseal
from flodesk.engine.places.server.stream import PlaceError
from flodesk.engine.places.session.answers import Saying
from flodesk.engine.places.session.baggage import own_modules, unpacked


class NoKeyError(RefusedError):
    """A worker cannot tell by who sent what came."""


class Guard:
    """Decides what a worker runs.

    Parameters
    ----------
    key_file : str
        Where the key stands, if that is named.
    allow : collection of str
        Modules that flows may import beside the usual ones.
    own : bool
        Whether the worker is there for whoever started it alone, who runs the same flows at home: they may import
        whatever is installed.

    Attributes
    ----------
    host : Host or None
        The worker.
    """

    def __init__(self, key_file: str = "", allow: Collection[str] = (), *, own: bool = False) -> None:
        self.host: Host | None = None
        self._key_file = key_file
        self._key: Key | None = None
        self.allowed: Container[str] = Anything() if own else allowed_modules(allow)
        self._checked: tuple[str, dict[str, str]] = ("", {})
        """The flow that was found to be good last, and what came with it: it is started again and again."""
        self._files: dict[str, str] = {}
        self._code = ""

    def key(self) -> Key:
        """Return the key of this worker; one that was not here before is looked for again.

        Raises
        ------
        NoKeyError
            There is none.
        """
        if self._key is None:
            try:
                self._key = find_key(self._key_file)
            except PlaceError as error:
                raise NoKeyError(f"this worker has no key to tell by who sent it. {error}") from error
        if self._key is None:
            raise NoKeyError("this worker has no key to tell by who sent it")
        return self._key

    def secret(self) -> bytes:
        """Return what this worker signs with; empty where it has no key."""
        try:
            return self.key().secret
        except NoKeyError:
            return b""

    def admit(self, id: str, arguments: Collection[Any], connection: Redis, kind: str = "job") -> dict[str, Any]:
        """Return what a job says that may run.

        Parameters
        ----------
        id : str
            The job's.
        arguments : collection
            The sealed text and its signature.
        kind : str
            As what it has to be signed.

        Raises
        ------
        RefusedError
            It may not: the text says why.
        """
        text, signed = arguments if len(arguments) == 2 else ("", "")
        head = unseal(self.key().secret, kind, text, signed)
        if head["id"] != id:
            raise RefusedError(f"it was signed as {head['id']}, and not as {id}")
        age = time.time() - head["made"]
        if age > VALID_SECONDS + CLOCK_SECONDS:
            raise RefusedError(f"it was signed {age / 3600:.0f} h ago, and is good for {VALID_SECONDS / 3600:.0f} h")
        if age < -CLOCK_SECONDS:
            raise RefusedError(f"it was signed {-age / 60:.0f} min from now: set the clocks of both machines right")
        if not claim(head["mark"], connection):
            raise RefusedError("it was run before: each start is signed once, and runs once")
        return {**head, "commands": [self.check(command, connection) for command in head.get("commands", ())]}

    def check(self, command: Mapping[str, Any], connection: Redis) -> dict[str, Any]:
        """Return a command as it may be obeyed: with the folder that holds the modules that came with a flow.

        Raises
        ------
        RefusedError
            The text of a flow in it, or one of these modules, imports something that is not allowed.
        """
        given = dict(command)
        files = given.pop("files", None)
        if given["c"] in ("open", "swap", "choices", "expect"):
            files = self._files if files is None else files
            what = str(given.get("text")), files
            if what != self._checked:
                self._code = unpacked(files, self.allowed, connection)
                check_imports(what[0], self.allowed, own_modules(files))
                self._checked, self._files = what, files
                carry(files)
            if given["c"] in ("open", "swap"):
                given["code"] = self._code
        return given

    def saying(self, session: str) -> Saying:
        """Return what signs the frames of a session."""
        return Saying(self.key().secret, session)

    def reading(self, channel: str) -> Reading:
        """Return what checks the commands of a run."""
        return Reading(self.key().secret, channel)
