"""What the panel does with the views that a hand has selected, by keys, menus and the palette. Each is one edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import SimpleNamespace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from flodesk.flow.aligning import ALIGNMENTS, aligned, units
from flodesk.flow.document import Document
from flodesk.flow.groups import around, settled, tabs
from flodesk.flow.model import View
from flodesk.flow.view_text import NoViewsError, views_in, views_text
from flodesk.ui.panel import copies
from flodesk.ui.panel.chosen import Chosen
from flodesk.ui.panel.group_verbs import GroupVerbs
from flodesk.ui.panel.layout.board import Board
from flodesk.ui.panel.naming import Naming
from flodesk.ui.panel.views import Views

_MORE = "Ctrl and click adds one, Ctrl+A takes all."
_A_GROUP = "Select a group first: click its title, or a view of it."
_WANTED = {
    "as_tabs": f"Select two views at least to lay them on tabs: {_MORE}",
    "ungroup": _A_GROUP,
    "rename": _A_GROUP,
    "tab_left": "Select a group of two tabs at least: click the tab that is to be moved.",
    "tab_right": "Select a group of two tabs at least: click the tab that is to be moved.",
}
"""What is said instead of a verb for which too little is selected."""

FIRST = {
    "remove": "remove views",
    "copy": "copy views",
    "cut": "cut views",
    "paste": "paste views",
    "duplicate": "duplicate views",
    "group": "group views",
    "rename": "rename groups",
    "select_all": "select views",
}
"""What the keys are for that a view claims while the panel is used, by their verbs."""


def _wanted(verb: str) -> str:
    least = ALIGNMENTS[verb].least if verb in ALIGNMENTS else 1
    count = {1: "a view", 2: "two views at least", 3: "three views or groups at least"}[least]
    return f"Select {count} first: click, or drag over the ground. {_MORE}"


class Arranging(QObject):
    """The verbs of arranging, for the board of one panel."""

    said = Signal(str)
    """A sentence for the status bar."""
    toggled = Signal(bool)
    """The panel is to be arranged, or used again."""

    def __init__(self, parent: QObject, document: Document, views: Views, board: Board) -> None:
        super().__init__(parent)
        self._document = document
        self._views = views
        self._board = board
        self._glass = board.glass
        self.lines = SimpleNamespace(**{name: partial(self.align, name) for name in ALIGNMENTS})
        """What brings views into line, for the table of commands."""
        self.selected = Chosen(board)
        self.naming = Naming(self, views, board, self.said.emit)
        self.groups = groups = GroupVerbs(self.selected, views, board, self.naming)
        self.verbs: dict[str, Callable[[], None]] = {
            "remove": self.remove, "copy": self.copy, "cut": self.cut, "paste": self.paste,
            "duplicate": self.duplicate, "group": groups.group, "ungroup": groups.ungroup, "as_tabs": groups.as_tabs,
            "rename": groups.rename, "select_all": self._glass.select_all,
            "next_tab": partial(groups.turn, 1), "previous_tab": partial(groups.turn, -1),
            "tab_right": partial(groups.move_tab, 1), "tab_left": partial(groups.move_tab, -1),
            **vars(self.lines),
        }  # fmt: skip
        """What a key or an entry of a menu asks for, by the names of `arrange_keys.VERBS`."""
        self._glass.asked.connect(self._do)
        self._glass.tabs_ordered.connect(views.order_tabs)
        self._glass.title_opened.connect(self.naming.open_at)

    # -------------------------------------------------------------- what is selected
    @property
    def keys(self) -> tuple[str, ...]:
        """The views that are selected."""
        return self.selected.keys

    @property
    def on(self) -> bool:
        """Whether the panel is being arranged."""
        return not self._glass.isHidden()

    @property
    def chosen(self) -> bool:
        """Whether a view is selected."""
        return bool(self.keys)

    @property
    def several(self) -> bool:
        """Whether there are two views at least."""
        return len(self.keys) > 1

    @property
    def three(self) -> bool:
        """Whether there are three views or whole groups at least, to be distributed."""
        return self._count() > 2

    def toggle(self) -> None:
        """Begin to arrange the panel, or use it again."""
        self.toggled.emit(not self.on)

    def _tabs(self) -> tuple[str, ...]:
        """Return the tabs of the group that is selected."""
        return tabs(self._board.members(), self.selected.group) if self.selected.group else ()

    def _count(self) -> int:
        return len(units(self._board.places(), self._board.members(), self.keys))

    def _do(self, verb: str) -> None:
        """Do what a key asks for, or say what has to be selected for that."""
        if self.possible(verb):
            self.verbs[verb]()
        else:
            self.said.emit(_WANTED.get(verb) or _wanted(verb))

    def say_first(self, verb: str) -> None:
        """Say what has to be pressed before a key of a view that is used does what it does in arranging."""
        if not self.on and not self._views.locked and verb in FIRST:
            self.said.emit(f"Press Arrange first to {FIRST[verb]}.")

    def possible(self, verb: str) -> bool:
        """Say whether there is enough selected for a verb."""
        if verb in ALIGNMENTS:
            how = ALIGNMENTS[verb]
            return (len(self.keys) if how.resizes else self._count()) >= how.least
        if verb == "as_tabs":
            return len(self.keys) > 1
        if verb in ("ungroup", "rename"):
            return self.selected.grouped
        if verb in ("tab_left", "tab_right"):
            return len(self._tabs()) > 1
        return bool(self.keys) or verb in ("paste", "select_all")

    # -------------------------------------------------------------- places
    def align(self, name: str) -> None:
        """Bring what is selected into line; what is in the way goes down."""
        if self.possible(name):
            places, members = self._board.places(), self._board.members()
            made = aligned(places, members, self.keys, ALIGNMENTS[name])
            self._views.arrange(
                settled(made, members, self.keys), title=f"{ALIGNMENTS[name].title} of {self.selected.words()}"
            )

    # -------------------------------------------------------------- taken off, copied
    def remove(self) -> None:
        """Take what is selected off the panel; what it shows stays in the flow."""
        if self.keys:
            self._views.change(dict.fromkeys(self.keys), f"Remove {self.selected.words()} from the panel")

    def copy(self) -> None:
        """Put what is selected on the clipboard, as lines of the header."""
        if self.keys:
            QGuiApplication.clipboard().setText(views_text(copies.copied(self._board.cards, self.selected.in_order())))
            count = "A view is" if len(self.keys) == 1 else f"{len(self.keys)} views are"
            self.said.emit(f"{count} on the clipboard: paste on any page, window or flow, or into a text.")

    def cut(self) -> None:
        """Copy what is selected, and take it off the panel."""
        if self.keys:
            self.copy()
            self._views.change(dict.fromkeys(self.keys), f"Cut {self.selected.words()}")

    def paste(self, at: tuple[int, int] | None = None) -> None:
        """Put the views of the clipboard on the page: at a column and row, or where there is room."""
        try:
            views = views_in(QGuiApplication.clipboard().text())
        except NoViewsError as error:
            self.said.emit(str(error))
            return
        if not self._views.graphs:
            self.said.emit("Nothing was pasted: this file has no flow whose values a panel could show.")
            return
        self._paste(partial(copies.paste, at=at), views)

    def duplicate(self) -> None:
        """Put what is selected on the page a second time, beside itself."""
        if self.keys:
            places = self._board.places()
            beside = around(places[key] for key in self.keys)
            views = copies.copied(self._board.cards, self.selected.in_order())
            self._paste(partial(copies.paste, beside=beside, title=f"Duplicate {self.selected.words()}"), views)

    def _paste(self, make: Callable[..., copies.Pasted], views: Mapping[str, Iterable[View]]) -> None:
        board, flow = self._board, self._document.flow
        made = make(
            flow, self._views.graphs, board.cards, board.places(), board.members(), views, page=self._views.page
        )
        self._views.do(lambda: made.edit)
        self._views.stale.emit()
        self._glass.select(*(key for key in made.keys if key in board.cards))
        if made.lost:
            names = ", ".join(f"“{name}”" for name in made.lost)
            self.said.emit(f"This flow has no {names}: “Show something else…” on such a view lists what fits.")
