"""What flows need most, imported before they come."""

from __future__ import annotations

import contextlib
import gc
import pkgutil
from importlib import import_module
from typing import Any

from flodesk.flow.packs import packs

LIBRARY = "flodesk.nodes"
PRELOADED = ("numpy", "scipy.signal", "pandas")


def preload() -> None:
    """Import it, with the packs that are installed, and keep it out of the way of processes that are forked later."""
    library: Any = import_module(LIBRARY)
    nodes = (found.name for found in pkgutil.iter_modules(library.__path__, f"{LIBRARY}."))
    others = (pack.module for pack in packs() if pack.module != LIBRARY)
    for module in (*PRELOADED, *nodes):
        with contextlib.suppress(ImportError):  # what a flow needs and has not is told by the flow
            import_module(module)
    for module in others:
        with contextlib.suppress(Exception):  # a pack that cannot be imported is told by the flow that needs it
            import_module(module)
    # what is here by now stays: without this, the first collection in a fork copies every page that it looks at
    gc.collect()
    gc.freeze()
