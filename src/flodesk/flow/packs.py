"""Packs of node types: packages that say by an entry point of the group ``flodesk.nodes`` that they hold nodes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

GROUP = "flodesk.nodes"
"""The group of entry points: ``optics = "lab_optics.nodes"`` names a package, or a module, of node types."""
OURS = "flodesk.nodes"
"""The package that our own node types live in: a pack like any other, and the first one."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that is installed.

    Attributes
    ----------
    name : str
        What it calls itself.
    module : str
        The package or module that its node types live in.
    distribution : str
        What pip calls it, with its version; empty where that is not known.
    """

    name: str
    module: str
    distribution: str = ""


@cache
def packs() -> tuple[Pack, ...]:
    """Return the packs that are installed, ours first; one that two entry points name is there once.

    They are looked up once a process: what is installed meanwhile is there after the next start.
    """
    found = {OURS: Pack("flodesk", OURS)}  # also where flodesk runs from its source, and is not installed
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        module = entry.value.partition(":")[0].strip()
        version = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else ""
        if module not in found:
            found[module] = Pack(entry.name, module, version)
    return tuple(found.values())
