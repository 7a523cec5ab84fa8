"""Packages that only some formats need: said to be missing before a file is made."""

from __future__ import annotations

import importlib.util
import sys


def needed(package: str, extra: str) -> None:
    """See that a package is there.

    Raises
    ------
    ModuleNotFoundError
        It is not; the text says how it is installed.
    """
    if package not in sys.modules and importlib.util.find_spec(package) is None:
        raise ModuleNotFoundError(
            f"the package {package} is missing: install it with  pip install 'flodesk[{extra}]'", name=package
        )
