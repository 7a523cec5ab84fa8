"""Secrets are references: a file says `secret:NAME`, and the run looks up what it is.

What it is stands in the environment of whoever runs the flow, or in the system's keyring: never in a file, a log, an
event or a message.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable
from typing import Any

_REFERENCE = re.compile(r"secret:([A-Za-z_][A-Za-z0-9_]*)")
_VARIABLE = "FLODESK_SECRET_"
_SERVICE = "flodesk"


def is_secret(text: str) -> bool:
    """Return whether a text is the reference of a secret: ``secret:NAME``."""
    return _REFERENCE.fullmatch(text) is not None


def secret(reference: str) -> str:
    """Look up a secret.

    It is the value of the environment variable ``FLODESK_SECRET_NAME`` or, without that, what the keyring of the system
    keeps for the service ``flodesk`` under that name, where the package `keyring` is installed.

    Parameters
    ----------
    reference : str
        ``secret:NAME``.

    Returns
    -------
    str
        The secret. It must not be written anywhere, nor stand in a message.

    Raises
    ------
    ValueError
        It is no reference. The text does not repeat what came: that may be the secret itself.
    LookupError
        There is no secret of that name here.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError("a password does not stand in a flow: write secret:NAME, with a name of letters and digits")
    name = found[1]
    variable = _VARIABLE + name.upper()
    value = os.environ.get(variable) or kept(name)
    if not value:
        raise LookupError(f"the secret {name} is not here: set the environment variable {variable} before flodesk runs")
    return value


class NotKeptError(LookupError):
    """The system's keyring cannot be written to; the text says why, and what to do."""


def kept(name: str) -> str | None:
    """Return what the system's keyring has under a name; None where it has nothing, or where there is none.

    Raises
    ------
    LookupError
        It is there, and cannot be read.
    """
    # not by an import statement: nodes that take secrets do not need the package
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None
    try:
        value: str | None = keyring.get_password(_SERVICE, name)
    except keyring.errors.KeyringError as error:
        if type(error).__name__ == "NoKeyringError":
            return None
        raise LookupError(
            f"the secret {name} cannot be read from the keyring ({type(error).__name__}): unlock it, or set the"
            f" environment variable {_VARIABLE}{name.upper()}"
        ) from None
    return value


def keep(name: str, value: str) -> None:
    """Keep a secret in the system's keyring.

    Raises
    ------
    NotKeptError
        It cannot be kept there.
    """
    _change(lambda keyring: keyring.set_password(_SERVICE, name, value))


def forget(name: str) -> None:
    """Take a secret out of the system's keyring, if it is there.

    Raises
    ------
    NotKeptError
        There is a keyring, and it cannot be written to.
    """
    if kept(name) is not None:
        _change(lambda keyring: keyring.delete_password(_SERVICE, name))


def _change(do: Callable[[Any], object]) -> None:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise NotKeptError("the package keyring is not installed: pip install keyring") from None
    try:
        do(keyring)
    except keyring.errors.KeyringError as error:
        if type(error).__name__ == "NoKeyringError":
            raise NotKeptError("this system has no keyring that the package keyring knows") from None
        raise NotKeptError(f"the system's keyring refuses it ({type(error).__name__}): unlock it") from None
