"""Node types of packages: those that the flow imports or calls, and those that the user has added by name.

They are read beside the window, in a thread that lets other processes do the work; the cards change when it is done.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from flodesk.engine.described import Describer, Told, may_import
from flodesk.flow.document import Change, Document
from flodesk.flow.packages.finding import Finder, modules_like
from flodesk.flow.packages.reading import read_methods
from flodesk.flow.packages.wanted import called, imported, made, module_of
from flodesk.flow.spec import NodeSpec
from flodesk.ui.checking import Checking
from flodesk.ui.settings import settings, text_list
from flodesk.ui.side_thread import SideThread

SETTING = "library/packages"
_PAUSE = 150
"""Milliseconds from the last change of the flow to the look at what it imports."""


class ForeignTypes(QObject):
    """Reads modules as they are wanted, and hands their node types to the checker.

    Signals
    -------
    told : module, how many node types it gives, why not (all of) it could be read
    changed : other modules are known, or wanted
    taken : one of the paths that were asked for was read, or cannot be
    found : a text that was looked up, the modules that begin so
    """

    told = Signal(str, int, str)
    found = Signal(str, object)
    changed = Signal()
    taken = Signal()

    def __init__(self, document: Document, checking: Checking) -> None:
        super().__init__()
        self._document = document
        self._checking = checking
        self._describer = Describer()
        self._path: tuple[str, ...] | None = None
        self._age = 0
        """How often another environment was chosen: what was asked before that is of no use."""
        self._thread = SideThread(self, low=True)
        self._read: dict[str, Told] = {}
        self._just_read: dict[str, Told] = {}
        """The same, as the thread knows it: it goes on before the window has heard."""
        self._drawing = False
        """Whether the thread is to draw the flow with what has arrived."""
        self._arriving: set[str] = set()
        """Dotted paths of which more is known, and not handed on before that."""
        self._asked: dict[str, bool] = {}
        """Dotted paths that were asked for, and whether an import was allowed."""
        self._module: dict[str, str] = {}
        """The module that each of these leads into."""
        self._waiting = 0
        self._added = tuple(text_list(settings().value(SETTING)))
        self._imported: tuple[str, ...] = ()
        self._called: tuple[str, ...] = ()
        self._made: tuple[str, ...] = ()
        """The classes whose objects' methods the flow calls."""
        self._methods: dict[str, dict[str, NodeSpec]] = {}
        """The methods of each class that was asked for, by their dotted paths."""
        self._shown: tuple[str, ...] = ()
        self._known: frozenset[str] = frozenset()
        self._known_classes: tuple[str, ...] = ()
        self._had: dict[str, Told] = {}
        """What was handed on last."""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._look)
        self._pause.start()

    @property
    def added(self) -> tuple[str, ...]:
        """The modules that the user has added, in that order."""
        return self._added

    @property
    def shown(self) -> tuple[str, ...]:
        """The modules that have a shelf: those that were added, then those that the flow imports."""
        return self._shown

    @property
    def busy(self) -> bool:
        """Whether something is still to be read."""
        return self._pause.isActive() or self._waiting > 0 or self._drawing

    def awaits(self, path: str) -> bool:
        """Say whether what a dotted path names is still to be read."""
        if self._pause.isActive():
            self._look()
        coming = (self._asked.keys() - self._module.keys()) | self._arriving
        return any(path == one or path.startswith(f"{one}.") for one in coming)

    def follow(self, change: Change) -> None:
        """Take notice of a change of the document."""
        if change.kind == "open":
            self._look()
        elif change.kind in ("edit", "undo", "redo"):
            self._pause.start()

    def add(self, module: str) -> None:
        """Give a module a shelf from now on; `told` says what came of it."""
        self._asked.pop(module, None)
        self._keep((*(one for one in self._added if one != module), module))
        self._ask((module,), imports=True, tell=True)
        self._look()

    def remove(self, module: str) -> None:
        """Take the shelf of a module away; one that the flow imports stays while that is open."""
        self._keep(tuple(one for one in self._added if one != module))
        self._look()

    def renew(self, _package: str = "") -> None:
        """Look again for what was not there: a package was installed."""
        for path in [path for path, module in self._module.items() if not module or self._read[module].reason]:
            self._asked.pop(path, None)
        self._methods = {path: found for path, found in self._methods.items() if found}
        self._look()

    def use(self, python: str, path: tuple[str, ...] | None) -> None:
        """Read modules as another Python would find them: `path` is where it looks, None where this one does."""
        if path == self._path:
            return
        self._describer.stop()
        self._describer, self._path = Describer(python, path), path
        self._age += 1
        self._just_read = {}
        for known in (self._asked, self._module, self._read, self._methods):
            known.clear()
        self._arriving.clear()
        self._look()

    def look_up(self, text: str) -> None:
        """Find the modules that begin with a text; `found` gives them."""
        self._thread.do(partial(modules_like, text, path=self._path), partial(self.found.emit, text))

    def close(self) -> None:
        """Read nothing more: the window is being closed."""
        self._pause.stop()
        self._describer.stop()
        self._thread.drop()
        self._thread.close()

    # -------------------------------------------------------------- what is wanted
    def _keep(self, added: tuple[str, ...]) -> None:
        self._added = added
        settings().setValue(SETTING, list(added))

    def _look(self) -> None:
        """Find out what the flow speaks of, and ask for what is not known of that."""
        self._pause.stop()
        flow, folder = self._document.flow, self._document.folder
        self._imported, self._called, self._made = imported(flow, folder), called(flow, folder), made(flow, folder)
        self._ask(self._added, imports=True)
        self._ask((*self._imported, *self._called), imports=False)
        self._ask_methods()
        if not self._drawing:  # else it is handed on when that is done
            self._hand_on()

    def _ask(self, paths: Iterable[str], *, imports: bool, tell: bool = False) -> None:
        for path in paths:
            if self._asked.get(path, not imports) < imports or path not in self._asked:
                self._asked[path] = imports
                self._waiting += 1
                describe = partial(self._describe, self._describer, self._just_read, path, imports)
                self._thread.do(describe, partial(self._take, self._age, path, tell))

    def _ask_methods(self) -> None:
        for path in self._made:
            if path not in self._methods:
                self._methods[path] = {}
                self._waiting += 1
                took = partial(self._take_methods, self._age, path)
                read = partial(read_methods, path, Finder(self._path))
                self._thread.do(read, took, partial(self._no_methods, self._age, path))

    def _no_methods(self, age: int, path: str, _: Exception) -> None:
        self._take_methods(age, path, {})  # a text that goes in circles tells nothing

    def _take_methods(self, age: int, path: str, found: dict[str, NodeSpec]) -> None:
        self._waiting -= 1
        if age != self._age:
            return
        self._methods[path] = found
        self._draw()

    def _describe(self, describer: Describer, just_read: dict[str, Told], path: str, imports: bool) -> Told:
        """Read the module that a path leads into; in the thread."""
        finder = Finder(describer.path)
        module = module_of(path, finder)
        if not module or (module != path and imports):
            return Told("", reason=f"there is no module {path}")
        known = just_read.get(module)
        if known is None or known.reason or (imports and known.untold):
            known = describer.describe(module, imports=imports or may_import(module))
            just_read[module] = known
        return known

    def _take(self, age: int, path: str, tell: bool, told: Told) -> None:
        self._waiting -= 1
        if age != self._age:
            return
        self._module[path] = told.module
        if told.module:
            self._read[told.module] = told
        if tell and not told.specs:
            self._keep(tuple(one for one in self._added if one != path))
        if not tell and self._draw():
            self._arriving.add(path)
            return
        self._hand_on()
        self.taken.emit()
        if tell:
            self.told.emit(path, len(told.specs), told.reason)

    # -------------------------------------------------------------- what is known
    def _draw(self) -> bool:
        """Let the flow be drawn with what is known now, beside the window, and hand that on: many cards may change.

        Returns whether that is news.
        """
        _, modules, classes, news = self._wanted()
        if news and not self._drawing:
            self._drawing = True
            flow, folder = self._document.flow, self._document.folder
            draw = partial(self._checking.draw_with, self._specs(modules, classes), flow, folder)
            self._thread.do(draw, lambda _: self._drawn(), lambda _: self._drawn())
        return news

    def _drawn(self) -> None:
        self._drawing = False
        self._hand_on()
        self._arriving.clear()
        self.taken.emit()

    def _wanted(self) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...], bool]:
        """Return the modules with a shelf, all that are known and wanted, the classes of which methods are, and news.

        The last says whether any of that is other than what was handed on.
        """
        shelves = self._modules((*self._added, *self._imported))
        modules = frozenset((*shelves, *self._modules(self._called)))
        classes = tuple(path for path in self._made if self._methods.get(path))
        before = self._shown, self._known, self._known_classes
        return shelves, modules, classes, (shelves, modules, classes) != before or self._stale(modules)

    def _specs(self, modules: frozenset[str], classes: tuple[str, ...]) -> dict[str, NodeSpec]:
        specs: dict[str, NodeSpec] = {}
        for module in sorted(modules):
            specs |= self._read[module].specs
        for path in classes:
            specs |= self._methods[path]
        return specs

    def _hand_on(self) -> None:
        """Hand what is known of all wanted modules to the checker, if that is not what it has."""
        shelves, modules, classes, news = self._wanted()
        if not news:
            return
        self._shown, self._known, self._known_classes = shelves, modules, classes
        self._had = {module: self._read[module] for module in modules}
        kept_back = (modules - set(shelves)) | set(classes)  # methods belong to an object, and to no shelf
        self._checking.learn(self._specs(modules, classes), kept_back)
        self._document.look_around()
        offered = self._checking.offered
        self._thread.do(partial(offered.search, "x"))  # its index is made there, and not at the first key of a search
        self.changed.emit()

    def _stale(self, modules: frozenset[str]) -> bool:
        return any(self._had.get(module) is not self._read[module] for module in modules)

    def _modules(self, paths: Iterable[str]) -> tuple[str, ...]:
        found = (self._module.get(path, "") for path in paths)
        return tuple(dict.fromkeys(module for module in found if module and self._read[module].specs))


__all__ = ["SETTING", "ForeignTypes"]
