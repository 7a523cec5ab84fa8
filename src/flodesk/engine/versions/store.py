"""Where versions are: texts by their hash, compressed, and for each file a list of when there was which.

``versions/texts/ab/abcd….z`` is a text, once for all files that had it; ``versions/lists/HASH.jsonl`` tells of one
file: its path, then a line a version. Lines are only added, so that several programs may keep versions of one file; a
list is written anew, in one step, where versions are dropped. A text is there before a line names it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from flodesk.engine.folders import FolderError, data_folder
from flodesk.engine.versions.settings import Keeping

Why = Literal["opened", "saved", "outside", "recovered", "before"]
"""Found when it was opened, saved here, changed by others, restored after a crash, left for an older one."""
_FOLDER = "versions"
_DAY = 86400.0


class VersionsError(Exception):
    """Versions cannot be kept or read; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file.

    Attributes
    ----------
    id : str
        Its name: unique among those of its file.
    time : float
        When, in s since 1970.
    why : str
        How it came to be.
    text : str
        The hash (SHA-256) of what the file held.
    size : int
        In bytes.
    words : tuple of str
        What is different from the version before: in numbers, then a line a difference.
    """

    id: str
    time: float
    why: Why
    text: str
    size: int = 0
    words: tuple[str, ...] = ()


class Versions:
    """The versions of all files.

    Parameters
    ----------
    folder : Path, optional
        Where they are: in the data folder unless said otherwise.

    Raises
    ------
    VersionsError
        There is no place for them.
    """

    def __init__(self, folder: Path | None = None) -> None:
        try:
            self.folder = folder if folder is not None else data_folder(_FOLDER)
        except FolderError as error:
            raise VersionsError(f"versions cannot be kept: {error}") from error

    # -------------------------------------------------------------- looking
    def of(self, path: Path) -> list[Version]:
        """Return the versions of a file, the newest first."""
        return _versions(_lines(self._list(path)))

    def text(self, version: Version) -> bytes:
        """Return what the file held.

        Raises
        ------
        VersionsError
            It is gone, or broken.
        """
        file = self._text(version.text)
        try:
            data = zlib.decompress(file.read_bytes())
        except (OSError, zlib.error) as error:
            raise VersionsError(f"the version of {_when(version.time)} cannot be read: {error}") from error
        if hashlib.sha256(data).hexdigest() != version.text:
            raise VersionsError(f"the version of {_when(version.time)} is broken: {file} holds something else")
        return data

    def picture(self, version: Version, theme: str) -> Path:
        """Return where the picture of a version is, or would be, in a theme."""
        return self._text(version.text).with_suffix(f".{theme}.png")

    # -------------------------------------------------------------- keeping
    def keep(self, path: Path, data: bytes, why: Why, words: Iterable[str] = (), when: float | None = None) -> bool:
        """Keep what a file holds; False if the newest version of it is the same.

        Raises
        ------
        VersionsError
            It cannot be written.
        """
        digest = hashlib.sha256(data).hexdigest()
        newest = next(iter(self.of(path)), None)
        if newest is not None and newest.text == digest:
            return False
        stamp = time.time() if when is None else when
        if newest is not None:
            stamp = max(stamp, newest.time + 0.001)  # a clock that was put back must not change their order
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(stamp))}-{digest[:6]}{secrets.token_hex(1)}"
        version = Version(name, round(stamp, 3), why, digest, len(data), tuple(words))
        try:
            file = self._text(digest)
            if not file.exists():
                _write(file, zlib.compress(data, 6))
            listed = self._list(path)
            listed.parent.mkdir(parents=True, exist_ok=True)
            head = "" if listed.exists() else json.dumps({"file": _name(path)}) + "\n"
            with listed.open("a", encoding="utf-8", newline="\n") as lines:
                lines.write(head + json.dumps(asdict(version)) + "\n")
        except OSError as error:
            raise VersionsError(f"a version of {path.name} could not be kept: {error.strerror or error}") from error
        return True

    def drop(self, path: Path, ids: Iterable[str]) -> int:
        """Forget versions of a file; returns how many there were."""
        gone = set(ids)
        versions = self.of(path)
        kept = [version for version in versions if version.id not in gone]
        if len(kept) < len(versions):
            self._rewrite(self._list(path), _name(path), kept)
            self._sweep({version.text for version in versions} - {version.text for version in kept})
        return len(versions) - len(kept)

    def prune(self, keeping: Keeping, now: float | None = None) -> int:
        """Forget the oldest versions, as the settings say; of each file the newest stays. Returns how many."""
        now = time.time() if now is None else now
        lists = {file: _versions(_lines(file)) for file in self._lists()}
        kept = {file: _within(versions, keeping, now) for file, versions in lists.items()}
        if keeping.keep_megabytes:
            self._fit(kept, keeping.keep_megabytes * 1e6)
        texts: set[str] = set()
        dropped = 0
        for file, versions in lists.items():
            if len(kept[file]) < len(versions):
                dropped += len(versions) - len(kept[file])
                texts |= {version.text for version in versions} - {version.text for version in kept[file]}
                self._rewrite(file, _path_of(file), kept[file])
        if texts:
            self._sweep(texts)
        return dropped

    # -------------------------------------------------------------- inner
    def _fit(self, kept: dict[Path, list[Version]], room: float) -> None:
        """Take the oldest versions of all files away, in place, until what is left has room."""
        sizes: dict[str, int] = {}
        users: dict[str, int] = {}
        for versions in kept.values():
            for version in versions:
                users[version.text] = users.get(version.text, 0) + 1
                if version.text not in sizes:
                    with suppress(OSError):
                        sizes[version.text] = self._text(version.text).stat().st_size
        used = sum(sizes.values())
        oldest = sorted(
            ((version.time, file, version) for file, versions in kept.items() for version in versions[1:]),
            key=lambda one: one[0],
        )
        for _, file, version in oldest:
            if used <= room:
                return
            kept[file].remove(version)
            users[version.text] -= 1
            if not users[version.text]:
                used -= sizes.get(version.text, 0)

    def _sweep(self, texts: set[str]) -> None:
        """Remove those of these texts, with their pictures, that no list names any more."""
        named = {version.text for file in self._lists() for version in _versions(_lines(file))}
        for digest in texts - named:
            file = self._text(digest)
            for part in (file, *file.parent.glob(f"{digest}.*.png")):
                with suppress(OSError):
                    part.unlink()

    def _rewrite(self, file: Path, name: str, versions: list[Version]) -> None:
        lines = [json.dumps({"file": name}), *(json.dumps(asdict(version)) for version in reversed(versions))]
        try:
            _write(file, "".join(line + "\n" for line in lines).encode())
        except OSError as error:
            raise VersionsError(f"{file} could not be written: {error.strerror or error}") from error

    def _lists(self) -> list[Path]:
        return sorted((self.folder / "lists").glob("*.jsonl"))

    def _list(self, path: Path) -> Path:
        name = _name(path).encode("utf-8", "surrogatepass")  # Linux knows names that are no text
        return self.folder / "lists" / f"{hashlib.sha256(name).hexdigest()[:32]}.jsonl"

    def _text(self, digest: str) -> Path:
        return self.folder / "texts" / digest[:2] / f"{digest}.z"


def _within(versions: list[Version], keeping: Keeping, now: float) -> list[Version]:
    kept = versions[: keeping.keep_versions] if keeping.keep_versions else list(versions)
    if keeping.keep_days:
        kept = kept[:1] + [version for version in kept[1:] if version.time >= now - keeping.keep_days * _DAY]
    return kept


def _write(file: Path, data: bytes) -> None:
    """Write a file as a whole: another program, or a kill, never meets half of one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        new.write_bytes(data)
        new.replace(file)
    except BaseException:
        with suppress(OSError):
            new.unlink()
        raise


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Return the lines of a list; one that was cut off when the power went is passed over."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def _versions(lines: Iterable[dict[str, Any]]) -> list[Version]:
    found = []
    for line in lines:
        try:
            version = Version(
                **{key: line[key] for key in ("id", "time", "why", "text", "size", "words") if key in line}
            )
        except (KeyError, TypeError):
            continue  # the line of the path
        found.append(replace(version, words=tuple(version.words)))
    return sorted(found, key=lambda version: version.time, reverse=True)


def _path_of(file: Path) -> str:
    return next((str(line["file"]) for line in _lines(file) if "file" in line), "")


def _name(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
