"""What the header may say of queues: ``[tool.flodesk.queues]``, a line for each that does not lie in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flodesk.flow.finite import is_number
from flodesk.flow.problem import near, quoted
from flodesk.flow.script import toml

TIMEOUT = 30.0
"""Seconds after which what a silent reader has not finished goes to others, where nothing else is said."""
SHORTEST = 1.0
KEYS = ("on", "name", "capacity", "timeout", "connection", "open")
_EXAMPLE = 'jobs = { on = "redis", name = "lab.jobs", capacity = 1000, timeout = 30.0 }'


def queue_problems(settings: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give what is wrong with what is said of queues: message, hint, and where it stands below ``[tool.flodesk]``."""
    table = settings.get("queues", {})
    if not isinstance(table, Mapping):
        yield f"The header says queues = {toml.short(table)}, which is no table.", f"Write {_EXAMPLE}.", ("queues",)
        return
    for called, said in table.items():
        for wrong, hint in _wrong(said):
            yield f"The header says of the queue {quoted(called)} {wrong}.", hint, ("queues", called)


def _wrong(said: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(said, Mapping):
        yield f"{toml.short(said)}, which is no table", f"Write {_EXAMPLE}."
        return
    for key in said:
        if key not in KEYS:
            meant = near(key, KEYS)
            yield f"{key}, which it knows nothing of", f"Did you mean {meant}?" if meant else f"Use {', '.join(KEYS)}."
    if said.get("on") != "redis":
        words = f"on = {toml.short(said['on'])}" if "on" in said else "not where it lives"
        yield words, 'Write on = "redis"; a queue in memory needs no line.'
    for key in ("name", "connection"):
        if key in said and not (isinstance(said[key], str) and said[key].strip()):
            yield f"{key} = {toml.short(said[key])}, which is no name", "Write a text."
    capacity = said.get("capacity", 1)
    if not is_number(capacity) or int(capacity) != capacity or capacity < 1:
        yield f"capacity = {toml.short(capacity)}", "Write a whole number of values, 1 or more."
    timeout = said.get("timeout", TIMEOUT)
    if not is_number(timeout) or timeout < SHORTEST:
        yield f"timeout = {toml.short(timeout)}", f"Write a number of seconds, {SHORTEST:g} or more."
    if not isinstance(said.get("open", False), bool):
        yield f"open = {toml.short(said['open'])}", "Write true where others may put values in, else false."


def names_of_far(settings: Mapping[str, Any]) -> list[str]:
    """Return the names of the queues that do not lie in memory."""
    table = settings.get("queues", {})
    return list(table) if isinstance(table, Mapping) else []


def is_far(settings: Mapping[str, Any], called: str) -> bool:
    """Say whether a queue does not lie in memory."""
    return called in names_of_far(settings)
