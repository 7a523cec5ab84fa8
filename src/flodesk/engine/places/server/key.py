"""The project's key, with which those who start flows and the workers that run them know each other.

It is no part of a flow, a message or a command line. It is looked for in this order: the file that is named, the
variables of the environment, the system's keyring, the data folder.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.places.server.server_address import naming
from flodesk.engine.places.server.stream import PlaceError

VARIABLE = "FLODESK_KEY"
FILE_VARIABLE = "FLODESK_KEY_FILE"
FILE = "queue.key"
"""Its name in the data folder."""
SERVICE, NAME = "flodesk", "queue-key"
"""Under which the system's keyring has it."""
LEAST = 16
"""Characters below which it could be guessed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, and in words where it is from."""

    secret: bytes = field(repr=False)
    origin: str


def find_key(file: str = "") -> Key | None:
    """Return the key that is here, None if there is none.

    Parameters
    ----------
    file : str
        Where it stands, if that is named.

    Raises
    ------
    PlaceError
        What is named as the key cannot be read, or is none.
    """
    if file:
        return _read(Path(file), f"the file {file}")
    found = _before_the_folder()
    if found is not None:
        return found
    try:
        own = data_folder() / FILE
    except FolderError:
        return None
    return _read(own, f"the file {own}") if own.exists() else None


def _before_the_folder() -> Key | None:
    """Return the key that counts whatever the data folder has."""
    if text := os.environ.get(VARIABLE, "").strip():
        return _checked(text, f"${VARIABLE}")
    if named := os.environ.get(FILE_VARIABLE, ""):
        return _read(Path(named), f"the file {named} (${FILE_VARIABLE})")
    if text := _in_keyring():
        return _checked(text, "the system's keyring")
    return None


def find_or_make_key() -> Key:
    """Return the key that is here, or one that is made and kept in the data folder, readable by this user alone.

    Raises
    ------
    PlaceError
        There is none and none can be kept.
    """
    found = find_key()
    if found is not None:
        return found
    try:
        _keep(data_folder() / FILE, secrets.token_urlsafe(32))
    except (FolderError, OSError) as error:
        raise PlaceError(
            f"Flows on a queue are signed with a key, and none can be kept: {error}. Set ${VARIABLE} here and where "
            "the worker is"
        ) from error
    made = find_key()
    assert made is not None
    return made


def import_key(file: Path) -> Key:
    """Keep the key that stands in a file as that of this machine, in the place of one that was there; return it.

    Raises
    ------
    PlaceError
        It is no key, or cannot be kept, or would not count, as another one comes before it.
    """
    found = _read(file, f"the file {file}")
    try:
        own = data_folder() / FILE
        first = _before_the_folder()
        if first is not None:
            raise PlaceError(f"The key of {first.origin} comes before one that is imported: take that out first")
        whole = own.with_name(f".{FILE}.{secrets.token_hex(4)}")
        _keep(whole, found.secret.decode())
        whole.replace(own)
    except (FolderError, OSError) as error:
        raise PlaceError(f"The key cannot be kept: {error}") from error
    naming.tell()
    return Key(found.secret, f"the file {own}")


def mark_of(secret: bytes) -> str:
    """Return by which a key is told from others, and from which nobody finds it out."""
    return hmac.new(secret, b"flodesk: which key is this?", "sha256").hexdigest()[:16]


def how_to_get_one(origin: str = "") -> str:
    """Say what whoever starts a worker has to do about its key.

    Parameters
    ----------
    origin : str
        Where the key of those who start flows is, in words, where that is known.
    """
    copied = origin.removeprefix("the file ") if origin.startswith("the file ") else ""
    source = copied or f"the file {FILE} of flodesk's data folder on the machine where flows are started"
    return f"copy {source} there and start it with flodesk worker --key-file {FILE}, or set ${VARIABLE} on both sides"


def _keep(path: Path, text: str) -> None:
    """Write a file that only this user may read, whole or not at all; one that is there by now stays."""
    new = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(text + "\n")
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink(missing_ok=True)


def _read(path: Path, origin: str) -> Key:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text"
        raise PlaceError(f"The key in {origin} cannot be read: {words}") from error
    return _checked(text, origin)


def _checked(text: str, origin: str) -> Key:
    if len(text) < LEAST:
        raise PlaceError(f"What {origin} holds is no key: it takes at least {LEAST} characters, best made by chance")
    return Key(text.encode(), origin)


def _in_keyring() -> str:
    # not by an import statement: the package is not among those that flodesk needs
    try:
        keyring: Any = import_module("keyring")
        return str(keyring.get_password(SERVICE, NAME) or "").strip()
    except Exception:  # noqa: BLE001 - none is installed, or it is locked, or any of its backends fails: the next source
        return ""
