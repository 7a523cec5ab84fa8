"""The user's settings of the stores: ``settings.toml`` in the data folder, a section for each."""

from __future__ import annotations

import json
import os
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


def keep(name: str, key: str, value: str) -> None:
    """Write a setting that is a text into the file; all else that stands there stays as it is. Empty takes it out.

    Raises
    ------
    FolderError, OSError
        It cannot be written.
    ValueError
        The file cannot be read as it is: it is left alone, and the text says what is wrong.
    """
    file = data_folder() / FILE
    try:
        text = file.read_text(encoding="utf-8")
        tomllib.loads(text)
    except FileNotFoundError:
        text = ""
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{file} cannot be read: {error}. Mend it first") from error
    new = _with(text, name, key, value)
    try:
        said = tomllib.loads(new).get(name, {}).get(key, "")
    except tomllib.TOMLDecodeError:
        said = None
    if said != value:
        raise ValueError(f"{file} says {key} of [{name}] in a way that cannot be changed here. Change it there")
    whole = file.with_name(f".{FILE}.{os.getpid()}")
    try:
        whole.write_text(new, encoding="utf-8")
        whole.replace(file)
    finally:
        whole.unlink(missing_ok=True)


def _with(text: str, name: str, key: str, value: str) -> str:
    """Return a file in which a key of a section has another value, or is not there."""
    lines, heading = text.splitlines(), f"[{name}]"
    line = [f"{key} = {json.dumps(value, ensure_ascii=False)}"] if value else []
    if heading not in (stripped := [one.partition("#")[0].strip() for one in lines]):
        return "\n".join([*lines, *([""] if lines else []), heading, *line, ""]) if value else text
    first = stripped.index(heading) + 1
    last = next((at for at in range(first, len(lines)) if stripped[at].startswith("[")), len(lines))
    old = [at for at in range(first, last) if stripped[at].partition("=")[0].strip() == key]
    kept = [one for at, one in enumerate(lines[first:last], first) if at not in old]
    return "\n".join([*lines[:first], *line, *kept, *lines[last:], ""])
