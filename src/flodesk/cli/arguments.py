"""How values are written on the command line: durations, numbers, assignments, and files of settings."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flodesk.cli.exits import Exit
from flodesk.cli.reading import CommandError

_SECONDS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(text: str) -> float:
    """Read a duration: ``5s``, ``500ms``, ``2m``, ``1.5h``, or a number of seconds.

    Raises
    ------
    argparse.ArgumentTypeError
        It is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|min|m|h|d|)", text.strip())
    if not found or not float(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no duration: write 5s, 500ms, 2m or 1h")
    return float(found[1]) * _SECONDS[found[2]]


def count(text: str) -> int:
    """Read a whole number from 1 on.

    Raises
    ------
    argparse.ArgumentTypeError
        It is none.
    """
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def assignment(text: str) -> tuple[str, str]:
    """Read ``name=value``.

    Raises
    ------
    argparse.ArgumentTypeError
        There is no ``=`` or no name.
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} lacks a name or a value: write name=value")
    return name.strip(), value.strip()


def as_python(text: str) -> str:
    """Let a text be given without quotes on the command line: ``--set file.path=data.csv``."""
    try:
        compile(text, "<value>", "eval", dont_inherit=True)
    except (SyntaxError, ValueError):
        return repr(text)
    return text if not text.replace(".", "").isidentifier() or text in ("True", "False", "None") else repr(text)


def settings_file(file: str) -> dict[str, str]:
    """Read a file of parameters: TOML or JSON, ``node.parameter`` or tables of nodes.

    Returns
    -------
    dict
        Text of each value by ``node.parameter`` or ``function.node.parameter``.

    Raises
    ------
    CommandError
        It is missing, or cannot be understood; it was said on stderr.
    """
    try:
        text = Path(file).read_text(encoding="utf-8")
        found = json.loads(text) if Path(file).suffix.lower() == ".json" else tomllib.loads(text)
        if not isinstance(found, dict):
            raise ValueError("it holds no names with values")
        return dict(_flat(found, ""))
    except OSError as error:
        print(f"flodesk run: --set-file {file} cannot be read: {error.strerror or error}", file=sys.stderr)
        raise CommandError(Exit.MISSING) from error
    except ValueError as error:  # also those of JSON, TOML and UTF-8
        print(
            f"flodesk run: --set-file {file} cannot be understood: {error}. "
            "Write TOML (cutoff.value = 20.0, or a table [cutoff] with value = 20.0) or, in a file named *.json, JSON.",
            file=sys.stderr,
        )
        raise CommandError(Exit.USAGE) from error


def _flat(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        full = f"{before}.{name}" if before else name
        if isinstance(value, Mapping):
            yield from _flat(value, full)
        else:
            yield full, _literal(full, value)


def _literal(name: str, value: Any) -> str:
    if value is None or isinstance(value, bool | int | float | str):
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            return f'float("{value}")'
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_literal(name, one) for one in value)}]"
    raise ValueError(f"{name} is a {type(value).__name__}, which is no value of a parameter: write it as a text")
