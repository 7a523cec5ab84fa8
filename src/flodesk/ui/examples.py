"""The flows that come with flodesk, each with the data files that it reads: shown by title, opened as copies."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from flodesk.engine.folders import FolderError, data_folder
from flodesk.flow.script import read
from flodesk.resource import resource

LIVE = "noisy_sine"
log = logging.getLogger(__name__)
_DATA = (".csv", ".yaml")
_COPIES = "examples"
"""The folder of the data folder that the copies are in, and its numbered folders where one was changed."""


TAGS = (
    "signals",
    "measuring",
    "control",
    "simulation",
    "statistics",
    "tables",
    "images",
    "learning",
    "how flows work",
)
"""The fields that examples are from, as the gallery has them side by side."""


@dataclass(frozen=True)
class Example:
    """A flow that comes with flodesk: what its header and its first lines say of it.

    `needs` are the dependencies beyond flodesk itself; the first of the `tags` is the field that it stands under.
    """

    name: str
    title: str
    sentence: str
    tags: tuple[str, ...]
    needs: tuple[str, ...]


@cache
def gallery() -> tuple[Example, ...]:
    """Return what there is to know about each example: the live one first, the others by their fields."""
    every = [_described(path) for path in sorted(resource("examples").glob("*.py"))]
    return tuple(sorted(every, key=lambda one: (one.name != LIVE, TAGS.index(one.tags[0]), one.title)))


def examples() -> dict[str, str]:
    """Return the sentences of the examples by their names, the live one first."""
    return {one.name: one.sentence.rstrip(".") for one in gallery()}


def _described(path: Path) -> Example:
    flow = read(path.read_text(encoding="utf-8"))
    settings = flow.header.settings
    return Example(
        path.stem,
        str(settings.get("title", "")) or path.stem.replace("_", " ").capitalize(),
        (flow.docstring or path.stem).splitlines()[0],
        tuple(settings.get("tags", ())) or TAGS[-1:],
        tuple(needed for needed in flow.header.dependencies if needed != "flodesk"),
    )


def example(name: str) -> Path:
    """Return the path of an example where it can be run: what it writes goes to the user's data folder.

    A copy that was changed stays as it is: the new one is put into a folder of its own. Where nothing can be written,
    the example is opened where it is installed.

    Raises
    ------
    OSError
        There is no such example.
    """
    source = resource(f"examples/{name}.py")
    files = (source, *_companions(source))
    try:
        home = _folder_for(files)
        for path in files:
            shutil.copyfile(path, home / path.name)
    except (OSError, FolderError) as problem:
        log.warning("The example %s cannot be copied, and is opened where it is installed: %s", name, problem)
        return source
    return home / source.name


def _folder_for(files: Iterable[Path]) -> Path:
    """Return the first folder of copies that has none of these files, or has them as they came with flodesk."""
    copies = data_folder(_COPIES)
    homes = (copies / str(number) if number > 1 else copies for number in count(1))
    home = next(home for home in homes if not any(_differs(home / file.name, file) for file in files))
    home.mkdir(exist_ok=True)
    return home


def _differs(copy: Path, shipped: Path) -> bool:
    return copy.exists() and copy.read_bytes() != shipped.read_bytes()


def is_copy(path: Path) -> bool:
    """Whether a file stands where the opening of an example puts its copy: nobody's own work is saved there."""
    try:
        copies = data_folder(_COPIES).resolve()
    except FolderError:
        return False
    home = path.parent.resolve()
    ours = home == copies or (home.parent == copies and home.name.isdecimal())
    return ours and any(resource("examples").glob(path.name))


def is_apart(copy: Path) -> bool:
    """Whether a copy of an example lies in a folder of its own, as an earlier one was changed."""
    return copy.parent.name.isdecimal()


def is_example(path: Path) -> bool:
    """Whether a file is an example that is opened: one of flodesk's copies, or where it is installed."""
    return is_copy(path) or path.resolve() in resource("examples").resolve().glob("*.py")


def is_as_shipped(path: Path) -> bool:
    """Whether a file is one of flodesk's copies of an example, and says what came with flodesk to the letter."""
    try:
        return is_copy(path) and path.read_bytes() == resource(f"examples/{path.name}").read_bytes()
    except OSError:
        return False


def put_data_beside(name: str, path: Path) -> list[str]:
    """Copy the data files that an example reads to where it was saved, and return their names.

    Files that are there already stay as they are.

    Raises
    ------
    OSError
        One could not be copied.
    """
    found = [
        source for source in _companions(resource(f"examples/{name}.py")) if not (path.parent / source.name).exists()
    ]
    for source in found:
        shutil.copyfile(source, path.parent / source.name)
    return [source.name for source in found]


def _companions(source: Path) -> list[Path]:
    """Return the data files beside an example that it names, but not those that it writes itself, and its modules."""
    text = source.read_text(encoding="utf-8")
    return [
        path
        for path in sorted(source.parent.iterdir())
        if (path.suffix in _DATA and path.name in text and f'record.Csv("{path.name}"' not in text)
        or (path.suffix == ".py" and f"\nimport {path.stem}\n" in text)
    ]


__all__ = ["LIVE", "TAGS", "Example", "example", "examples", "gallery", "is_apart", "is_copy", "put_data_beside"]
