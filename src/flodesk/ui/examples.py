"""The flows that come with flodesk, each with the data files that it reads: shown by title, opened as copies."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flodesk.engine.folders import FolderError, data_folder
from flodesk.flow.script import read
from flodesk.resource import resource

LIVE = "noisy_sine"
log = logging.getLogger(__name__)
_DATA = (".csv", ".yaml")
_COPIES = "examples"
"""The folder of the data folder that the copies are in."""


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

    Where that cannot be written, the example is opened where it is installed.

    Raises
    ------
    OSError
        There is no such example.
    """
    source = resource(f"examples/{name}.py")
    try:
        home = data_folder(_COPIES)
        for path in (source, *_companions(source)):
            shutil.copyfile(path, home / path.name)
    except (OSError, FolderError) as problem:
        log.warning("The example %s cannot be copied, and is opened where it is installed: %s", name, problem)
        return source
    return home / source.name


def is_overwritten(path: Path) -> bool:
    """Whether a file stands where the next opening of an example puts its copy: nobody's own work may be there."""
    try:
        home = data_folder(_COPIES)
    except FolderError:
        return False
    return path.parent.resolve() == home.resolve() and any(resource("examples").glob(path.name))


def is_example(path: Path) -> bool:
    """Whether a file is an example that is opened: one of flodesk's copies, or where it is installed."""
    return is_overwritten(path) or path.resolve() in resource("examples").resolve().glob("*.py")


def is_as_shipped(path: Path) -> bool:
    """Whether a file is one of flodesk's copies of an example, and says what came with flodesk to the letter."""
    try:
        return is_overwritten(path) and path.read_bytes() == resource(f"examples/{path.name}").read_bytes()
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


__all__ = ["LIVE", "TAGS", "Example", "example", "examples", "gallery", "is_overwritten", "put_data_beside"]
