"""Why a value that was kept for a control does not fit it any more, in a sentence."""

from __future__ import annotations

from typing import Any

from flodesk.flow.finite import is_number
from flodesk.flow.problem import quoted
from flodesk.flow.script import toml
from flodesk.ui.panel.figures import plain
from flodesk.ui.panel.setting import Setting

_NUMBERS = ("number", "integer")


def why_unfit(setting: Setting, value: Any) -> str:
    """Return why a control cannot be set to a value; empty if it can."""
    kind = _kind(setting)
    parts = value if kind == "two numbers" and isinstance(value, list | tuple) else [value]
    wrong = ""
    if setting.choices:
        wrong = "that is none of its choices" if value not in setting.choices else ""
    elif kind == "two numbers" and len(parts) != 2:
        wrong = "it takes two numbers"
    elif kind in (*_NUMBERS, "two numbers"):
        wrong = next(filter(None, (_number(setting, part) for part in parts)), "")
    elif kind == "truth" and not isinstance(value, bool):
        wrong = "it is on or off (true or false)"
    elif kind == "text" and not isinstance(value, str):
        wrong = "it takes a text"
    name = setting.id if setting.title == setting.id else f"{setting.id}.{setting.parameter}"
    return f"{quoted(name)} cannot be {_said(value)}: {wrong}." if wrong else ""


def _kind(setting: Setting) -> str:
    return "two numbers" if setting.widget == "range" else setting.type


def _number(setting: Setting, value: Any) -> str:
    if not is_number(value):
        return "it takes a number"
    if setting.integer and value != round(value):
        return "it takes a whole number"
    low, high = setting.ends
    if low is not None and value < low:
        return f"its minimum is {plain(low)}"
    return f"its maximum is {plain(high)}" if high is not None and value > high else ""


def _said(value: Any) -> str:
    try:
        text = toml.value(value)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= 30 else f"{text[:29]}…"
