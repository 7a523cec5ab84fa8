"""One owner for each instrument: a thread of its own, which alone speaks to it.

Two threads on one PyVISA session get each other's replies without any error (4,707 of 6,000 in a trial). So whoever
wants something puts it into the owner's queue and waits, and the owner does one thing after the other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

from flodesk.instruments.address import Address

_SLICE = 0.05
"""How often in s somebody who waits for a reply looks whether the run was stopped."""
_GRACE = 1.0
"""How long in s after its deadline a driver may take to notice it before the instrument counts as hung."""
_OPEN_DEADLINE = 10.0
"""How long in s opening may take."""
_QUIET = 0.05
"""Silence in s after which a line is taken to be drained."""


class InstrumentError(RuntimeError):
    """An instrument does not do what is asked; the text says which, what, and what to look at."""


@dataclass(slots=True)
class _Job:
    do: Callable[[], Any]
    done: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: Exception | None = None


class Owner:
    """The thread that alone speaks to one instrument. Get one by `connected`.

    Parameters
    ----------
    address : Address
        Where the instrument is.
    name : str
        What the user calls it; errors name it.
    """

    def __init__(self, address: Address, name: str) -> None:
        self.address = address
        self.name = name
        self.users = 0
        self.hung = False
        self.identity = ""
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._session: Any = None
        self._thread = threading.Thread(target=self._run, name=f"instrument {name}", daemon=True)
        self._thread.start()

    # ---- called by anyone
    def query(self, command: str, deadline: float, check: Callable[[], None]) -> str:
        """Send a command and return the reply without its line end.

        Parameters
        ----------
        command : str
            What to send, without line end.
        deadline : float
            How long the reply may take in s.
        check : callable
            Called every 50 ms while waiting; what it raises ends the wait.

        Raises
        ------
        InstrumentError
            There is no reply in time, or the connection is broken.
        """
        return str(self._ask(lambda: self._query(command, deadline), deadline, command, check))

    def open(self, check: Callable[[], None]) -> None:
        """Open the connection if it is not open; `check` as in `query`.

        Raises
        ------
        InstrumentError
            It cannot be opened, or PyVISA is missing.
        """
        self._ask(self._open, _OPEN_DEADLINE, "opening", check)

    def close(self) -> None:
        """Ask the thread to close the connection and end; a driver that is busy does so when it returns."""
        self._jobs.put(None)
        self._thread.join(0.25)

    def wait_closed(self, check: Callable[[], None]) -> bool:
        """Wait until the thread has ended, up to 10 s; `check` as in `query`. False if it has not."""
        end = time.monotonic() + _OPEN_DEADLINE
        while self._thread.is_alive() and time.monotonic() < end:
            check()
            self._thread.join(_SLICE)
        return not self._thread.is_alive()

    def _ask(self, do: Callable[[], Any], deadline: float, what: str, check: Callable[[], None]) -> Any:
        if self.hung:
            raise InstrumentError(f"{self._who} hangs since an earlier command: switch it off and on, and run again")
        job = _Job(do)
        self._jobs.put(job)
        end = time.monotonic() + deadline + _GRACE
        while not job.done.wait(_SLICE):
            check()
            if time.monotonic() > end:
                self.hung = True
                raise InstrumentError(
                    f"the driver of {self._who} hangs in {what!r}: check the cable and the instrument"
                )
        if job.error is not None:
            raise job.error
        return job.result

    @property
    def _who(self) -> str:
        name, address = self.name, str(self.address)
        return f"instrument '{name}'" if name == address else f"instrument '{name}' ({address})"

    # ---- in the thread
    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.result = job.do()
            except Exception as error:  # noqa: BLE001 - drivers raise what they like; whoever asked gets it
                job.error = error
            job.done.set()
        self._shut()
        _forget(self)

    def _open(self) -> None:
        if self._session is not None:
            return
        try:
            import pyvisa
        except ImportError as error:
            raise InstrumentError(
                "the package pyvisa, which speaks to instruments, is missing: install flodesk with its extra 'visa'"
            ) from error
        try:
            manager = pyvisa.ResourceManager(self.address.library)
        except Exception as error:
            raise InstrumentError(
                f"the VISA library {self.address.library or '(default)'!r} of {self._who} cannot be loaded"
                f" ({_first_line(error)}): install it, or name another behind the address (@py, @ivi, @sim)"
            ) from error
        if self.address.library.endswith("@sim"):
            # the simulation opens any name, and then gives empty replies
            there = manager.list_resources("?*")
            if self.address.resource.upper() not in (name.upper() for name in there):
                raise InstrumentError(
                    f"{self._who} is not among the simulated instruments ({', '.join(there) or 'none'}):"
                    " correct its address"
                )
        try:
            session = manager.open_resource(self.address.resource, open_timeout=3000)
            session.write_termination = session.read_termination = "\n"
        except Exception as error:
            raise InstrumentError(
                f"{self._who} cannot be opened ({_first_line(error)}): check that it is on and its address is right"
            ) from error
        self._session = session

    def _query(self, command: str, deadline: float) -> str:
        self._open()
        import pyvisa

        try:
            self._session.timeout = max(1.0, deadline * 1000.0)
            self._session.write(command)
            # not read(): it warns about a reply without a line end, which serial instruments send now and then
            reply = str(self._session.read_raw().decode("utf-8", errors="replace")).strip()
            if command.strip().upper() == "*IDN?":
                self.identity = reply
            return reply
        except pyvisa.errors.VisaIOError as error:
            self._recover()
            if error.error_code == pyvisa.constants.StatusCode.error_timeout:
                raise InstrumentError(
                    f"{self._who} did not reply to {command!r} within {deadline:g} s: check that it is on and knows the"
                    " command, or give it more time"
                ) from error
            raise InstrumentError(
                f"{self._who} failed at {command!r} ({_first_line(error)}): check its cable"
            ) from error
        except OSError as error:
            self._recover()
            raise InstrumentError(f"{self._who} failed at {command!r} ({error}): check its cable") from error

    def _recover(self) -> None:
        """See to it that a late reply does not become the answer to the next command.

        On a network the connection is opened anew, which leaves late replies behind for certain; elsewhere the device
        is cleared and what still comes is read away.
        """
        if self.address.resource.upper().startswith("TCPIP"):
            self._shut()
            return
        with suppress(Exception):  # not every backend can; reading away follows
            self._session.clear()
        end = time.monotonic() + _GRACE
        with suppress(Exception):  # the time-out that ends the reading
            self._session.timeout = _QUIET * 1000.0
            while time.monotonic() < end:
                self._session.read_raw()

    def _shut(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(Exception):  # a lost peer cannot be closed politely
                session.close()


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".: ")


_owners: dict[Address, Owner] = {}
_lock = threading.Lock()


def identities() -> dict[str, dict[str, str]]:
    """Return the instruments that are connected, by name: the address, and what they said when asked ``*IDN?``.

    None is asked for it: some lock up.
    """
    with _lock:
        owners = list(_owners.values())
    return {
        owner.name: {"address": str(owner.address), **({"identity": owner.identity} if owner.identity else {})}
        for owner in owners
    }


@contextmanager
def connected(address: Address, name: str, check: Callable[[], None]) -> Iterator[Owner]:
    """Share the one owner of an instrument; the connection closes when its last user leaves.

    Parameters
    ----------
    address : Address
        Where the instrument is.
    name : str
        What the user calls it.
    check : callable
        Called every 50 ms while waiting for the connection; what it raises ends the wait.

    Yields
    ------
    Owner
        With an open connection.

    Raises
    ------
    InstrumentError
        It cannot be opened.
    """
    owner = _enter(address, name, check)
    try:
        owner.open(check)
        yield owner
    finally:
        _leave(owner)


def _enter(address: Address, name: str, check: Callable[[], None]) -> Owner:
    while True:
        with _lock:
            owner = _owners.get(address)
            if owner is None or owner.hung:
                owner = _owners[address] = Owner(address, name)
            if owner.users >= 0:
                owner.users += 1
                return owner
        # it is closing: two connections to one instrument at a time would be worse than a short wait
        if not owner.wait_closed(check):
            raise InstrumentError(f"instrument '{name}' ({address}) hangs in an earlier command: switch it off and on")


def _leave(owner: Owner) -> None:
    with _lock:
        owner.users -= 1
        if owner.users:
            return
        owner.users = -1
    owner.close()


def _forget(owner: Owner) -> None:
    with _lock:
        if _owners.get(owner.address) is owner:
            del _owners[owner.address]
