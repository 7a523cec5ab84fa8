"""Flows as files: loaded with the encoding they say they have, saved as a whole or not at all."""

from __future__ import annotations

import codecs
import errno
import io
import os
import secrets
import stat
import tokenize
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from flodesk.flow.model import Flow
from flodesk.flow.script.errors import SaveError, ScriptError
from flodesk.flow.script.reader import read
from flodesk.flow.script.writer import write

_CODING = "the coding line names an encoding that cannot be used; save the file as UTF-8 and take the line out"
LIMIT = 32 * 2**20
"""Largest file that is opened, in bytes: a script of this size is no script."""


def load(path: str | os.PathLike[str]) -> Flow:
    """Open a script as a flow. Nothing of it is run.

    Parameters
    ----------
    path : path
        A Python file, in UTF-8 or in the encoding that its first lines name.

    Raises
    ------
    ScriptError
        It is no Python script, not in its encoding, or too large; `line` says where.
    OSError
        It is not there, a folder, or may not be read; the text says which, and what to do.
    """
    return from_bytes(content(path))


def content(path: str | os.PathLike[str]) -> bytes:
    """Return what a script's file holds.

    Raises
    ------
    ScriptError, OSError
        It is too large to be a script; it cannot be read.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise type(error)(error.errno, _why_not_read(error, path), str(path)) from error
    if len(data) > LIMIT:
        raise ScriptError(f"{path} is larger than {LIMIT // 2**20} MB: this is hardly a script. Choose another file")
    return data


def from_bytes(data: bytes) -> Flow:
    """Read what a file holds as a flow; raises `ScriptError` as `load` does."""
    text, encoding = decode(data)
    return replace(read(text), encoding=encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Turn the bytes of a script into text, by its byte order mark, its coding line, or else UTF-8.

    Returns
    -------
    text, encoding
        `encoding` is ``utf-8-sig`` where there is a byte order mark.

    Raises
    ------
    ScriptError
        They are not in that encoding, or nobody knows it; `line` says where.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise ScriptError("this file is in UTF-16, which Python does not read; save it as UTF-8", 1)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).readline)
    except SyntaxError as error:
        if "encoding problem" in str(error) or "unknown encoding" in str(error):
            raise ScriptError(f"{_CODING}: {error.msg}", _coding_line(data)) from error
        encoding = "utf-8"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        advice = "save it as UTF-8, or name its encoding in the first line, as in '# -*- coding: latin-1 -*-'"
        raise ScriptError(f"byte {data[error.start]:#04x} is not {encoding}; {advice}", line) from error
    except (LookupError, ValueError) as error:
        raise ScriptError(f"{_CODING}: {error}", _coding_line(data)) from error


def _coding_line(data: bytes) -> int:
    return 1 if b"coding" in data.split(b"\n", 1)[0] else 2


def save(flow: Flow, path: str | os.PathLike[str]) -> bytes:
    """Write a flow to a file: all of it, or what was there before stays untouched.

    The text goes to a new file in the same folder, which then takes the place of the old one. A link is followed;
    who may read and write the file stays as it was.

    Returns
    -------
    bytes
        What the file holds now.

    Raises
    ------
    SaveError
        It could not be written; the text says why and what to do.
    """
    return save_text(write(flow), path, flow.encoding)


def save_text(text: str, path: str | os.PathLike[str], encoding: str = "utf-8") -> bytes:
    """Write the text of a script to a file, as `save` does a flow, and with its errors; it need not be Python yet."""
    path = Path(path)
    try:
        data = text.encode(encoding)
    except (UnicodeEncodeError, LookupError) as error:
        raise SaveError(None, _why_not_encoded(text, encoding, error), str(path)) from error
    try:
        _replace(Path(os.path.realpath(path)), data)
    except OSError as error:
        raise SaveError(error.errno, _why_not_saved(error, path), str(path)) from error
    return data


def _replace(path: Path, data: bytes) -> None:
    """Put a new file in the place of an old one, in one step."""
    new = write_beside(path, data)
    try:
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    _sync_folder(path.parent)


def write_beside(path: Path, data: bytes) -> Path:
    """Write what is to take the place of a file, with its rights, and return where it stands: beside it.

    Raises
    ------
    OSError
        It cannot be written, or what stands there is no file that may be written; nothing is left.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    old = path.stat() if path.exists() else None
    if old and not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "it is no file but a pipe or a device")  # opening it may wait without an end
    if old:
        # A file that may not be written is not replaced either, although the folder may allow it.
        os.close(os.open(path, os.O_WRONLY))
    new = path.with_name(f".{path.name[:60]}.{secrets.token_hex(4)}.tmp")
    # Until it has the rights of the old one, a new file is nobody else's to read; where there is no old one, the
    # system's mask decides.
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if old else 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if old:
            _keep_rights(old, new)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise
    return new


def _keep_rights(old: os.stat_result, new: Path) -> None:
    """Give a new file the rights and the owner of the one that it replaces."""
    if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (new.stat().st_uid, new.stat().st_gid):
        # Only the superuser gives files away; for all others the file is theirs from now on.
        with suppress(OSError):
            os.chown(new, old.st_uid, old.st_gid)
    new.chmod(stat.S_IMODE(old.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be opened."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# ------------------------------------------------------------------ in words
def _why_not_read(error: OSError, path: Path) -> str:
    match error:
        case FileNotFoundError():
            return f"there is no file {path}. Check the name and the folder"
        case IsADirectoryError():
            return f"{path} is a folder. Choose a file in it"
        case PermissionError() if path.is_dir():
            return f"{path} is a folder. Choose a file in it"
        case PermissionError():
            return f"{path} may not be read by you. Change its permissions or copy it"
        case _:
            return f"{path} could not be read: {error.strerror or error}"


def _why_not_saved(error: OSError, path: Path) -> str:
    kept = "What was saved before is still there"
    folder = path.parent
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return f"there is no room left for {path}. Make room on the disk or save elsewhere. {kept}"
        case errno.EROFS:
            return f"{path} is on a disk that cannot be written to. Save elsewhere. {kept}"
        case errno.ENOENT | errno.ENOTDIR:
            return f"there is no folder {folder}. Make it or save elsewhere"
        case errno.EISDIR:
            return f"{path} is a folder. Give the file a name of its own"
        case errno.ENAMETOOLONG:
            return f"the name of {path} is too long. Choose a shorter one"
        case errno.EACCES | errno.EPERM:
            return f"{path} may not be written by you. Change the permissions or save elsewhere. {kept}"
        case _:
            return f"{path} could not be saved: {error.strerror or error}. {kept}"


def _why_not_encoded(text: str, encoding: str, error: UnicodeEncodeError | LookupError) -> str:
    if isinstance(error, LookupError):
        return f"the file's encoding, {encoding}, is not known here. Change its coding line to utf-8"
    line = text.count("\n", 0, error.start) + 1
    character = text[error.start]
    return f"line {line} holds {character!a}, which {encoding} does not have. Change the file's coding line to utf-8"
