"""Differences taken back, one by one: the one that was meant is gone, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import Difference, compare, diff
from flodesk.flow.diff.back import take_back
from flodesk.flow.diff.words import sentence
from flodesk.flow.edit import EditError
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
BASE = '''\
# /// script
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# on_error = "stop"
#
# [tool.flodesk.canvas.flow]
# noisy = [240, 60]
# chart = [480, 60]
#
# [tool.flodesk.panel.flow]
# chart = [0, 0, 8, 6]
#
# [tool.flodesk.places.flow]
# noisy = "process"
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [0, -160, 240, 120], text = "Why" }
#
# [tool.flodesk.wires.flow]
# "noisy -> peak.signal" = { by = [[420, 80]] }
# ///
"""A sine."""

import flodesk
from flodesk.nodes import collect, dsp, maths, queue, show, source, timing

jobs = queue.Queue(size=10)


def flow():
    rows = collect.List()
    total = 0.0
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0, samples=1_000)
        hum = source.sine(tick, frequency=50.0)
        noisy = maths.add(signal, hum, 3.0)  # as it comes
        peak = dsp.rms(noisy)
        high = maths.greater(peak, 1.0)
        if high:
            calm = maths.scale(noisy, factor=0.5)
            level = calm
        else:
            level = noisy
        rows.add(level)
        count = len(level) + 1
        longer = maths.add(total, count)
        total = longer
        sent = jobs.put(peak)
    history = rows.result()
    chart = show.text(history, title="Before")


def report():
    for job in jobs:
        meter = show.number(job)


if __name__ == "__main__":
    flodesk.main(flow, report)
'''
CHANGES = {
    "parameter": ("frequency=50.0", "frequency=60.0"),
    "default": (", samples=1_000", ""),
    "more": ("factor=0.5", "factor=0.5, extra=3"),
    "in a row": ("maths.add(signal, hum, 3.0)", "maths.add(signal, hum, 4.0)"),
    "less in a row": ("maths.add(signal, hum, 3.0)", "maths.add(hum, 3.0)"),
    "more in a row": ("maths.add(signal, hum, 3.0)", "maths.add(signal, signal, hum, 3.0)"),
    "wire": ("dsp.rms(noisy)", "dsp.rms(hum)"),
    "type": ("dsp.rms(noisy)", "dsp.mean(noisy)"),
    "added": ("        peak = ", "        soft = maths.absolute(noisy)\n        peak = "),
    "removed": ("        sent = jobs.put(peak)\n", ""),
    "removed line of an object": ("        rows.add(level)\n", ""),
    "removed and its import": ("        peak = dsp.rms(noisy)\n", ""),
    "removed loop": ("    for job in jobs:\n        meter = show.number(job)\n", "    pass\n"),
    "removed with its view": ('    chart = show.text(history, title="Before")\n', ""),
    "test": ("if high:", "if peak > 3:"),
    "code": ("len(level) + 1", "len(level) + 2"),
    "note": ("# as it comes", "# as it goes"),
    "no note": ("  # as it comes", ""),
    "description": ("A sine.", "A cosine."),
    "queue": ("size=10", "size=20"),
    "start": ("total = 0.0", "total = 1.0"),
    "place": ("noisy = [240, 60]", "noisy = [240, 90]"),
    "no place": ("# noisy = [240, 60]\n", ""),
    "view": ("chart = [0, 0, 8, 6]", "chart = [0, 0, 8, 3]"),
    "no view": ("# chart = [0, 0, 8, 6]\n", ""),
    "runs in": ('noisy = "process"', 'noisy = "local"'),
    "option": ('on_error = "stop"', 'on_error = "reject"'),
    "no option": ('# on_error = "stop"\n', ""),
    "package": ('["flodesk"]', '["flodesk", "astropy"]'),
    "piece": ('text = "Why"', 'text = "Why not"'),
    "way": ("[[420, 80]]", "[[420, 90]]"),
    "no way": ('# "noisy -> peak.signal" = { by = [[420, 80]] }\n', ""),
    "home": (
        "            calm = maths.scale(noisy, factor=0.5)\n            level = calm\n",
        "            level = calm\n",
    ),
    "order": ("        sent = jobs.put(peak)\n", ""),
    "renamed": ("noisy", "loud"),
    "renamed loop": ("tick", "beat"),
    "renamed queue": ("jobs", "letters"),
    "renamed function": ("report", "tell"),
}


def changed(*names: str) -> str:
    text = BASE
    for name in names:
        old, new = CHANGES[name]
        text = text.replace(old, new)
        if name == "home":
            line = "        calm = maths.scale(noisy, factor=0.5)\n"
            text = text.replace("        if high:\n", f"{line}        if high:\n")
        if name == "order":
            text = text.replace("        high = ", "        sent = jobs.put(peak)\n        high = ")
        if name == "removed and its import":
            text = text.replace("dsp, ", "")
    return text


def back(difference: Difference, old: Flow, new: Flow) -> Flow:
    edit = take_back(difference, old, new, compare(old, new, CATALOG), CATALOG)
    made, inverse = edit.apply(new)
    assert write(inverse.apply(made)[0]) == write(new), "undo brings it back"
    assert read(write(made)) == made
    return made


@pytest.mark.parametrize("name", CHANGES)
def test_one_change_taken_back_leaves_nothing(name: str) -> None:
    old, new = read(BASE), read(changed(name))
    assert write(new) != write(old)
    for _ in range(4):
        found = [d for d in diff(old, new, CATALOG) if d.kind not in ("text", "import")]
        if not found:
            break
        new = back(found[0], old, new)
    left = [sentence(d) for d in diff(old, new, CATALOG) if d.kind != "text"]
    assert left == []


def test_of_two_differences_at_a_node_one_stays() -> None:
    old, new = read(BASE), read(changed("renamed").replace("hum, 3.0", "hum, 4.0").replace("# as it comes", "# now"))
    found = diff(old, new, CATALOG)
    number = next(d for d in found if d.kind == "parameter")
    left = diff(old, back(number, old, new), CATALOG)
    assert set(left) == set(found) - {number}


def test_what_cannot_be_taken_back_alone_says_why() -> None:
    for text in (
        BASE.replace("import flodesk\n", "# a comment\nimport flodesk\n"),
        BASE.replace("flow, report", "flow"),
    ):
        old, new = read(BASE), read(text)
        (found,) = diff(old, new, CATALOG)
        with pytest.raises(Refused, match="in the script"):
            back(found, old, new)


@given(names=st.lists(st.sampled_from(sorted(CHANGES)), max_size=6, unique=True), data=st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_difference_that_can_be_taken_back_is_gone_then(names: list[str], data: st.DataObject) -> None:
    old, new = read(BASE), read(changed(*names))
    found = diff(old, new, CATALOG)
    if not found:
        return
    one = data.draw(st.sampled_from(found))
    try:
        made = back(one, old, new)
    except (Refused, EditError):
        return
    left = diff(old, made, CATALOG)
    assert one not in left
    assert len(left) <= len(found) + 2  # a node that comes back brings its wires, and what it was wired to
