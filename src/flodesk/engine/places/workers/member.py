"""What a worker has to know, and what it is called."""

from __future__ import annotations

import os
import platform
import re
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """What a worker has to know.

    Attributes
    ----------
    own : bool
        Whether it is there for whoever started it, alone.
    name : str
        What it is called; by default it names itself.
    """

    url: str
    queues: tuple[str, ...]
    key_file: str = ""
    allow: tuple[str, ...] = ()
    fork: bool = True
    own: bool = False
    name: str = ""


def new_name(number: int = 0) -> str:
    """Return a name for a worker by which people find it: no other has it, also where a process id comes again.

    Parameters
    ----------
    number : int
        Which one it is of those that this process has started; 0 is this process.
    """
    host = re.sub(r"[^\w.-]", "-", platform.node()) or "worker"
    return f"{host}.{os.getpid()}{f'-{number}' if number else ''}.{secrets.token_hex(2)}"
