"""An object at the top of the file outlives a change of the text, unless it hangs on what has changed."""

from __future__ import annotations

import pytest

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
        ("put(USED, base)", "put(USED, other)", {"USED"}),
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
