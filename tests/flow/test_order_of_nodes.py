"""The order in which nodes run, told from the script: numbers, loops, arms, and what may run at the same time."""

from __future__ import annotations

from dataclasses import replace

from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.ordering import legend, turns
from flodesk.flow.script import read
from flodesk.nodes import dsp, maths, show

CATALOG = Catalog.builtin()
HEAD = "import flodesk\nfrom flodesk.nodes import collect, dsp, maths, show, source, statistics, timing\n\n\n"
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def order(body, header="", function="flow", before=""):
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    flow = read(f"{header}{HEAD}{before}def flow():\n{lines}\n{TAIL}")
    return turns(flow, picture(flow, CATALOG, function))


def test_numbers_follow_the_script_into_loops_and_arms():
    found = order(
        "x = source.constant()\nrows = collect.List()\nfor i in timing.count(3):\n"
        "    a = maths.scale(i)\n    rows.add(a)\n"
        "    if a:\n        b = maths.scale(a)\n    elif x:\n        c = maths.scale(x)\n        d = show.number(c)\n"
        "    else:\n        e = show.number(x)\nend = rows.result()\nk = show.text(end)"
    )
    assert {key: turn.number for key, turn in found.items()} == {
        "x": "1", "rows": "2, 3.2, 4", "i": "3", "a": "3.1", "if_1": "3.3", "b": "3.3a.1", "c": "3.3b.1", "d": "3.3b.2",
        "e": "3.3c.1", "k": "5",
    }  # fmt: skip
    assert found["i"].loop
    assert found["a"].words.startswith("Runs as number 3.1 in each turn of the loop of “i”")
    assert found["b"].words == "Runs as number 3.3a.1 in the arm “if a” of “if_1”, where that is taken."
    assert "3.1 is in the loop of 3" in legend(found)


def test_bare_lines_and_definitions_have_no_number():
    found = order("t = 0.0\nfor i in timing.count(3):\n    n = maths.add(t, i)\n    t = n\nb = t\nc = show.number(b)")
    assert {key: turn.number for key, turn in found.items()} == {"t": "1, 2.2", "i": "2", "n": "2.1", "c": "3"}


def test_what_may_run_at_the_same_time_is_what_does_not_need_one_another():
    found = order(
        "s = source.sine(0)\na = dsp.rms(s)\nb = maths.mean(s)\nc = maths.add(a, 1.0)\nd = show.number(c)\n"
        "e = dsp.rms(s)"
    )
    beside = {key: turn.beside for key, turn in found.items() if turn.beside}
    assert beside == {"a": ("b",), "b": ("a", "c"), "c": ("b",)}, "the view keeps its place, and so what is below it"
    assert "at the same time as “a” and “c” where that pays" in found["b"].words
    before = "def quiet(x: float) -> float:\n    return x\n\n\n"
    found = order("a = quiet(1.0)\nb = quiet(2.0)", before=before)
    assert not any(turn.beside for turn in found.values()), "a function that says nothing runs where it stands"
    marked = "@flodesk.node(pure=True)\n" + before
    assert order("a = quiet(1.0)\nb = quiet(2.0)", before=marked)["a"].beside == ("b",)


def test_places_are_told_and_run_with_nobody():
    header = "# /// script\n# [tool.flodesk.places.flow]\n# b = 'process'\n# ///\n"
    found = order("s = source.sine(0)\na = dsp.rms(s)\nb = maths.mean(s)\nc = maths.mean(s)", header=header)
    assert found["b"].place == "process"
    assert "in the place “process”" in found["b"].words
    assert not any(turn.beside for turn in found.values()), "its neighbours are no neighbours of one another"


def test_a_subflow_has_numbers_of_its_own():
    before = "def both(x):\n    y = maths.scale(x)\n    z = maths.absolute(y)\n    return z\n\n\n"
    assert order("a = both(1.0)", before=before)["a"].number == "1"
    inside = order("a = both(1.0)", before=before, function="both")
    assert [inside[key].number for key in ("y", "z", "return")] == ["1", "2", "3"]
    assert "def" not in inside


def test_the_engine_finds_the_same_neighbours():
    for target in (dsp.rms, maths.mean, maths.add, show.number):
        path = f"flodesk.nodes.{target.__module__.rpartition('.')[2]}.{target.__name__}"
        said = getattr(target, "__flodesk__", None)
        assert CATALOG.specs[path].says_pure == (said is not None and said.pure is True)
    assert replace(CATALOG.specs["flodesk.nodes.dsp.rms"], says_pure=False).pure
