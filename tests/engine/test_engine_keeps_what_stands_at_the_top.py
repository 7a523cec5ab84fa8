"""An object at the top of the file outlives a change of the text, unless it hangs on what has changed."""

from __future__ import annotations

import pytest

from flodesk.engine.events import LogLine
from flodesk.engine.load import load

TOP = """
import functools

import flodesk

K = 10
OTHER = 1


def base(x):
    return x + K


def other(x):
    return x + OTHER


def put(table, function):
    table.append(function)
    return function


class Scale:
    gain = 3

    def __call__(self, x):
        return x * self.gain


part = functools.partial(base)
twice = functools.partial(part)
aside = functools.partial(other)
scale = Scale()
TABLE = {}
TABLE["k"] = K
USED = []
put(USED, base)
lone = []


def flow():
    z = part(1)
    y = aside(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.mark.parametrize(
    ("old", "new", "anew"),
    [
        ("K = 10", "K = 20", {"part", "twice", "TABLE", "USED"}),
        ("x + K", "x - K", {"part", "twice", "USED"}),
        ("OTHER = 1", "OTHER = 2", {"aside"}),
        ("gain = 3", "gain = 4", {"scale"}),
        ('TABLE["k"] = K', 'TABLE["k"] = 7', {"TABLE"}),
        (
            "put(USED, base)",
            "put(USED, other)",
            {"USED", "part", "twice", "aside"},
        ),
        ("lone = []", "lone = [1]", {"lone"}),
        ("K = 10\n", "K = 10\n\nNEW = 3\n", set()),
        ("def flow", "def late():\n    lone.append(1)\n\n\ndef flow", set()),
    ],
)
def test_what_hangs_on_a_change_is_made_anew_and_nothing_else(old: str, new: str, anew: set[str]) -> None:
    before = load(TOP, "")
    first = dict(before.namespace)
    after = load(TOP.replace(old, new), "", kept=before)
    names = ("part", "twice", "aside", "scale", "TABLE", "USED", "lone")
    assert {name for name in names if after.namespace[name] is not first[name]} == anew


def test_after_another_text_a_wrapped_function_sees_the_values_of_now(here) -> None:
    here.engine.watch({"flow.z", "flow.y"}, set())
    here.run(TOP)
    assert (here.value("flow.z"), here.value("flow.y")) == (11, 2)
    here.finished.clear()
    here.engine.swap(TOP.replace("K = 10", "K = 20"))
    here.wait()
    assert (here.value("flow.z"), here.value("flow.y")) == (21, 2)


def test_the_log_says_what_was_made_anew(here) -> None:
    here.engine.watch({"flow.z"}, set())
    here.run(TOP)
    here.finished.clear()
    here.engine.swap(TOP.replace("gain = 3", "gain = 4"))
    here.wait()
    told = [event.text for event in here.events if isinstance(event, LogLine)]
    assert told == ["Made anew at the top of the file: scale, for what it hangs on, or shares, has changed"]


def test_what_is_imported_besides_leaves_all_as_it_is_and_lines_are_those_of_now() -> None:
    before = load(TOP, "")
    first = dict(before.namespace)
    more = "import flodesk\nimport math\nfrom flodesk import context\n"
    after = load(TOP.replace("import flodesk\n", more), "", kept=before)
    names = ("part", "twice", "aside", "scale", "TABLE", "USED", "lone", "Scale", "base", "put")
    assert {name for name in names if after.namespace[name] is not first[name]} == set()
    assert after.namespace["base"].__code__.co_firstlineno == 12  # two more
    assert after.namespace["math"].sqrt(4) == 2


def test_a_method_that_is_edited_leaves_the_connection_alone_that_it_uses() -> None:
    text = """
import flodesk

class Line:
    def ask(self):
        return 1

line = Line()

@flodesk.node(title="Read")
def read(x: float) -> float:
    return line.ask() + x

class Reader:
    def __init__(self):
        self.seen = 0

    def read(self):
        return line.ask()

reader = Reader()


def flow():
    z = read(1)


if __name__ == "__main__":
    flodesk.main(flow)
"""
    before = load(text, "")
    first = dict(before.namespace)
    for old, new, anew in (("return line.ask()\n", "return line.ask() + 1\n", {"Reader", "reader"}),
                           ("ask() + x", "ask() - x", {"read"})):  # fmt: skip
        after = load(text.replace(old, new), "", kept=before)
        names = ("line", "Line", "read", "Reader", "reader")
        assert {name for name in names if after.namespace[name] is not first[name]} == anew
