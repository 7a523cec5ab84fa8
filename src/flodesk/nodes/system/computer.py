"""What computer it is, and what it is told from outside."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from flodesk.nodes._disk import missing
from flodesk.public import context, node


class Computer(NamedTuple):
    """What computer a flow runs on.

    Attributes
    ----------
    name : str
        What it is called in the network.
    system, version : str
        The operating system, and which version of it.
    machine : str
        The kind of its processor.
    cores : int
        Number of processors that this program may use.
    memory : int
        Its memory, a number of bytes; 0 where the system does not say.
    python : str
        The version of Python.
    """

    name: str
    system: str
    version: str
    machine: str
    cores: int
    memory: int
    python: str


@node(title="Computer", tags=("platform", "host", "hostname", "cpu", "cores", "memory", "ram", "os"), pure=False)
def computer(trigger: object = None) -> Computer:
    """Say what computer the flow runs on.

    Parameters
    ----------
    trigger : object, optional
        Whatever this is wired to decides when it is asked; the value plays no part.

    Returns
    -------
    name : str
        What it is called in the network.
    system : str
        The operating system: ``Linux``, ``Windows``, ``Darwin``.
    version : str
        Which version of it.
    machine : str
        The kind of its processor: ``x86_64``, ``arm64``.
    cores : int
        Number of processors that this program may use.
    memory : int
        Its memory, a number of bytes; 0 where the system does not say.
    python : str
        The version of Python.

    Examples
    --------
    >>> system.computer().cores > 0
    True
    """
    return Computer(
        platform.node(), platform.system(), platform.release(), platform.machine(), _cores(), _memory(),
        platform.python_version(),
    )  # fmt: skip


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> int:
    if sys.platform == "win32":
        import ctypes

        size = ctypes.c_ulonglong()
        known = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(size))
        return size.value * 1024 if known else 0
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 0


class Space(NamedTuple):
    """How full a disk is.

    Attributes
    ----------
    free, total : int
        Numbers of bytes.
    share : float
        What is free of the whole, from 0 to 1 (dimensionless).
    """

    free: int
    total: int
    share: float


@node(title="Disk space", tags=("free", "full", "drive", "volume", "storage", "bytes"), pure=False)
def disk_space(folder: Path | None = None, trigger: object = None) -> Space:
    """Say how much room is left on a disk.

    Parameters
    ----------
    folder : Path, optional
        Any folder or file on that disk; a relative name counts from the folder of the flow, which it is without one.
    trigger : object, optional
        Whatever this is wired to decides when it is asked; the value plays no part.

    Returns
    -------
    free : int
        Number of bytes that can be written.
    total : int
        Number of bytes of the whole disk.
    share : float
        What is free of the whole, from 0 (full) to 1 (empty), dimensionless.

    Raises
    ------
    FileNotFoundError
        There is no such folder.

    Examples
    --------
    >>> 0.0 <= system.disk_space().share <= 1.0
    True
    """
    place = context().path(folder or Path())
    try:
        told = shutil.disk_usage(place)
    except FileNotFoundError:
        raise missing(place) from None
    return Space(told.free, told.total, told.free / told.total if told.total else 0.0)


@node(tags=("env", "getenv", "setting", "configuration", "shell", "variable"), pure=False)
def environment_variable(name: str, default: str | None = None) -> str:
    """Read a variable of the environment that flodesk was started in.

    Parameters
    ----------
    name : str
        Name of the variable.
    default : str, optional
        What to give if there is none; without it that is an error.

    Returns
    -------
    str
        Its value.

    Raises
    ------
    LookupError
        There is no such variable, and no default.
    PermissionError
        It holds a secret: these are not given to wires, which show them.

    Examples
    --------
    >>> system.environment_variable("LAB_ROOM", default="B 12")
    'B 12'
    """
    if name.upper().startswith("FLODESK_SECRET_"):
        short = name[len("FLODESK_SECRET_") :]
        raise PermissionError(f"{name} is a secret: write secret:{short} at the node that needs it")
    value = os.environ.get(name, default)
    if value is None:
        raise LookupError(f"there is no variable {name}: set it before flodesk is started, or give a default")
    return value
