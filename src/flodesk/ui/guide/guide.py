"""The guide of a window: which page is shown, from where to where one went, and what F1 means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from flodesk.flow.boxes import Node
from flodesk.flow.example_flow import example_flow
from flodesk.flow.spec import NodeSpec
from flodesk.resource import guide
from flodesk.ui.browsing import browse
from flodesk.ui.canvases import Canvases
from flodesk.ui.checking import Checking
from flodesk.ui.files import Files
from flodesk.ui.guide.book import START, Book, read_book
from flodesk.ui.guide.card import card_image, new_node
from flodesk.ui.guide.finding import Entry, entries_of, found
from flodesk.ui.guide.markup import EXAMPLE, NODE, SHELF, SHELVES
from flodesk.ui.guide.node_pages import CARD, TRY, node_html, of_heading, shelf_html, shelves_html
from flodesk.ui.guide.window import GuideWindow
from flodesk.ui.guide.writing import Written, written
from flodesk.ui.inserting import Inserting
from flodesk.ui.library import Library
from flodesk.ui.side_thread import SideThread
from flodesk.ui.theme import current, theme

_OF_KINDS = {
    "code": "own-nodes.md#from-python-to-nodes", "constant": "canvas.md#inspector",
    "switch": "running.md#branches-and-loops-around-nodes", "merge": "running.md#branches-and-loops-around-nodes",
    "feedback": "canvas.md#what-to-do", "jump": "running.md#leaving-early",
    "inputs": "running.md#subflows", "return": "running.md#subflows",
}  # fmt: skip
"""Where the guide tells about a card that is not of a node type."""


@dataclass
class Stop:
    """A page on the way, and how far it was scrolled when it was left."""

    key: str
    scrolled: int = 0


class Guide(QObject):
    """Opens the guide over a window, and shows its pages."""

    def __init__(
        self,
        window: QWidget,
        files: Files,
        checking: Checking,
        canvases: Canvases,
        library: Library,
        inserting: Inserting,
    ) -> None:
        super().__init__(window)
        self._window, self._files, self._checking, self._canvases = window, files, checking, canvases
        self._library = library
        self.view: GuideWindow | None = None
        self._thread = SideThread(self)
        self._book: Book | None = None
        self._entries: tuple[Entry, ...] = ()
        self._way: list[Stop] = []
        self._at = -1
        self._other: NodeSpec | None = None
        """A node type that no catalog has to be asked about: it was given with the question."""
        inserting.help_wanted.connect(self.show_node)
        current.changed.connect(self._again)

    # -------------------------------------------------------------- verbs
    def open(self) -> None:
        """Show the guide: where one was, the start at first."""
        self._come().come()
        if self._at < 0:
            self.show(START)

    def help(self) -> None:
        """Show the page of what is selected, in the library or on the canvas; the start if nothing is."""
        spec = self._library.selected() if self._in_library() else None
        if spec is not None:
            self.show_node(spec)
            return
        chosen = self._canvases.current.selection()
        node = self._canvases.current.board.graph.nodes.get(chosen[0]) if len(chosen) == 1 else None
        if node is not None and node.spec is not None:
            self.show_node(node.spec)
        else:
            self._come().come()
            self.show(_OF_KINDS.get(node.kind, START) if node is not None else START)

    def show_node(self, spec: NodeSpec) -> None:
        """Show the page of a node type."""
        self._other = spec
        self._come().come()
        self.show(NODE + spec.path)

    def close(self) -> None:
        """Close it: its window is being closed."""
        if self.view is not None:
            self.view.close()
        self._thread.close()

    def show(self, key: str) -> None:
        """Show a page by its key, and remember the one before."""
        if self._at < 0 or self._way[self._at].key != key:
            self._leave()
            del self._way[self._at + 1 :]
            self._way.append(Stop(key))
            self._at += 1
        self._show_stop()

    # -------------------------------------------------------------- the window
    def _come(self) -> GuideWindow:
        if self.view is None:
            self.view = view = GuideWindow(self._window)
            view.wanted.connect(self._choose)
            view.followed.connect(self.follow)
            view.searched.connect(self._search)
            view.stepped.connect(self._step)
            view.start_wanted.connect(lambda: self.show(START))
            self._thread.do(lambda: read_book(guide()), self._read, self._unread)
        return self.view

    def _read(self, book: Book) -> None:
        self._book = book
        self._show_stop()
        self._thread.do(lambda: entries_of(book), self._searchable)
        if self.view is not None:
            self.view.contents.show_book(book, self._checking.catalog)
            self.view.contents.go_to(self._way[self._at].key if self._at >= 0 else "")

    def _unread(self, error: Exception) -> None:
        """Say what is wrong with the installation, unless a page is shown that does not need the book."""
        if self.view is not None and not self.view.page.toPlainText():
            self._missing(f"The contents of the guide cannot be read: {error}. Install flodesk again.")

    def _searchable(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        if self.view is not None and self.view.search.text().strip():
            self._search(self.view.search.text().strip())

    def _in_library(self) -> bool:
        at = QApplication.focusWidget()
        return at is not None and (at is self._library or self._library.isAncestorOf(at))

    # -------------------------------------------------------------- where one is
    def _leave(self) -> None:
        if self.view is not None and self._at >= 0:
            self._way[self._at].scrolled = self.view.page.verticalScrollBar().value()

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._way):
            self._leave()
            self._at += by
            self._show_stop()

    def _choose(self, key: str) -> None:
        if key:
            self.show(key)

    def follow(self, target: str) -> None:
        """Follow a link: to a page, an example, or out into the world."""
        if target.startswith(TRY):
            spec = self._spec(target.removeprefix(TRY))
            if spec is not None and (text := example_flow(spec, self._checking.catalog)):
                self._library.tried.emit(text)
        elif target.startswith(EXAMPLE):
            self._files.open_example(target.removeprefix(EXAMPLE))
        elif target.startswith(SHELF) and "#" in target:
            shelf, _, heading = target.removeprefix(SHELF).partition("#")
            spec = of_heading(shelf, heading, self._checking.catalog)
            self.show(NODE + spec.path if spec is not None else SHELF + shelf)
        elif target.startswith(("http:", "https:", "mailto:")):
            browse(QUrl(target))
        else:
            self.show(target)

    def _spec(self, path: str) -> NodeSpec | None:
        known = self._checking.catalog.find(path) or self._checking.offered.find(path)
        return known or (self._other if self._other is not None and self._other.path == path else None)

    # -------------------------------------------------------------- what is seen
    def _again(self) -> None:
        """Show the page in the colours that are worn now."""
        if self.view is not None and self._at >= 0:
            self._leave()
            self._show_stop()

    def _show_stop(self) -> None:
        view = self.view
        if view is None or self._at < 0:
            return
        view.back.setEnabled(self._at > 0)
        view.forward.setEnabled(self._at + 1 < len(self._way))
        stop = self._way[self._at]
        catalog = self._checking.catalog
        if stop.key.startswith(NODE):
            self._show_node_page(stop)
        elif stop.key.startswith(SHELF):
            html = shelf_html(stop.key.removeprefix(SHELF), catalog)
            self._put(stop, html or _missing_html("No shelf has this name now."))
        elif stop.key == SHELVES:
            self._put(stop, shelves_html(catalog))
        elif self._book is not None:
            section = self._book.find(stop.key)
            if section is None:
                self._put(stop, _missing_html(f"The guide has no page {stop.key}."))
            else:
                wanted = stop.key.partition("#")[2]
                make = partial(written, self._book, section, wanted, guide(), view.page.room, dark=theme().dark)
                self._thread.do(make, partial(self._put_section, stop, theme().name))

    def _show_node_page(self, stop: Stop) -> None:
        spec = self._spec(stop.key.removeprefix(NODE))
        if spec is None:
            self._put(stop, _missing_html("This node type is not known any more: its package or its file has gone."))
            return
        node = new_node(spec, self._checking.catalog) or self._there(spec)
        if node is None:
            self._put(stop, node_html(spec, None))
            return
        image = card_image(node)
        size = image.deviceIndependentSize().toSize()
        self._put(stop, node_html(spec, (size.width(), size.height())), {CARD: image})

    def _there(self, spec: NodeSpec) -> Node | None:
        """Return a node of a type that stands in the flow: of a type that the flow itself defines there is no other."""
        nodes = self._canvases.current.board.graph.nodes.values()
        return next((node for node in nodes if node.spec is not None and node.spec.path == spec.path), None)

    def _put_section(self, stop: Stop, look: str, page: Written) -> None:
        if self._at < 0 or self._way[self._at] is not stop or look != theme().name or self.view is None:
            return
        self._put(stop, page.html, anchor=page.heading)
        ratio = self.view.devicePixelRatioF()
        for name, picture in page.pictures.items():
            self._thread.do(partial(picture.read, ratio), partial(self._put_picture, stop, name))

    def _put(self, stop: Stop, html: str, pictures: dict[str, QImage] | None = None, anchor: str = "") -> None:
        view = self.view
        if view is None:
            return
        words = view.search.text().strip()
        view.page.show_page(html, pictures or {}, words)
        if stop.scrolled:
            view.page.verticalScrollBar().setValue(stop.scrolled)
        elif anchor and not words:
            view.page.scrollToAnchor(anchor)
        view.contents.go_to(stop.key)

    def _put_picture(self, stop: Stop, name: str, image: QImage) -> None:
        if self.view is not None and self._way[self._at] is stop and not image.isNull():
            self.view.page.put_picture(name, image)

    def _missing(self, why: str) -> None:
        if self.view is not None:
            self.view.page.show_page(_missing_html(why), {})

    # -------------------------------------------------------------- searching
    def _search(self, words: str) -> None:
        view = self.view
        if view is None:
            return
        if not words:
            view.show_contents()
            return
        nodes = self._checking.offered.search(words)  # its index is there: the library searches it
        view.show_hits(found(self._entries, nodes, words), words)


def _missing_html(why: str) -> str:
    return (
        f"<h1>This page is missing</h1><p>{escape(why)}</p>"
        f"<p><a href='{START}'>Start of the guide</a> · <a href='{SHELVES}'>Node types</a></p>"
    )


__all__ = ["Guide"]
