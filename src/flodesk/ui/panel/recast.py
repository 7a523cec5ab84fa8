"""Another form for a view: which ones can show what it shows, and their list in its menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from flodesk.engine.client import Sample
from flodesk.flow import forms
from flodesk.flow.forms import Form
from flodesk.flow.model import View
from flodesk.flow.types import PortType
from flodesk.ui.panel.faces.face import as_indicator
from flodesk.ui.panel.first_limits import LIMITED, first_limits
from flodesk.ui.panel.setting import Reading, Setting, Shown

_CHOOSING = ("choice", "radio")
"""Controls that need entries to choose from."""


def fitting(shown: Shown, seen: Sample | None) -> tuple[Form, ...]:
    """Return the forms that can show what a view shows: controls of a setting first, and what only shows its value.

    Parameters
    ----------
    seen : Sample, optional
        The newest value; before the first one the type of the port decides.
    """
    if isinstance(shown, Setting):
        return (*controls_of(shown), *_showing(shown.type, None))
    if not isinstance(shown, Reading):
        return ()
    turned = _controls(shown.turned) if shown.turned is not None else ()
    own = forms.named(shown.own)
    kind = type(as_indicator(seen.value, shown)) if seen is not None else own.kind if own is not None else None
    return (*turned, *_showing(shown.type, kind))


def current(shown: Shown) -> Form | None:
    """Return the form that a view has now; None before its first value tells."""
    if isinstance(shown, Setting):
        return forms.control(shown.widget)
    return forms.indicator(shown.form) if isinstance(shown, Reading) else None


def asking_for(view: View, shown: Shown, form: Form) -> dict[str, Any]:
    """Return the options of a view that has another form; its node's own needs no word, a slider two ends."""
    options = {name: value for name, value in view.options if name != "as"}
    setting = shown.written if isinstance(shown, Reading) else shown
    if form.role == "control" and form.name in LIMITED and isinstance(setting, Setting):
        options = {**first_limits(setting), **options}
    return options if form.key == getattr(shown, "own", "") else {"as": form.key, **options}


def offer(menu: QMenu, view: View, shown: Shown, seen: Sample | None, take: Callable[[Any], object]) -> None:
    """Add the list of forms to a menu, where there is a choice; `take` gets the view's new options."""
    offered = fitting(shown, seen)
    if len(offered) < 2:
        return
    listed = menu.addMenu("Show as")
    group, now = QActionGroup(listed), current(shown)
    role = offered[0].role
    for form in offered:
        if form.role != role:
            listed.addSeparator()
            role = form.role
        action = listed.addAction(form.title, partial(take, asking_for(view, shown, form)))
        action.setCheckable(True)
        action.setChecked(form is now)
        group.addAction(action)


def controls_of(setting: Setting) -> tuple[Form, ...]:
    """Return the forms of controls that can set what a view sets, its own first."""
    return _controls((setting.type, bool(setting.choices), setting.own))


def _controls(told: tuple[PortType, bool, str]) -> tuple[Form, ...]:
    kind, chosen, own = told
    found = [f for f in forms.fitting((kind,), "control") if f.key == own or chosen or f.name not in _CHOOSING]
    return tuple(sorted(found, key=lambda form: form.key != own))


def _showing(kind: PortType, value: type | None) -> tuple[Form, ...]:
    if value is not None:
        return tuple(f for f in forms.FORMS if f.role == "indicator" and f.shows(value))
    return forms.fitting((kind,), "indicator")
