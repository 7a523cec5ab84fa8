"""The user's own modules that a flow imports from beside it: found where it is edited, put down where it runs."""

from __future__ import annotations

import ast
import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flodesk.engine.folders import data_folder
from flodesk.engine.workfolder import folder_of

FOLDER = "code"
MOST_BYTES = 16 << 20
"""Of all modules of a flow."""


class ModulesError(Exception):
    """They cannot be had: the text says why."""


def modules_beside(text: str, path: str, otherwise: str) -> dict[str, bytes]:
    """Return the modules that a flow imports from beside it, and what these import: code by place below its folder.

    Parameters
    ----------
    otherwise : str
        What to do where they are too many.

    Raises
    ------
    ModulesError
        They cannot be read, or are too many.
    """
    folder = folder_of(path)
    found: dict[str, bytes] = {}
    if not folder:
        return found
    wanted, asked = deque(_roots(text)), set(_roots(text))
    while wanted:
        for file in _files(Path(folder), wanted.popleft()):
            place = file.relative_to(folder).as_posix()
            if place in found:
                continue
            try:
                found[place] = file.read_bytes()
            except OSError as error:
                raise ModulesError(
                    f"{file} cannot be read, and the flow needs it: {error.strerror or error}"
                ) from error
            more = set(_roots(found[place].decode(errors="replace"))) - asked
            wanted.extend(more)
            asked |= more
    if (size := sum(map(len, found.values()))) > MOST_BYTES:
        raise ModulesError(
            f"The modules beside the flow take {size / 1e6:.0f} MB; {MOST_BYTES >> 20} MB go to a worker at most. "
            f"{otherwise}"
        )
    return found


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the hash of each content, by its place."""
    return {place: hashlib.sha256(code).hexdigest() for place, code in files.items()}


def folder_for(
    files: Mapping[str, str], fetch: Callable[[str, str], bytes], look: Callable[[str, bytes], None] | None = None
) -> str:
    """Return a folder with modules in it, named by what they are, that only this user may read.

    Parameters
    ----------
    files : mapping
        The hash of each content, by its place.
    fetch : callable
        Gives the content of a place with that hash; called for what is not there yet.
    look : callable, optional
        Takes each place and its content, and may raise.

    Raises
    ------
    FolderError, OSError
        It cannot be made.
    ValueError
        A place is none below a folder.
    """
    for place in files:
        parts = PurePosixPath(place).parts
        if not parts or PurePosixPath(place).is_absolute() or ".." in parts or "\\" in place or ":" in place:
            raise ValueError(f"{place!r} is no place below the folder of a flow")
    name = hashlib.sha256(json.dumps(sorted(files.items())).encode()).hexdigest()[:32]
    folder = data_folder(FOLDER) / name
    fresh = not folder.is_dir()
    if not fresh and look is None:
        return str(folder)
    new = folder.with_name(f".{name}.{secrets.token_hex(4)}") if fresh else folder
    try:
        for place, wanted in files.items():
            code = fetch(place, wanted) if fresh else folder.joinpath(place).read_bytes()
            if look is not None:
                look(place, code)
            if fresh:
                _write(new, place, code)
        if fresh:
            with contextlib.suppress(OSError):  # another session has made it meanwhile
                new.rename(folder)
    finally:
        if fresh:
            shutil.rmtree(new, ignore_errors=True)
    return str(folder)


def imported(text: str) -> dict[str, int]:
    """Return what a text imports, each with the line where it does so first; nothing of a text that is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}  # the run says what is wrong with it, and where
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        for name in _imported(node):
            found.setdefault(name, getattr(node, "lineno", 0))
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        # what is allowed may be a module of a package: `from package import module`
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _write(folder: Path, place: str, code: bytes) -> None:
    file = folder.joinpath(*PurePosixPath(place).parts)
    for part in (folder, *(folder / up for up in reversed(PurePosixPath(place).parents) if up.parts)):
        part.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(code)


def _roots(text: str) -> list[str]:
    return list(dict.fromkeys(name.partition(".")[0] for name in imported(text)))


def _files(folder: Path, root: str) -> Iterator[Path]:
    """Give the files of a module beside a flow; none where there is none."""
    if not root or root == "flodesk":
        return
    try:
        if (module := folder / f"{root}.py").is_file():
            yield module
        elif (package := folder / root).is_dir():
            yield from sorted(file for file in package.rglob("*.py") if file.is_file())
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:  # no file can have this name: the module is none from beside
            why = error.strerror or error
            raise ModulesError(f"Whether {root} stands beside the flow cannot be seen in {folder}: {why}") from error


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules beside a flow, on their way.

    Attributes
    ----------
    files : mapping
        By their place below the folder of the flow: the hash of what is in each, and where that is in `code`.
    missing : str
        Why they cannot be had.
    """

    files: Mapping[str, tuple[str, int, int]]
    code: bytes
    missing: str = ""

    @classmethod
    def of(cls, text: str, path: str) -> Modules:
        """Collect them."""
        try:
            found = modules_beside(text, path, "Install them where the workers are.")
        except ModulesError as error:
            return cls({}, b"", str(error))
        files: dict[str, tuple[str, int, int]] = {}
        start = 0
        for place, mark in hashes_of(found).items():
            files[place] = mark, start, len(found[place])
            start += len(found[place])
        return cls(files, b"".join(found.values()))
