"""How long the script's pane takes: python3 benchmarks/script_pane.py.

In ms of one thread, the least of some turns, and as a ratio to an editor of Qt's alone (a plain text field that shows
the same text, or takes the same key). The aims: 50 nodes are opened or brought up to date within 200 ms, a key among
2,000 nodes takes at most 16 ms. `--json [--quick]` prints one object as the last line.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.flow.edit import SetNote, SetText
from flodesk.ui.script.pane import ScriptPane

SIZES = (50, 500, 2000)
AIM_MS, KEY_MS = 200.0, 16.0


def script(nodes: int) -> str:
    """Write a flow of a chain of nodes, each with a place."""
    places = "".join(f"# n{n} = [{240 * (n // 40)}, {80 * (n % 40)}]\n" for n in range(nodes))
    lines = "".join(f"    n{n} = maths.add(n{n - 1}, {n}.0)\n" for n in range(1, nodes))
    head = '# /// script\n# dependencies = ["flodesk"]\n#\n# [tool.flodesk]\n# version = 1\n#\n'
    return (
        f"{head}# [tool.flodesk.canvas.flow]\n{places}# ///\n"
        "import flodesk\nfrom flodesk.nodes import maths, source\n\n\n"
        f"def flow():\n    n0 = source.constant(1.0)\n{lines}\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n'
    )


def least(call: Callable[[], object], times: int, before: Callable[[], object] = lambda: None) -> float:
    """Return the shortest of so many times of a call, in ms; `before` each of them something is made ready."""
    best = float("inf")
    for _ in range(times):
        before()
        begun = time.perf_counter()
        call()
        QApplication.processEvents()
        best = min(best, time.perf_counter() - begun)
    return 1000 * best


def measure(nodes: int, times: int) -> dict[str, tuple[float, float]]:
    """Return what each thing takes, and what a field of Qt's alone does; 0 where that has no such thing."""
    text = script(nodes)
    plain = QPlainTextEdit()
    plain.resize(450, 800)
    plain.show()
    document = Document()
    document.do(SetText(text, "Start"))
    catalog = Catalog.builtin()
    pane = ScriptPane(document, lambda: catalog)
    pane.resize(450, 800)
    middle = text[: text.index(f"    n{nodes // 2} = ")].count("\n")
    found: dict[str, tuple[float, float]] = {}

    def stale() -> None:
        pane.hide()
        pane.in_step._stale = True

    shown = least(lambda: plain.setPlainText(text), times, lambda: plain.setPlainText(""))
    found["open"] = least(pane.show, times, stale), shown
    count = iter(range(10_000))
    found["follow an edit"] = (
        least(pane.in_step.pull, times, lambda: document.do(SetNote("flow", f"n{nodes // 2}", f"{next(count)}"))),
        0.0,
    )
    cursor = plain.textCursor()
    cursor.setPosition(text.index(f"    n{nodes // 2} = "))
    plain.setTextCursor(cursor)
    pane.editor.show_line(middle, 200)
    keys = 10 * times
    bare = least(lambda: QTest.keyClick(plain, Qt.Key.Key_X), keys)
    found["a letter"] = least(lambda: QTest.keyClick(pane.editor, Qt.Key.Key_X), keys), bare
    found["a line"] = least(lambda: QTest.keyClick(pane.editor, Qt.Key.Key_Return), keys), bare
    pane.in_step.take_back()
    pane.editor.show_line(middle, 200)
    QTest.keyClicks(pane.editor, "  # x")
    found["read"] = least(pane.in_step.settle, 1), 0.0
    pane.in_step.close()
    pane.close()
    plain.close()
    return found


def main() -> None:
    """Print the table."""
    app = QApplication.instance() or QApplication([])
    times = 2 if "--quick" in sys.argv else 6
    rows = {}
    print(f"{'nodes':>6}  {'':16} {'ms':>8} {'× Qt alone':>11}")
    for nodes in SIZES:
        for what, (ours, plain) in measure(nodes, times).items():
            ratio = f"{ours / plain:11.1f}" if plain else ""
            print(f"{nodes:6}  {what:16} {ours:8.2f} {ratio}")
            goal = KEY_MS if what.startswith("a ") else AIM_MS if nodes == SIZES[0] else None
            rows[f"script pane, {nodes} nodes: {what}"] = {"value": ours, "goal": goal, "unit": "ms", "better": "lower"}
    if "--json" in sys.argv:
        print(json.dumps(rows))
    del app


if __name__ == "__main__":
    main()
