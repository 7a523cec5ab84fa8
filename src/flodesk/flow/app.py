"""What a flow says of itself as an app, the control panel alone: ``[tool.flodesk.app]``, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from flodesk.flow.model import Flow
from flodesk.flow.problem import did_you_mean, quoted
from flodesk.flow.script import toml

APP = "app"
"""The table of ``[tool.flodesk]``."""


@dataclass(frozen=True, slots=True)
class App:
    """How a flow is shown as an app.

    Attributes
    ----------
    title : str
        What stands above the panel; empty for the name of the file.
    full_screen, touch, start : bool
        Whether it takes the whole screen, has targets for fingers, and runs at once.
    keep : bool
        Whether what the controls are set to is there again at the next start.
    password : str
        What is kept of the password that editing asks for (`flodesk.flow.password`); empty if there is none.
    """

    title: str = ""
    full_screen: bool = False
    touch: bool = False
    start: bool = False
    keep: bool = True
    password: str = ""


_KINDS = {field.name: type(field.default) for field in fields(App)}
_WORDS = {str: "a text", bool: "true or false"}


def app_of(flow: Flow) -> App:
    """Return what the header says, and the default for each line that makes no sense.

    A password that makes none stays one that nothing matches: a slip in the file opens no lock.
    """
    table = _table(flow)
    said: dict[str, Any] = {name: value for name, value in table.items() if isinstance(value, _KINDS.get(name, ()))}
    if "password" in table and "password" not in said:
        said["password"] = toml.short(table["password"])
    return App(**said)


def unfit(flow: Flow) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give what is wrong with the table, in a sentence, what to do about it, and the path of the line."""
    if not isinstance(flow.header.settings.get(APP, {}), Mapping):
        yield f"“{APP}” in the header is no table, so it says nothing of the app.", "Write [tool.flodesk.app].", (APP,)
    for name, value in _table(flow).items():
        kind = _KINDS.get(name)
        if kind is None:
            hint = did_you_mean(name, _KINDS) or f"There are {', '.join(_KINDS)}."
            yield f"The header says {quoted(name)} of the app, and an app has no such setting.", hint, (APP, name)
        elif not isinstance(value, kind):
            said = f"{quoted(name)} of the app should be {_WORDS[kind]}, not {toml.short(value)}."
            yield said, "Set it in File, App….", (APP, name)


def _table(flow: Flow) -> Mapping[str, Any]:
    table = flow.header.settings.get(APP, {})
    return table if isinstance(table, Mapping) else {}


__all__ = ["APP", "App", "app_of", "unfit"]
