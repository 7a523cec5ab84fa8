"""What is said to be different between two flows, for each kind of difference there is."""

from __future__ import annotations

import re

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import Difference, diff
from flodesk.flow.diff.words import counts, sentence, short_counts, told
from flodesk.flow.model import Address
from flodesk.flow.script import read

BASE = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# cutoff = [0, 200]
# signal = [240, 0]
# noisy = [480, 0]
# chart = [960, 0]
#
# [tool.flodesk.panel.flow]
# chart = [0, 0, 8, 6]
#
# [tool.flodesk.places.flow]
# noisy = "process"
# ///
"""A sine."""

import flodesk
from flodesk.nodes import control, dsp, maths, queue, show, source, timing

jobs = queue.Queue(size=10)


def helper(values):
    half = maths.scale(values, factor=0.5)
    return half


def flow():
    cutoff = control.slider(20.0, minimum=1.0, maximum=200.0)
    total = 0.0
    for tick in timing.every(0.05):
        signal = source.sine(tick, frequency=5.0, samples=1000)
        noisy = maths.add(signal, 3.0)
        peak = dsp.rms(noisy)
        high = maths.greater(peak, 5.0)
        if high:
            calm = maths.scale(noisy, factor=0.5)
            level = calm
        else:
            level = noisy
        count = len(level) + 1
        longer = maths.add(total, count)
        total = longer
        small = helper(level)
        chart = show.line(level, small, title="Before")
        sent = jobs.put(peak)


def report():
    for job in jobs:
        meter = show.number(job)


if __name__ == "__main__":
    flodesk.main(flow, report)
