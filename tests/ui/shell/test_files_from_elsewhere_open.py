"""A script that knows nothing of flodesk opens on what it starts, and what was wrong with it goes when it is mended."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from flodesk.flow.own_start import started
from flodesk.flow.retyped import retyped
from flodesk.flow.script import read
from flodesk.flow.script.writer import write
from flodesk.ui.window import Window

TEXT = """\
def helper(x):
    return x + 1


def work():
    total = helper(1)
    print(total)


if __name__ == "__main__":
    work()
"""


def test_it_opens_on_the_function_that_it_starts_and_its_message_goes_with_the_fix(
    qtbot: QtBot, opened: Window
) -> None:
    assert opened.canvases.function == "work"
    assert "hands no function to flodesk.main()" in opened.bar.text
    flow = opened.document.flow
    new = write(flow).replace("    work()\n", "    flodesk.main(work)\n")
    new = new.replace("def helper", "import flodesk\n\n\ndef helper")
    edit = retyped(flow, new)
    assert edit is not None
    opened.document.do(edit)
    qtbot.waitUntil(lambda: "hands no function" not in opened.bar.text, timeout=20_000)
    assert opened.canvases.function == "work"
    opened.commands.trigger("edit.undo")
    qtbot.waitUntil(lambda: any(p.kind == "no-flow" for p in opened.checking.problems), timeout=20_000)


def test_what_a_file_starts_is_found() -> None:
    both = "def a():\n    x = 1\n\n\ndef b():\n    y = 1\n\n\n"
    assert started(read(both)) == ("a",)
    assert started(read(both + "c = a()\nif __name__ == '__main__':\n    b()\n")) == ("b",)
    assert started(read("import flodesk\n" + both + "flodesk.main(b, a)\n")) == ("b", "a")
    assert started(read("x = 1\n")) == ()
