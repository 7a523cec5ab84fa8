"""Which modules a flow that comes to a worker may import: what is installed there is not all for everybody.

The signature says who may have a worker run a program; this says with which packages. What is looked at are the import
statements of the flow and of the modules that come with it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Container
from importlib.metadata import entry_points

from flodesk.engine.places.own_modules import imported
from flodesk.engine.places.server.signing import RefusedError
from flodesk.flow.packs import GROUP

USUAL = frozenset({"flodesk", "numpy", "pandas", "scipy", "PIL"})


class Anything(Container[str]):
    """All that is installed."""

    def __contains__(self, name: object) -> bool:
        """Whatever it is: what is not there is told by the flow that needs it."""
        return True


def allowed_modules(more: Collection[str] = ()) -> frozenset[str]:
    """Return the modules that flows may import: Python's own, flodesk, packs that are installed here, and these."""
    packs = {entry.value.partition(":")[0].partition(".")[0] for entry in entry_points(group=GROUP)}
    return frozenset(sys.stdlib_module_names) | USUAL | packs | frozenset(more)


def check_imports(text: str, allowed: Container[str], own: Container[str], where: str = "the flow") -> None:
    """Find out whether a text imports nothing but what is allowed.

    Parameters
    ----------
    allowed : container of str
        Modules; with a module all that is in it.
    own : container of str
        The user's own modules, which stand beside the flow.
    where : str
        What the text is, for the message.

    Raises
    ------
    RefusedError
        It imports another one; the text says which, where, and how the worker is to be started to allow it.
    """
    for name, line in imported(text).items():
        if not _is_in(name, allowed) and not _is_in(name, own):
            root = name.partition(".")[0]
            raise RefusedError(
                f"line {line} of {where} imports {name}, which is not among the modules that this worker allows: "
                f"start it with --allow {root}"
            )


def _is_in(name: str, modules: Container[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:count]) in modules for count in range(1, len(parts) + 1))
