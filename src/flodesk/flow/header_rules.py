"""What the header may say about a run, and what the checker says about all else that stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flodesk.flow.finite import is_number
from flodesk.flow.problem import near, quoted
from flodesk.flow.script import toml

MODES = ("stop", "reject", "continue")
"""What ``on_error`` may be: what a loop does when a node in it raises. The first is the default."""
BACKOFF = 1.0
"""First wait for a producer that has failed, in s, where ``backoff`` says nothing else."""

Told = Callable[[str, str, str, str], None]
"""Takes message and hint, the line of the header, and the value that was probably meant."""


def check_errors(settings: Mapping[str, Any], report: Told) -> None:
    """Check ``on_error`` and ``backoff``."""
    mode = settings.get("on_error", MODES[0])
    if mode not in MODES:
        words = quoted(mode) if isinstance(mode, str) else toml.short(mode)
        meant = near(mode, MODES) if isinstance(mode, str) else ""
        choices = f"{', '.join(quoted(m) for m in MODES[:-1])} or {quoted(MODES[-1])}"
        hint = f"Did you mean {quoted(meant)}?" if meant else f"Use {choices}."
        report(f"The header says on_error = {words}, which is none of the choices.", hint, "on_error", meant)
    wait = settings.get("backoff", BACKOFF)
    if not is_number(wait) or wait < 0:
        said = f"The header says backoff = {toml.short(wait)}, which is no time in seconds."
        report(said, "Write a number that is not below 0.", "backoff", "")


def check_pages(settings: Mapping[str, Any]) -> tuple[str, str] | None:
    """Check ``pages``, the pages of the control panel; return message and hint if something is wrong with them."""
    names = settings.get("pages", [])
    if isinstance(names, list | tuple) and all(isinstance(name, str) for name in names):
        return None
    hint = 'Write the names of the panel\'s pages in their order, as in ["Overview", "Tuning"].'
    return f"The header says pages = {toml.short(names)}, which is no list of names.", hint
