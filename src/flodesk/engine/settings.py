"""The user's settings of the stores: ``settings.toml`` in the data folder, a section for each."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, TypeVar

from flodesk.engine.folders import FolderError, data_folder

FILE = "settings.toml"
T = TypeVar("T")


def section(name: str, usual: T, said: Callable[[str], None] = lambda sentence: None) -> T:
    """Return the user's settings of a section.

    Parameters
    ----------
    usual : dataclass
        What holds where the file says nothing, or something that is none: truths, names, numbers that are not
        negative.
    said : callable
        Takes a sentence about what is wrong with the file.
    """
    try:
        file = data_folder() / FILE
        found = tomllib.loads(file.read_text(encoding="utf-8")).get(name, {})
    except (FolderError, FileNotFoundError):
        return usual  # whoever writes into the folder says what is wrong with it
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        said(f"{FILE} cannot be read: {error}. The usual settings are taken.")
        return usual
    known: dict[str, Any] = asdict(usual)  # type: ignore[call-overload]  # mypy knows no bound for a dataclass
    settings = usual
    for key, value in found.items() if isinstance(found, dict) else ():
        if key not in known or not _suits(known[key], value):
            there = ", ".join(f"{key} = {str(value).lower()}" for key, value in known.items())
            said(f"{file}: [{name}] has no setting {key} = {value!r}. There are {there}")
            continue
        settings = replace(settings, **{key: value})  # type: ignore[type-var]
    return settings


def _suits(usual: Any, value: Any) -> bool:
    if isinstance(usual, bool):
        return isinstance(value, bool)
    if isinstance(usual, str):
        return isinstance(value, str) and bool(value.strip()) and value.isprintable()
    kinds = int | float if isinstance(usual, float) else int
    return isinstance(value, kinds) and not isinstance(value, bool) and value >= 0
