"""The user's settings of what goes to workers: ``[queue]`` in ``settings.toml``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wire:
    """How flows and values travel.

    Attributes
    ----------
    idle : float
        How long in s a session on a worker waits for another run of the same editor.
    patience : float
        How long in s both ends wait for a server that has gone.
    megabytes : float
        How large a value may be that goes from a worker to the window, in MB.
    """

    idle: float = 60.0
    patience: float = 30.0
    megabytes: float = 64.0
