"""Instruments that speak VISA: over the network, USB, GPIB or a serial line.

An instrument goes by the name of a connection, whose address stands in the flow's header::

    [tool.flodesk.connections]
    dmm = "TCPIP0::10.0.0.5::inst0::INSTR @py"

Behind the VISA resource name stands the library that opens it: ``@py`` (pure Python), ``@ivi`` (the maker's), or
``file.yaml@sim`` (a simulated instrument, described in that file). Instead of a name an address may be given.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated

from flodesk.instruments.address import Address
from flodesk.instruments.owner import Owner, connected
from flodesk.public import Range, Unit, context, node

__all__ = ["Query", "poll"]

Seconds = Annotated[float, Unit("s"), Range(0.001)]


def _enter(stack: ExitStack, instrument: str) -> Owner:
    """Connect to an instrument until the stack is closed."""
    run = context()
    if not instrument:
        raise ValueError("no instrument is named: enter the name of a connection of this flow, or a VISA address")
    address = Address.parse(run.connection(instrument), run.path)
    return stack.enter_context(connected(address, instrument, run.check))


@node(tags=("read", "measure", "instrument", "voltmeter", "scpi", "gpib", "usb"), pure=False)
def poll(instrument: str, command: str = "READ?", period: Seconds = 0.1, deadline: Seconds = 2.0) -> Iterator[float]:
    """Read a number from an instrument again and again.

    Parameters
    ----------
    instrument : str
        Name of a connection of this flow, or a VISA address.
    command : str
        What to send for a reading; the reply is one number.
    period : float
        Time from one reading to the next in s; an instrument that is slower is read as fast as it goes.
    deadline : float
        How long a reply may take in s.

    Yields
    ------
    float
        The reading, in the unit that the instrument is set to.

    Raises
    ------
    InstrumentError
        The instrument cannot be opened, or does not reply in time.
    ValueError
        The address makes no sense, or the reply is no number.

    Examples
    --------
    >>> readings = visa.poll("GPIB0::8::INSTR @sim", command="?FREQ")  # a simulated generator
    >>> next(readings)
    100.0
    >>> readings.close()
    """
    run = context()
    if not period > 0.0:
        raise ValueError(f"the period is {period:g} s: it must be above 0 s")
    with ExitStack() as stack:
        owner = _enter(stack, instrument)
        due = time.monotonic()
        while True:
            reply = owner.query(command, deadline, run.check)
            try:
                reading = float(reply)
            except ValueError as error:
                raise ValueError(
                    f"instrument '{instrument}' replied {reply[:60]!r} to {command!r}, which is no number:"
                    " check the command"
                ) from error
            yield reading
            # a slow turn does not move those after it, but what was missed is not read in a rush either
            due = max(due + period, time.monotonic() - period)
            wait = due - time.monotonic()
            if wait > 0.0:
                run.sleep(wait)
            else:
                run.check()


@node(tags=("ask", "command", "instrument", "scpi", "identity"), pure=False)
class Query:
    """Send a command to an instrument and give its reply as text.

    Parameters
    ----------
    instrument : str
        Name of a connection of this flow, or a VISA address.
    command : str
        What to send.
    deadline : float
        How long the reply may take in s.

    Raises
    ------
    InstrumentError
        The instrument cannot be opened.
    ValueError
        The address makes no sense.

    Examples
    --------
    >>> ask = visa.Query("GPIB0::8::INSTR @sim", command="?IDN")  # a simulated generator
    >>> ask()
    'LSG Serial #1234'
    >>> ask.close()
    """

    def __init__(self, instrument: str, command: str = "*IDN?", deadline: Seconds = 2.0) -> None:
        self._command = command
        self._deadline = deadline
        self._stack = ExitStack()
        self._owner = _enter(self._stack, instrument)

    def __call__(self, trigger: object = None) -> str:
        """Ask once.

        Parameters
        ----------
        trigger : object, optional
            Whatever this is wired to decides when to ask; the value plays no part.

        Returns
        -------
        str
            The reply without its line end.

        Raises
        ------
        InstrumentError
            There is no reply in time, or the connection is broken.
        """
        return self._owner.query(self._command, self._deadline, context().check)

    def close(self) -> None:
        """Let go of the instrument; its last user closes the connection."""
        self._stack.close()
