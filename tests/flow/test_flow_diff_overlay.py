"""Differences laid over a picture: marks, ghosts, new wires and wires that are gone."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import compare
from flodesk.flow.diff.overlay import Overlay, overlay
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read

CATALOG = Catalog.builtin()
BASE = """\
# /// script
# [tool.flodesk.canvas.flow]
# noisy = [240, 60]
# peak = [480, 60]
# ///
from flodesk.nodes import collect, dsp, maths, show, source, timing


def flow():
    rows = collect.List()
    total = 0.0
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0)
        hum = source.sine(tick, frequency=50.0)
        noisy = maths.add(signal, hum)
        peak = dsp.rms(noisy)
        if peak:
            level = peak
        else:
            level = 0.0
        rows.add(level)
        longer = maths.add(total, level)
        total = longer
    history = rows.result()
    chart = show.text(history)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def graph(flow: Flow) -> Graph:
    return picture(flow, CATALOG, "flow")


def laid(new: str, old: str = BASE) -> Overlay:
    before, after = read(old), read(new)
    comparison = compare(before, after, CATALOG)
    return overlay(comparison, graph(before), graph(after), before.header.canvas.get("flow", {}))


def changed(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new)


def test_nothing_is_marked_where_nothing_differs() -> None:
    assert laid(BASE) == Overlay()


def test_a_parameter_marks_its_card_and_its_field() -> None:
    found = laid(changed("frequency=50.0", "frequency=60.0"))
    assert set(found.marks) == {"hum"}
    assert (found.marks["hum"].sign, found.marks["hum"].tags) == ("~", ("frequency 50.0 → 60.0",))
    assert found.marks["hum"].fields == {"frequency"}
    assert not found.gone
    assert not found.added


def test_a_renamed_card_keeps_its_wires() -> None:
    found = laid(re.sub(r"\bnoisy\b", "loud", BASE))
    assert {name: (mark.sign, mark.tags) for name, mark in found.marks.items()} == {"loud": ("»", ("was noisy",))}
    assert not found.gone
    assert not found.added
    assert not found.ghosts


def test_a_moved_card_says_where_it_stood() -> None:
    found = laid(changed("noisy = [240, 60]", "noisy = [240, 90]"))
    assert (found.marks["noisy"].sign, found.marks["noisy"].was) == ("↔", (240.0, 60.0))


def test_a_card_that_is_gone_is_a_ghost_with_its_wires() -> None:
    new = changed("        peak = dsp.rms(noisy)\n", "").replace("if peak", "if noisy").replace("= peak", "= noisy")
    found = laid(new)
    assert found.ghosts["peak"].place == (480.0, 60.0)
    assert [(g.source[0], g.target[0]) for g in found.gone if g.target_gone] == [("noisy", "peak")]
    assert {g.target[0] for g in found.gone if g.source_gone} == {"if_1", "level"}
    assert {(s[0], t[0]) for s, t in found.added} == {("noisy", "if_1"), ("noisy", "level")}


def test_a_new_card_is_marked_and_so_are_its_wires() -> None:
    found = laid(
        changed(
            "        peak = dsp.rms(noisy)\n", "        soft = maths.absolute(noisy)\n        peak = dsp.rms(soft)\n"
        )
    )
    assert found.marks["soft"].sign == "+"
    assert found.marks["peak"].sign == "~"
    assert {(s[0], t[0]) for s, t in found.added} == {("noisy", "soft"), ("soft", "peak")}
    assert [(g.source[0], g.target[0]) for g in found.gone] == [("noisy", "peak")]


def test_one_wire_less_into_a_row_is_one_wire_less() -> None:
    found = laid(changed("maths.add(signal, hum)", "maths.add(hum)"))
    assert [(g.source[0], g.target) for g in found.gone] == [("signal", ("noisy", "values[0]"))]
    assert not found.added


def test_a_line_less_of_an_object_is_told_at_its_card() -> None:
    found = laid(changed("        rows.add(level)\n", ""))
    assert found.marks["rows"].sign == "~"
    assert found.marks["rows"].tags == ("- rows.add(level)",)
    assert not found.ghosts


def test_an_arm_before_another_leaves_its_wires_what_they_are() -> None:
    found = laid(changed("        else:\n", "        elif signal:\n            level = hum\n        else:\n"))
    assert not found.gone
    assert {(s[0], t[0]) for s, t in found.added} == {("signal", "if_1"), ("hum", "level")}
    assert found.marks["if_1"].sign == "~"


def test_a_test_that_got_another_number_keeps_its_wire() -> None:
    old = changed("        else:\n", "        elif signal:\n            level = hum\n        else:\n")
    new = old.replace("        elif signal:", "        elif noisy:\n            level = peak\n        elif signal:")
    found = laid(new, old)
    assert not found.gone
    assert {(s[0], t[0]) for s, t in found.added} == {("noisy", "if_1"), ("peak", "level")}


def test_a_function_that_there_was_not_is_new_as_a_whole() -> None:
    before, after = read("def other():\n    a = 1\n"), read(BASE)
    found = overlay(compare(before, after, CATALOG), None, graph(after), {})
    assert {mark.sign for mark in found.marks.values()} == {"+"}
    assert len(found.added) == len({(w.source, w.target) for w in graph(after).wires})


SWAPS = (
    ("frequency=50.0", "frequency=60.0"),
    ("maths.add(signal, hum)", "maths.add(hum, signal)"),
    ("        peak = dsp.rms(noisy)\n", "        peak = dsp.mean(noisy)\n"),
    ("        hum = source.sine(tick, frequency=50.0)\n", ""),
    ("        rows.add(level)\n", ""),
    ("signal", "wave"),
    ("level", "height"),
    ("peak", "top"),
    ("        longer = ", "        extra = maths.add(total, 2)\n        longer = "),
    ("        else:\n", "        elif tick:\n            level = tick\n        else:\n"),
    ("        if peak:\n            level = peak\n        else:\n            level = 0.0\n", "        level = peak\n"),
    ("            level = 0.0\n", "            level = hum\n"),
)


@given(old=st.sets(st.sampled_from(SWAPS)), new=st.sets(st.sampled_from(SWAPS)))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_was_less_what_is_gone_and_more_what_is_new_is_what_there_is(
    old: set[tuple[str, str]], new: set[tuple[str, str]]
) -> None:
    texts = []
    for swaps in (old, new):
        text = BASE
        for swap in SWAPS:
            text = text.replace(*swap) if swap in swaps else text
        texts.append(text)
    before, after = (graph(read(text)) for text in texts)
    found = laid(texts[1], texts[0])
    assert set(found.marks) <= set(after.nodes)
    if texts[0] == texts[1]:
        assert found == Overlay()
        return
    assert set(found.ghosts) | set(found.now) == set(before.nodes)
    assert set(found.now.values()) | {n for n, m in found.marks.items() if m.sign == "+"} == set(after.nodes)
    pairs = Counter((w.source[0], w.target[0]) for w in after.wires)
    was = Counter(
        (found.now.get(w.source[0], w.source[0]), found.now.get(w.target[0], w.target[0])) for w in before.wires
    )
    gone = Counter((g.source[0], g.target[0]) for g in found.gone)
    assert was - gone + Counter((s[0], t[0]) for s, t in found.added) == pairs
    ghosts = {g.source[0] for g in found.gone if g.source_gone} | {g.target[0] for g in found.gone if g.target_gone}
    assert ghosts <= set(found.ghosts)