'''
CATALOG = Catalog.builtin()


def changed(*pairs: tuple[str, str]) -> str:
    text = BASE
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def words(new: str, old: str = BASE) -> list[str]:
    found = diff(read(old), read(new), CATALOG)
    back = diff(read(new), read(old), CATALOG)
    assert {d.mirrored() for d in back} == set(found), "seen from the other side it is the same"
    assert found, "there is a difference"
    return [sentence(d) for d in found]


ONE = {
    "parameter": (("factor=0.5)\n            level", "factor=0.25)\n            level"), "“calm”: factor 0.5 → 0.25"),
    "by position": (("signal, 3.0", "signal, 4.0"), "“noisy”: values[1] 3.0 → 4.0"),
    "default": (("minimum=1.0, ", ""), "“cutoff”: minimum 1.0 → default"),
    "rewired": (("dsp.rms(noisy)", "dsp.rms(signal)"), "“peak”: signal was rewired, noisy → signal"),
    "wired": (("signal, 3.0", "signal, tick"), "“noisy”: values[1] was rewired, 3.0 → tick"),
    "one wire less": (("show.line(level, small", "show.line(small"),
                      "“chart”: values[0] is not wired to level any more"),
    "another wire": (("show.line(level", "show.line(noisy, level"), "“chart”: values[0] is wired to noisy"),
    "into an arm": (("level = noisy", "level = signal"), "“bind_1”: value was rewired, noisy → signal"),
    "type": (("dsp.rms(noisy)", "dsp.mean(noisy)"), "“peak” is of another type: dsp.rms → dsp.mean"),
    "removed": (("        sent = jobs.put(peak)\n", ""), "“sent” was removed: sent = jobs.put(peak)"),
    "test": (("if high:", "if peak > 3:"), "“if_1”: if high → if peak > 3"),
    "code": (("len(level) + 1", "len(level) + 2"), "“code_1”: the code changed"),
    "note": (("dsp.rms(noisy)", "dsp.rms(noisy)  # loud"), "“peak”: the note none → loud"),
    "description": (("A sine", "A cosine"), "the description changed"),
    "signature": (("helper(values):", "helper(values, gain=1.0):"),
                  "the head of “helper”: (values) → (values, gain=1.0)"),
    "returned": (("return half", "return values"), "“return”: value was rewired, half → values"),
    "what runs": (("main(flow, report)", "main(flow)"), "what is run: flow, report → flow"),
    "queue": (("size=10", "size=20"), "“jobs”: size 10 → 20"),
    "place": (("noisy = [480, 0]", "noisy = [480, 10]"), "“noisy” moved: 480, 0 → 480, 10"),
    "view": (("chart = [0, 0, 8, 6]", "chart = [0, 0, 8, 3]"),
             "“chart” has another place or size (column, row, width, height): 0, 0, 8, 6 → 0, 0, 8, 3"),
    "runs in": (('noisy = "process"', 'noisy = "local"'), "“noisy” runs in: process → local"),
    "setting": (("# version = 1\n", '# version = 1\n# on_error = "reject"\n'), "the setting on_error: none → reject"),
    "package": (('["flodesk"]', '["flodesk", "astropy"]'), "“astropy” is now among the packages that it needs"),
    "python": ((">=3.11", ">=3.12"), "the setting requires-python: >=3.11 → >=3.12"),
    "comment": (("    total = 0.0", "    # from nothing\n    total = 0.0"),
                "the comment at “total”: none → # from nothing"),
    "layout": (('title="Before"', "title='Before'"), "the spacing, quotes or line ends at “chart”"),
    "digits": (("samples=1000", "samples=1_000"), "the spacing, quotes or line ends at “signal”"),
    "blank line": (("jobs = queue", "\njobs = queue"), "the spacing, quotes or line ends of the file"),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE)
def test_one_change_is_told_in_one_sentence(name: str) -> None:
    change, expected = ONE[name]
    assert words(changed(change)) == [expected]


def test_a_renamed_node_is_a_rename_and_nothing_else() -> None:
    assert words(re.sub(r"\bnoisy\b", "loud", BASE)) == ["“noisy” was renamed to “loud”"]


def test_a_renamed_loop_queue_and_function_are_renames() -> None:
    assert words(re.sub(r"\btick\b", "beat", BASE)) == ["“tick” was renamed to “beat”"]
    assert words(re.sub(r"\bjobs\b", "letters", BASE)) == ["“jobs” was renamed to “letters”"]
    assert words(re.sub(r"\bhelper\b", "halved", BASE)) == ["“helper” was renamed to “halved”"]


def test_a_merge_and_feedback_that_were_renamed_are_told_once() -> None:
    assert words(re.sub(r"\blevel\b", "height", BASE)) == ["“level” was renamed to “height”"]
    assert words(re.sub(r"\btotal\b", "amount", BASE)) == ["“total” was renamed to “amount”"]


def test_everything_renamed_at_once_is_renames_alone() -> None:
    names = ["cutoff", "tick", "signal", "noisy", "peak", "high", "calm", "count", "longer", "small", "chart", "sent"]
    new = BASE
    for name in names:
        new = re.sub(rf"(?<![.\w\"]){name}\b(?!=)", f"{name}_2", new)
    kinds = [d.kind for d in diff(read(BASE), read(new), CATALOG)]
    assert kinds == ["renamed"] * len(names)


def test_a_node_that_was_renamed_and_turned_is_still_the_same_node() -> None:
    new = re.sub(r"\bnoisy\b", "loud", BASE).replace("signal, 3.0", "signal, 4.0")
    assert words(new) == ["“noisy” was renamed to “loud”", "“loud”: values[1] 3.0 → 4.0"]


def test_a_node_before_another_of_its_kind_shifts_no_numbers() -> None:
    new = changed(
        ("        if high:", "        print(tick)\n        if tick:\n            print(peak)\n        if high:")
    )
    assert words(new) == [
        "“call_1” was added: print(tick)",
        "“if_1” was added: if tick",
        "“call_2” was added: print(peak)",
    ]


def test_a_switch_with_another_test_is_known_by_what_stands_in_it() -> None:
    new = changed(
        ("        if high:", "        if tick:\n            print(peak)\n        if peak > 3:"),
    )
    assert words(new) == [
        "“if_1” was added: if tick",
        "“call_1” was added: print(peak)",
        "“if_2”: if high → if peak > 3",
    ]


def test_a_node_that_went_to_another_loop_or_arm_has_moved() -> None:
    line = "            calm = maths.scale(noisy, factor=0.5)\n"
    new = changed(
        (line, ""), ("        if high:\n", "        calm = maths.scale(noisy, factor=0.5)\n        if high:\n")
    )
    assert words(new) == ["“calm” moved into “for tick”, out of “if high (if_1)”"]
    out = changed((line, ""), ("    total = 0.0\n", "    total = 0.0\n    calm = maths.scale(noisy, factor=0.5)\n"))
    assert words(out) == ["“calm” moved out of “if high (if_1)”"]


def test_an_arm_that_comes_before_another_leaves_the_others_what_they_are() -> None:
    new = changed(("        else:", "        elif tick:\n            level = signal\n        else:"))
    assert words(new) == ["“if_1” got an arm: elif tick", "“bind_1” was added: level = signal"]


def test_another_order_names_as_few_as_explain_it() -> None:
    line = "        sent = jobs.put(peak)\n"
    new = changed((line, ""), ("        high = ", f"{line}        high = "))
    assert words(new) == ["“sent” runs after “peak”, before: after “chart”"]


def test_a_node_put_into_a_wire_leaves_the_others_where_they_are() -> None:
    new = changed(
        ("        peak = dsp.rms(noisy)", "        soft = maths.absolute(noisy)\n        peak = dsp.rms(soft)")
    )
    assert words(new) == ["“soft” was added: soft = maths.absolute(noisy)", "“peak”: signal was rewired, noisy → soft"]


def test_another_node_under_the_name_of_one_that_was_renamed() -> None:
    new = changed(
        (
            "        noisy = maths.add(signal, 3.0)",
            "        loud = maths.add(signal, 3.0)\n        noisy = dsp.hilbert(loud)",
        ),
        ("# noisy = [480, 0]", "# loud = [480, 0]\n# noisy = [720, 0]"),
    )
    found = words(new)
    assert "“noisy” was renamed to “loud”" in found
    assert "“noisy” was added: noisy = dsp.hilbert(loud)" in found


def test_functions_come_and_go_whole() -> None:
    new = changed(
        ("def report():\n    for job in jobs:\n        meter = show.number(job)\n\n\n", ""),
        ("main(flow, report)", "main(flow)"),
    )
    assert words(new) == ["“report” was removed: def report()", "what is run: flow, report → flow"]


def test_an_import_from_elsewhere_names_what_it_means() -> None:
    found = words(
        changed(
            ("import control, dsp,", "import control,"), ("import flodesk\n", "import flodesk\nfrom mine import dsp\n")
        )
    )
    assert "“dsp” is imported from elsewhere: flodesk.nodes.dsp → mine.dsp" in found
    assert "“peak” is of another type: flodesk.nodes.dsp.rms → mine.dsp.rms" in found


def test_code_shows_the_lines_that_changed() -> None:
    old = BASE.replace(
        "count = len(level) + 1", "try:\n            count = 1\n        except ValueError:\n            raise"
    )
    new = old.replace("count = 1", "count = 2")
    (group,) = told(diff(read(old), read(new), CATALOG))
    assert group.title == "In flow"
    assert group.lines[0].more == (" try:", "-    count = 1", "+    count = 2", " except ValueError:")


def test_code_whose_variable_was_renamed_did_not_change() -> None:
    old = BASE.replace("len(level) + 1", "[x + 1 for x in level]")
    assert words(re.sub(r"\blevel\b", "height", old), old) == ["“level” was renamed to “height”"]


def test_many_cards_that_moved_are_one_line() -> None:
    new = re.sub(r"= \[(\d+), (\d+)\]", r"= [1\1, \2]", BASE)
    (group,) = told(diff(read(BASE), read(new), CATALOG))
    assert [line.text for line in group.lines] == ["4 cards of flow moved: cutoff, signal, noisy, chart"]
    assert group.title == "On the canvas"


def test_notes_and_frames_are_told_by_what_they_say() -> None:
    table = "# [tool.flodesk.{}.flow]\n# {} = {{ at = [0, -160, 240, 120], {} }}\n#\n"
    notes, frames = (
        table.format("notes", "note_1", 'text = "Why"'),
        table.format("frames", "frame_1", 'title = "Filter"'),
    )
    at = "# [tool.flodesk.places.flow]"
    old = changed((at, notes + frames + at))
    assert words(old) == ["the note “note_1” was added: Why", "the frame “frame_1” was added: Filter"]
    new = old.replace('"Why"', '"Why not"').replace("240, 120], title", "300, 120], title")
    assert words(new, old) == [
        "the note “note_1”: the text changed",
        "the frame “frame_1” has another place or size: [0, -160, 240, 120] → [0, -160, 300, 120]",
    ]
    assert {group.title for group in told(diff(read(old), read(new)))} == {"On the canvas"}


def test_the_way_of_a_wire_and_pins_follow_a_renamed_node() -> None:
    lines = (
        '# [tool.flodesk.wires.flow]\n# "noisy -> peak.signal" = { by = [[420, 80]] }\n#\n'
        '# [tool.flodesk.pins.flow]\n# noisy = ["values"]\n#\n'
    )
    old = changed(("# [tool.flodesk.places.flow]", f"{lines}# [tool.flodesk.places.flow]"))
    assert words(re.sub(r"\bnoisy\b", "loud", old), old) == ["“noisy” was renamed to “loud”"]
    for bare in (changed(), changed(("A sine.", "Another sine."))):  # which is looked at first hangs on the texts
        loud = re.sub(r"\bnoisy\b", "loud", bare)
        for one, other, names in ((old, loud, ("noisy", "loud")), (loud, old, ("loud", "noisy"))):
            (way,) = [d for d in diff(read(one), read(other)) if d.part.startswith("wires")]
            assert way.was is not None
            assert way.now is not None
            assert [way.was.id, way.now.id] == [f"{name} -> peak.signal" for name in names]
    new = old.replace("[[420, 80]]", "[[420, 90]]").replace('["values"]', '["values", "x"]')
    assert words(new, old) == [
        "“noisy” always shows on its card: ['values'] → ['values', 'x']",
        "the wire “noisy -> peak.signal” is drawn otherwise: [[420, 80]] → [[420, 90]]",
    ]


def test_a_file_without_places_gets_them_without_a_word_for_each() -> None:
    head = BASE.index('"""A sine')
    found = told(diff(read(BASE[head:]), read(BASE), CATALOG))
    assert [line.text for group in found for line in group.lines if line.sign == "↔"] == [
        "4 cards of flow got a place: cutoff, signal, noisy, chart"
    ]


def test_without_a_catalog_arguments_go_by_their_number() -> None:
    (found,) = diff(read(BASE), read(changed(("signal, 3.0", "signal, 4.0"))))
    assert found == Difference("parameter", Address("flow", "noisy"), Address("flow", "noisy"), "args[1]", "3.0", "4.0")


def test_line_ends_and_encodings_are_differences() -> None:
    assert words(BASE.replace("\n", "\r\n")) == ["the spacing, quotes or line ends of the file"]


def test_nothing_is_nothing() -> None:
    assert diff(read(BASE), read(BASE), CATALOG) == ()
    assert counts(()) == "no differences"


def test_counts_are_told_by_sort() -> None:
    new = changed(
        ("signal, 3.0", "signal, 4.0"),
        ("noisy = [480, 0]", "noisy = [480, 10]"),
        ("    total = 0.0\n", "    total = 0.0\n    k = 5\n"),
    )
    found = diff(read(BASE), read(new), CATALOG)
    assert (counts(found), short_counts(found)) == ("1 added, 1 changed, 1 moved", "+1 ~1 ↔1")


def test_what_stands_at_the_top_of_the_file_is_counted_apart() -> None:
    made = changed(
        ("\n\nif __name__", "\n\ndef other():\n    one = 1\n    two = 2\n\n\nif __name__"),
        ("import flodesk\n", "import math\n\nimport flodesk\n"),
    )
    found = diff(read(BASE), read(made), CATALOG)
    assert counts(found) == "1 changed in the file, 1 function added"
    assert counts(diff(read(made), read(BASE), CATALOG)) == "1 changed in the file, 1 function removed"
