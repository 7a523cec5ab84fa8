"""A text that was typed for a line of code is at that line, or waits and is told, whatever becomes of the script."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Change, Document
from flodesk.flow.graph import Graph, picture
from flodesk.flow.retyped import retyped
from flodesk.flow.script import write
from flodesk.ui.inspector.typed_source import TypedSource

CATALOG = Catalog.builtin()
ACTS = ("type", "type", "insert", "delete", "swap", "change", "call", "undo", "undo", "redo")


class _Script:
    """A script of lines that each have a number of their own, by which a line is known whatever else it says."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.last = 100
        self.document = Document()
        lines = [self.line() for _ in range(self.rng.randint(2, 6))]
        file = folder / "flow.py"
        file.write_text(_text(["a = 1", "b = 2", *lines]))
        self.document.open(file)
        self.typed = TypedSource(self.document, self.graph)
        self.said: list[str] = []
        self.typed.left.connect(self.said.append)
        self.document.listeners.append(self.follow)
        self.texts: dict[str, set[str]] = {}
        """What was typed, and the sources that its line had since."""

    def line(self) -> str:
        self.last += 1
        n = self.last
        return self.rng.choice([f"a += {n}", f"b += a + {n}", f"print(a, {n})", f"a = a + {n}", f"c = [a, b, {n}]"])

    def graph(self, function: str) -> Graph:
        flow = self.document.flow
        return picture(flow, CATALOG, function) if function in flow.functions else Graph(function, {}, ())

    def follow(self, change: Change) -> None:
        self.typed.follow(change)
        self.typed.settle()

    def codes(self) -> dict[str, str]:
        nodes = self.graph("flow").nodes.values()
        return {n.id: wiring.source_of(self.document.flow, n) for n in nodes if n.kind in ("code", "jump")}

    def act(self) -> str:
        what = self.rng.choice(ACTS)
        if what == "type":
            found = [(node, source) for node, source in self.codes().items() if _number(source)]
            if found:
                node, source = self.rng.choice(found)
                self.last += 1
                text = f"{source} + (#{_number(source)} {self.last}"
                self.texts[text] = {source, *self.texts.pop(self.typed.text_of(("flow", node)), ())}
                self.typed.keep(("flow", node), text, source)
        elif what == "undo":
            self.document.undo()
        elif what == "redo":
            self.document.redo()
        else:
            self.write_anew(what)
        return what

    def write_anew(self, what: str) -> None:
        lines = [line.strip() for line in write(self.document.flow).split("\n")[1:] if line.strip()]
        own = [at for at, line in enumerate(lines) if _number(line)]
        if what == "insert":
            lines.insert(self.rng.randint(2, len(lines)), self.line())
        elif what == "swap" and len(own) > 1:
            one, other = self.rng.sample(own, 2)
            lines[one], lines[other] = lines[other], lines[one]
        elif own:
            at = self.rng.choice(own)
            if what == "delete":
                del lines[at]
            elif what == "call":
                lines[at] = f"d = print(a, {_number(lines[at])})"
            elif what == "change":
                lines[at] = lines[at].replace("a", "b", 1) if self.rng.random() < 0.5 else f"{lines[at]} + 0"
        edit = retyped(self.document.flow, _text(lines))
        if edit is not None:
            self.document.do(edit)

    def check(self) -> None:
        codes = self.codes()
        at = {node: text for node in codes if (text := self.typed.text_of(("flow", node)))}
        for node, text in at.items():
            assert _number(codes[node]) == _number(text), f"on another line: {text!r} at {codes[node]!r}"
            self.texts[text].add(codes[node])
        told = [self.typed.reason(), *self.said]
        free = {source for node, source in codes.items() if node not in at}
        for text, seen in self.texts.items():
            if text not in at.values():
                assert not seen & free, f"its line is there: {text!r}"
                assert any(f"“{line}”" in words for line in seen for words in told), f"gone silently: {text!r}"


def _number(line: str) -> str:
    found = re.findall(r"\b1\d\d\b", line)
    return found[0] if found else ""


def _text(lines: list[str]) -> str:
    return "\n".join(["def flow():", *(f"    {line}" for line in lines), ""])


def _check(seed: int, folder: Path) -> None:
    script = _Script(seed, folder)
    done = []
    for _ in range(14):
        done.append(script.act())
        try:
            script.check()
        except AssertionError as failed:
            raise AssertionError(f"seed {seed}, after {done}:\n{write(script.document.flow)}") from failed
    while script.document.undo_title:
        script.document.undo()
        script.check()


def test_it_is_at_its_own_line_or_waits_and_is_told(tmp_path: Path) -> None:
    for seed in range(12):
        _check(seed, tmp_path)


@pytest.mark.long
def test_it_is_at_its_own_line_or_waits_and_is_told_in_many_histories(tmp_path: Path) -> None:
    for seed in range(3000):
        _check(seed, tmp_path)
