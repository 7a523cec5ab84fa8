"""What is offered about a problem: each fix does what its title says, in one step, and takes nothing else along."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit import from_json, to_json
from flodesk.flow.fixes import Fix, fixes_of
from flodesk.flow.fixes.finding import FIXES
from flodesk.flow.problem import Problem
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
_CHECKER = runpy.run_path(str(Path(__file__).with_name("test_checker.py")))
CASES, HEAD, TAIL, script = (_CHECKER[name] for name in ("CASES", "HEAD", "TAIL", "script"))
NO_FIX = {"not-yet"}
"""What is written differently in many ways: the hint says which."""


def found_in(text: str) -> list[tuple[Problem, tuple[Fix, ...]]]:
    flow = read(text)
    catalog = CATALOG.with_flow(flow)
    return [(problem, fixes_of(flow, catalog, problem)) for problem in check(flow, CATALOG)]


def done(text: str, fix: Fix) -> str:
    assert fix.edit is not None
    new, _ = fix.edit.apply(read(text))
    assert read(write(new)) == new
    return write(new)


@pytest.mark.parametrize(("kind", "body"), [(case[0], case[3]) for case in CASES], ids=lambda v: v[:30])
def test_a_fix_can_be_applied_ends_its_problem_and_is_taken_back_to_the_letter(kind, body):
    text = script(body)
    (problem, fixes), *_ = found_in(text)
    assert (kind in FIXES) != (kind in NO_FIX)
    for number, fix in enumerate(fixes):
        assert fix.title
        if fix.edit is None:
            assert fix.kind == "ask"
            continue
        flow = read(text)
        new, back = fix.edit.apply(flow)
        assert fix.edit.title == fix.title, "the undo menu says what was done"
        assert write(back.apply(new)[0]) == text
        assert from_json(to_json(fix.edit)).apply(flow)[0] == new
        left = [p.message for p in check(read(write(new)), CATALOG) if p.node == problem.node]
        assert problem.message not in left or number > 0, fix.title


@pytest.mark.parametrize(
    ("body", "title", "after"),
    [
        (
            "tone = source.sine(0)\nlow = dsp.butterworth()",
            "Wire “tone” to “signal” of “low”", "tone = source.sine(0)\nlow = dsp.butterworth(tone)",
        ),
        (
            "rows = source.sunspots()\nkept = table.sort(rows)",
            "Write '' for “by” of “kept”", "rows = source.sunspots()\nkept = table.sort(rows, '')",
        ),
        (
            "a = maths.scale(1.0, factr=2.0)",
            "Write “factor” instead of “factr” in “a”", "a = maths.scale(1.0, factor=2.0)",
        ),
        ("a = maths.scale(1.0, factr=2.0)", "Take factr=2.0 out of “a”", "a = maths.scale(1.0)"),
        ("a = source.sine(0, samples=2.6)", "Write 3 for “samples” of “a”", "a = source.sine(0, samples=3)"),
        ("a = source.sine(0, rate=-3)", "Write 0.001 Hz for “rate” of “a”", "a = source.sine(0, rate=0.001)"),
        ("a = source.sine(0, rate=-3)", "Go back to the default of “rate” of “a”: 1000.0", "a = source.sine(0)"),
        (
            "tone = source.sine(0)\nn = show.number(tone)",
            "Put dsp.rms between “tone” and “value” of “n”",
            "tone = source.sine(0)\nrms = dsp.rms(tone)\nn = show.number(rms)",
        ),
        (
            "level = control.slider(2.0)\ntone = source.sine(0)\nn = show.number(tone)",
            "Wire “level” to “value” of “n”",
            "level = control.slider(2.0)\ntone = source.sine(0)\nn = show.number(level)",
        ),
        (
            "tone = source.sine(0)\nn = show.number(tone)",
            "Take the wire from “tone” off “value” of “n”", "tone = source.sine(0)\nn = show.number()",
        ),
        (
            "tone = source.sine(0)\na = maths.scale(tnoe)",
            "Read “tone” instead of “tnoe” in “a”", "tone = source.sine(0)\na = maths.scale(tone)",
        ),
        (
            "tone = source.sine(0)\na = rms(tone)",
            "Call dsp.rms instead of rms in “a”", "tone = source.sine(0)\na = dsp.rms(tone)",
        ),
        ("a = maths.absolute(b)\nb = source.constant()", "Move “a” below what gives “b” its value",
         "b = source.constant()\na = maths.absolute(b)"),
        (
            "for i in timing.count(3):\n    a = maths.scale(i)\nb = maths.absolute(a)",
            "Collect its last value with collect.Last in the loop, and let “b” read that",
            "last = collect.Last()\nfor i in timing.count(3):\n    a = maths.scale(i)\n    last.add(a)\n"
            "last_result = last.result()\nb = maths.absolute(last_result)",
        ),
        (
            "x = source.constant()\nif x:\n    a = maths.absolute(x)\nb = maths.absolute(a)",
            "Give “a” the value 0.0 where “if_1” gives it none",
            "x = source.constant()\nif x:\n    a = maths.absolute(x)\nelse:\n    a = 0.0\nb = maths.absolute(a)",
        ),
        (
            "x = source.constant()\nif x:\n    k = maths.absolute(x)\n    a = k\nelif x:\n    pass\nelse:\n"
            "    a = maths.absolute(x)\nb = maths.absolute(a)",
            "Give “a” the value 0.0 where “if_1” gives it none",
            "x = source.constant()\nif x:\n    k = maths.absolute(x)\n    a = k\nelif x:\n    a = 0.0\nelse:\n"
            "    a = maths.absolute(x)\nb = maths.absolute(a)",
        ),
        (
            "x = source.constant()\nif x:\n    a = x\n    if a:\n        a = 2.0\nb = maths.absolute(a)",
            "Give “a” the start value 0.0 above “if_1”",
            "x = source.constant()\na = 0.0\nif x:\n    a = x\n    if a:\n        a = 2.0\nb = maths.absolute(a)",
        ),
        (
            "x = source.constant()\nif x:\n    a = maths.absolute(x)\nb = maths.absolute(a)",
            "Run “b” in the arm of “if_1” that gives “a” its value",
            "x = source.constant()\nif x:\n    a = maths.absolute(x)\n    b = maths.absolute(a)",
        ),
        (
            "a = timing.count(3)\nb = maths.scale(a)\nc = source.constant()",
            "Loop over what timing.count gives: for a in timing.count(…)",
            "for a in timing.count(3):\n    b = maths.scale(a)\nc = source.constant()",
        ),
        ("a = show.text(1.0, title='{{ vlaue }} V')", "Write “value” instead of “vlaue” in “title” of “a”",
         "a = show.text(1.0, title='{{ value }} V')"),
        ("a = meths.scale(1.0)", "Call “maths” instead of “meths” in “a”", "a = maths.scale(1.0)"),
    ],
    ids=lambda v: v[:24],
)  # fmt: skip
def test_what_a_fix_does_to_the_text(body, title, after):
    text = script(body)
    fix = next(fix for _, fixes in found_in(text) for fix in fixes if fix.title == title)
    assert done(text, fix) == script(after)


def test_a_missing_import_is_written():
    text = script("a = math2.sqrt(2.0)\nb = json.dumps(a)\nc = text.number(1.0)")
    titles = {fix.title: fix for _, fixes in found_in(text) for fix in fixes}
    assert "import json\n" in done(text, titles["Import it at the top of the file: import json"])
    again = done(text, titles["Import it at the top of the file: from flodesk.nodes import text"])
    assert "statistics, table, text, timing" in again


def test_the_nearest_output_is_that_which_stands_nearest_on_the_canvas():
    places = "# /// script\n# [tool.flodesk.canvas.flow]\n# one = [0, 0]\n# two = [500, 0]\n# low = [600, 0]\n# ///\n"
    body = "two = source.sine(0)\none = source.sine(0)\nlow = dsp.butterworth()"
    titles = [fix.title for fix in found_in(places + script(body))[0][1]]
    assert titles == ["Wire “two” to “signal” of “low”", "Wire “one” to “signal” of “low”"]
    titles = [fix.title for fix in found_in(script(body))[0][1]]
    assert titles[0] == "Wire “one” to “signal” of “low”", "without places: the one that stands nearest in the text"


def test_only_what_has_a_value_there_is_offered_for_a_name_that_has_none():
    body = (
        "radius = source.constant()\nfirst = source.constant()\na = maths.absolute(radi)\n"
        "later = source.constant()\nfor k in timing.count(3):\n    b = maths.absolute(k)"
    )
    ((_, fixes),) = found_in(script(body))
    titles = [fix.title for fix in fixes]
    assert "Read “radius” instead of “radi” in “a”" in titles
    assert [title for title in titles if title.startswith("Wire")] == ["Wire “first” to “value” of “a”"]
    inside = "for k in timing.count(3):\n    b = maths.absolute(q7)"
    ((_, fixes),) = found_in(script(inside))
    assert "Wire “k” to “value” of “b”" in [fix.title for fix in fixes], "in its loop it has one"


def test_what_is_no_line_of_a_flow():
    header = (
        '# /// script\n# [tool.flodesk]\n# on_error = "rejct"\n#\n# [tool.flodesk.places.flow]\n# gone = "process"\n#\n'
        "# [tool.flodesk.panel.flow]\n# chrt = [0, 0, 4, 4]\n# ///\n"
    )
    text = header + script("chart = show.text(3)")
    titles = {fix.title: fix for _, fixes in found_in(text) for fix in fixes}
    assert '# on_error = "reject"' in done(text, titles['Write on_error = "reject" in the header'])
    assert "on_error" not in done(text, titles["Take on_error out of the header"])
    assert "gone" not in done(text, titles["Let “gone” run in the engine again"])
    assert "# chart = [0, 0, 4, 4]" in done(text, titles["Show “chart” on the panel instead of “chrt”"])
    assert "chrt" not in done(text, titles["Take the view of “chrt” off the panel"])


def test_a_view_that_asks_for_what_there_is_not():
    header = (
        "# /// script\n# [tool.flodesk.panel.flow]\n"
        '# chart = { at = [0, 0, 4, 4], options = { as = "show.guage", maximum = 3 } }\n# ///\n'
    )
    text = header + script("chart = show.text(3)")
    titles = {fix.title: fix for _, fixes in found_in(text) for fix in fixes}
    assert 'options = { as = "show.gauge", maximum = 3 }' in done(text, titles["Show “chart” as show.gauge"])
    assert "options = { maximum = 3 }" in done(text, titles["Take as out of the view “chart”"])


def test_what_is_run():
    text = HEAD + "\ndef flow():\n    pass\n"
    ((_, (fix,)),) = found_in(text)
    assert fix.title == "Run “flow”: flodesk.main(flow) at the end of the file"
    assert done(text, fix).endswith(TAIL)
    assert check(read(done(text, fix)), CATALOG) == ()
    ((_, (fix,)),) = found_in("x = 1\n")
    assert fix.title == "Add an empty function “flow” and run it"
    assert check(read(done("x = 1\n", fix)), CATALOG) == ()
    text = script("pass").replace("main(flow)", "main(flwo, flow)")
    ((_, fixes),) = found_in(text)
    assert [fix.title for fix in fixes] == ["Take “flwo” out of flodesk.main()"], "flow is run already"
    assert done(text, fixes[0]) == script("pass")


def test_a_missing_package_is_offered_by_the_name_that_pip_knows():
    fixes = [fix for _, found in found_in(script("a = cv3.x(1)", "import cv3, Crypto\n")) for fix in found]
    assert [(fix.kind, fix.title, fix.package) for fix in fixes][:2] == [
        ("install", "Install cv3…", "cv3"), ("install", "Install pycryptodome…", "Crypto"),
    ]  # fmt: skip
    assert all(fix.edit is None for fix in fixes if fix.kind == "install")


def test_a_wire_from_a_node_that_is_switched_off_has_fixes_by_what_is_drawn() -> None:
    body = "mean = None  # off: statistics.RunningMean()\nfor n in timing.count(3):\n"
    body += "    smooth = None  # off: mean(n)\n    high = maths.greater(smooth, 5.0)"
    ((problem, fixes),) = [(problem, fixes) for problem, fixes in found_in(script(body)) if problem.kind == "type"]
    assert "“smooth” gives nothing" in problem.message
    (off,) = [fix for fix in fixes if fix.kind == "disconnect"]
    assert off.title == "Take the wire from “smooth” off “value” of “high”"
    assert "high = maths.greater(limit=5.0)" in done(script(body), off)
