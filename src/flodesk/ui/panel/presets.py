"""Presets of the panel: the values of its controls under a name, brought back by a key, as one step of undo."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError, Many, SetPreset, presets
from flodesk.flow.finite import is_number
from flodesk.flow.graph import picture
from flodesk.flow.model import View
from flodesk.ui.panel.setting import Gone, Setting, shown
from flodesk.ui.panel.unfit import why_unfit
from flodesk.ui.panel.views import Views

KEYS = 9
"""So many presets have a key: Alt+1 and on, in the order of the file."""
_TOLD = 3
"""Of so many settings that cannot be set it is said why."""


class Slot:
    """The preset that has a key, for the table of commands."""

    def __init__(self, presets: Presets, number: int) -> None:
        self._presets = presets
        self._number = number

    @property
    def name(self) -> str:
        """What it is called; empty if there is none."""
        names = self._presets.names
        return names[self._number - 1] if len(names) >= self._number else ""

    @property
    def there(self) -> bool:
        """Whether there is one."""
        return bool(self.name)

    def use(self) -> None:
        """Set the controls to it."""
        if self.name:
            self._presets.use(self.name)


class Presets(QObject):
    """Keeps and brings back what the controls are set to.

    Parameters
    ----------
    views : Views
        Does the edits.
    catalog : Catalog
        The node types.
    """

    said = Signal(str)
    """A sentence for the status bar."""

    def __init__(
        self,
        parent: QWidget,
        document: Document,
        views: Views,
        catalog: Catalog,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._views = views
        self._catalog = catalog
        for number in range(1, KEYS + 1):
            setattr(self, f"slot_{number}", Slot(self, number))

    @property
    def names(self) -> list[str]:
        """The presets of the flow, in the order of its file."""
        return list(presets(self._document.flow))

    @property
    def possible(self) -> bool:
        """Whether the panel has a control whose value can be kept."""
        return bool(self._values())

    def ask(self) -> None:
        """Ask for a name, and keep the values under it."""
        if not self.possible:
            self.said.emit("The panel shows no control that could be kept: add one to the flow, then save a preset.")
            return
        free = next(f"Preset {n}" for n in range(1, len(self.names) + 2) if f"Preset {n}" not in self.names)
        label = f"Name for the values of {_count(len(self._values()))}:"
        panel = self.parent()
        assert isinstance(panel, QWidget)
        name, wanted = QInputDialog.getText(panel, "Save a preset", label, text=free)
        if wanted and name.strip():
            self.save(name.strip())

    def save(self, name: str) -> None:
        """Keep what the controls of the panel are set to."""
        self._document.settle()
        values = self._values()
        self._views.do(lambda: SetPreset(name, values))
        number = self.names.index(name) + 1 if name in self.names else 0
        key = f" Alt+{number} brings it back." if 0 < number <= KEYS else ""
        self.said.emit(f"The preset “{name}” holds the values of {_count(len(values))}.{key}")

    def remove(self, name: str) -> None:
        """Forget a preset."""
        self._views.do(lambda: SetPreset(name, None))

    def use(self, name: str) -> None:
        """Set all controls that a preset names; the others stay."""
        self._document.settle()
        edits, out = self._edits(presets(self._document.flow).get(name, {}))
        if edits:
            self._views.do(lambda: Many(tuple(edits), f"Preset {name}"))
            self._document.seal()
        same = "changes nothing" if out else "changes nothing: the controls are set like that already"
        done = f"sets {_count(len(edits))}" if edits else same
        self.said.emit(" ".join((f"The preset “{name}” {done}.", *_left_out(out))))

    def fill(self, menu: QMenu) -> None:
        """List the presets in a menu, with what can be done with them."""
        now = self._values()
        for number, name in enumerate(self.names, 1):
            key = f"\tAlt+{number}" if number <= KEYS else ""
            action = menu.addAction(name.replace("&", "&&") + key, partial(self.use, name))
            action.setCheckable(True)
            action.setChecked(self._is(presets(self._document.flow)[name], now))
        if not self.names:
            menu.addAction("No presets yet").setEnabled(False)
        menu.addSeparator()
        menu.addAction("Save the controls as a preset…", self.ask).setEnabled(bool(now))
        if self.names:
            again, away = menu.addMenu("Save again as"), menu.addMenu("Remove")
            for name in self.names:
                again.addAction(name.replace("&", "&&"), partial(self.save, name))
                away.addAction(name.replace("&", "&&"), partial(self.remove, name))

    # -------------------------------------------------------------- inside
    def _values(self) -> dict[str, Any]:
        """Return what can be kept, by ``function.node.parameter``: what the controls of all pages are set to."""
        flow, catalog = self._document.flow, self._catalog.with_flow(self._document.flow, self._document.folder)
        functions = [name for name in self._views.graphs if name in flow.functions and name in flow.header.panel]
        graphs = [picture(flow, catalog, name) for name in functions]
        found = [shown(view, graph) for graph in graphs for view in flow.header.panel[graph.function].values()]
        settings = [setting for setting in found if isinstance(setting, Setting)]
        kept = [s for s in settings if s.widget != "button" and not s.wired and _is_kept(s.value)]
        return {f"{s.function}.{s.id}.{s.parameter}": _listed(s.value) for s in kept}

    @staticmethod
    def _is(line: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
        return bool(line) and all(name in now and now[name] == value for name, value in line.items())

    def _edits(self, line: Mapping[str, Any]) -> tuple[list[Edit], list[str]]:
        """Return the edits that set what differs, and of what cannot be set a sentence that says why."""
        edits: list[Edit] = []
        out: list[str] = []
        for name, kept in line.items():
            try:
                setting = self._setting(name)
                value = _typed(kept, setting)
                if why := why_unfit(setting, value):
                    raise EditError(why)
                if setting.value != value:
                    edits.append(setting.edit(self._document.flow, value))
            except EditError as error:
                out.append(str(error))
        return edits, out

    def _setting(self, name: str) -> Setting:
        """Return what a line of a preset is about.

        Raises
        ------
        EditError
            It is gone, or no hand sets it.
        """
        function, _, shows = name.partition(".")
        flow = self._document.flow
        if function not in flow.functions:
            raise EditError(f"The flow has no function “{function}” any more.")
        graph = picture(flow, self._catalog.with_flow(flow, self._document.folder), function)
        found = shown(View("", shows, 0, 0, 1, 1), graph) if "." in shows else None
        if isinstance(found, Gone):
            raise EditError(found.message)
        if not isinstance(found, Setting):
            raise EditError(f"“{name}” is no parameter of a node.")
        if found.wired:
            raise EditError(f"“{shows}” is set by a wire from “{found.wired}”.")
        return found


def _is_kept(value: Any) -> bool:
    """Say whether a line of the header can hold a value."""
    if isinstance(value, list | tuple):
        return all(map(_is_kept, value))
    return isinstance(value, bool | int | float | str)


def _listed(value: Any) -> Any:
    """Return a value as a line of the header has it: TOML knows no tuples."""
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value


def _typed(value: Any, setting: Setting) -> Any:
    """Return a value as the control would set it: a whole number that a hand wrote for a number is a number."""
    if isinstance(value, int) and is_number(value) and isinstance(setting.value, float):
        return float(value)
    if isinstance(value, list) and isinstance(setting.value, tuple):
        return tuple(value)
    return value


def _left_out(sentences: list[str]) -> list[str]:
    """Say what of a preset was not set, and why."""
    if not sentences:
        return []
    more = len(sentences) - _TOLD
    return [f"Not set: {len(sentences)}.", *sentences[:_TOLD], *([f"And {more} more."] if more > 0 else [])]


def _count(number: int) -> str:
    return f"{number} control{'' if number == 1 else 's'}"
