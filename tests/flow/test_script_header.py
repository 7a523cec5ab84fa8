"""The header: read, written, and changed line by line."""

from __future__ import annotations

import datetime
import difflib
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow.model import Flow, Header, View
from flodesk.flow.script import ScriptError, read, toml, write

LIVE = """\
#!/usr/bin/env python3
# A line above.
# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "flodesk",  # the first
#   "scipy",
# ]
#
# [tool.uv]
# exclude-newer = 2026-01-01
#
# [tool.flodesk]
# version = 1   # of the format
# on_error = 'reject'
#
# [tool.flodesk.connections]
# dmm = "TCPIP::1"
# "a b" = { address = "x", open = true }
#
# [[tool.flodesk.notes]]
# text = "look"
# [[tool.flodesk.notes]]
# text = "here"
#
# [tool.flodesk.canvas.flow]
# cutoff   =   [0, -120]
# clean = [1.5, 2]
# "größe" = [3, 4]
#
# [tool.flodesk.canvas."<module>"]
# jobs = [0, 0]
#
# [tool.flodesk.panel.flow]
# chart = [0, 1, 8, 6]
# knob = { at = [1, 2, 3, 4], shows = "cutoff.value", page = "More", options = { color = "red" } }
# ///
"""
CODE = 'import flodesk\n\n\ndef flow():\n    cutoff = f()\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def live() -> Flow:
    flow = read(LIVE + CODE)
    assert write(flow) == LIVE + CODE
    return flow


def diff(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def changed(**parts: Any) -> list[str]:
    """Change some parts of the live flow's header; give the lines of the difference."""
    flow = live()
    new = replace(flow, header=replace(flow.header, **parts))
    text = write(new)
    assert read(text) == new
    return diff(LIVE + CODE, text)


def test_what_a_header_says() -> None:
    flow = live()
    assert flow.prefix == "#!/usr/bin/env python3\n# A line above.\n"
    header = flow.header
    assert header.requires_python == ">=3.11"
    assert header.dependencies == ("flodesk", "scipy")
    assert header.canvas == {
        "flow": {"cutoff": (0, -120), "clean": (1.5, 2), "größe": (3, 4)},
        "": {"jobs": (0, 0)},
    }
    assert header.panel == {
        "flow": {
            "chart": View("chart", "chart", 0, 1, 8, 6),
            "knob": View("knob", "cutoff.value", 1, 2, 3, 4, "More", (("color", "red"),)),
        }
    }
    assert header.settings == {
        "version": 1,
        "on_error": "reject",
        "connections": {"dmm": "TCPIP::1", "a b": {"address": "x", "open": True}},
        "notes": [{"text": "look"}, {"text": "here"}],
    }


@pytest.mark.parametrize("line", ["# dependencies = []", '# requires-python = ""'])
def test_a_line_that_says_nothing_is_no_reason_to_read_the_file_as_one_piece(line: str) -> None:
    text = f"# /// script\n{line}\n#\n# [tool.flodesk.canvas.flow]\n# a = [0, 0]\n# ///\n\n\ndef flow():\n    a = 1\n"
    flow = read(text)
    assert flow.header.canvas == {"flow": {"a": (0, 0)}}
    assert "flow" in flow.functions
    assert write(flow) == text


def test_a_moved_box_changes_one_line() -> None:
    canvas = live().header.canvas
    moved = {**canvas, "flow": {**canvas["flow"], "cutoff": (10.0, 20.5)}}
    assert changed(canvas=moved) == ["-# cutoff   =   [0, -120]", "+# cutoff = [10, 20.5]"]


def test_a_box_that_stays_keeps_its_line_as_it_is() -> None:
    canvas = live().header.canvas
    assert changed(canvas={**canvas, "flow": {**canvas["flow"], "cutoff": (0.0, -120.0), "clean": (1.5, 2.0)}}) == []


def test_a_new_box_adds_one_line() -> None:
    canvas = live().header.canvas
    assert changed(canvas={**canvas, "flow": {**canvas["flow"], "new": (1, 2)}}) == ["+# new = [1, 2]"]


def test_a_box_less_takes_one_line() -> None:
    canvas = live().header.canvas
    less = {name: place for name, place in canvas["flow"].items() if name != "clean"}
    assert changed(canvas={**canvas, "flow": less}) == ["-# clean = [1.5, 2]"]


def test_the_last_box_takes_its_table_along() -> None:
    canvas = {name: table for name, table in live().header.canvas.items() if name}
    assert sorted(changed(canvas=canvas)) == ["-#", '-# [tool.flodesk.canvas."<module>"]', "-# jobs = [0, 0]"]


def test_the_first_box_of_a_function_makes_a_table_beside_the_others() -> None:
    canvas = live().header.canvas
    lines = changed(canvas={**canvas, "other": {"x": (1, 2)}})
    assert sorted(lines) == ["+#", "+# [tool.flodesk.canvas.other]", "+# x = [1, 2]"]
    flow = live()
    text = write(replace(flow, header=replace(flow.header, canvas={**canvas, "other": {"x": (1, 2)}})))
    assert text.index("canvas.other") < text.index("panel.flow")


def test_a_view_changes_one_line() -> None:
    panel = live().header.panel
    chart = replace(panel["flow"]["chart"], page="More")
    assert changed(panel={"flow": {**panel["flow"], "chart": chart}}) == [
        "-# chart = [0, 1, 8, 6]",
        '+# chart = { at = [0, 1, 8, 6], page = "More" }',
    ]


def test_settings_change_where_they_stand() -> None:
    settings = dict(live().header.settings)
    settings["on_error"] = "stop"
    settings["connections"] = {**settings["connections"], "psu": "ASRL1"}
    assert changed(settings=settings) == ["-# on_error = 'reject'", '+# on_error = "stop"', '+# psu = "ASRL1"']


def test_an_array_of_tables_is_written_anew_once_it_changes() -> None:
    settings = {**live().header.settings, "notes": [{"text": "look"}]}
    lines = changed(settings=settings)
    assert '+# notes = [{ text = "look" }]' in lines
    assert "-# [[tool.flodesk.notes]]" in lines


def test_dependencies_of_several_lines_become_one_when_they_change() -> None:
    lines = changed(dependencies=("flodesk", "scipy", "numpy"))
    assert lines[-1] == '+# dependencies = ["flodesk", "scipy", "numpy"]'


def test_other_tools_and_comments_are_never_touched() -> None:
    flow = live()
    header = Header(requires_python="", dependencies=(), settings={}, lines=flow.header.lines)
    text = write(replace(flow, header=header))
    assert read(text).header == header
    for line in ("# [tool.uv]", "# exclude-newer = 2026-01-01", "#!/usr/bin/env python3"):
        assert line in text.split("\n")


@pytest.mark.parametrize(
    "lines",
    [
        ["[tool]", "flodesk.version = 1", "flodesk.canvas.flow.a = [1, 2]"],
        ["[tool.flodesk]", "canvas = { flow = { a = [1, 2] } }", "version = 1"],
        ["tool.flodesk = { version = 1, canvas.flow.a = [1, 2] }"],
        ["tool = { flodesk = { version = 1, canvas = { flow = { a = [1, 2] } } }, uv = {} }"],
        ["[tool]", "[tool.flodesk.canvas]", "flow.a = [1, 2]", "[tool.flodesk]", "version = 1"],
        ["[ tool . flodesk . 'canvas' . \"flow\" ]", "'a' = [", " 1, # one", " 2 ]", "[tool.flodesk]", "version = 1"],
    ],
)
def test_headers_that_a_hand_wrote_otherwise(lines: list[str]) -> None:
    text = "".join(f"# {line}\n" for line in ["/// script", *lines, "///"]) + CODE
    flow = read(text)
    assert write(flow) == text
    assert flow.header.canvas == {"flow": {"a": (1, 2)}}
    for canvas in ({"flow": {"a": (3, 4)}}, {"flow": {"a": (1, 2), "b": (3, 4)}}, {}, {"new": {"b": (3, 4)}}):
        new = replace(flow, header=replace(flow.header, canvas=canvas, settings={"version": 2, "x": {"y": "z"}}))
        again = read(write(new))
        assert again.header == new.header
        assert again.module == flow.module
        assert "uv" not in text or "uv" in write(new)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_header_turns_into_any_other(data: st.DataObject, headers: st.SearchStrategy[Header]) -> None:
    flow = read(CODE)
    old = read(write(replace(flow, header=replace(data.draw(headers), present=True))))
    new = replace(old, header=replace(data.draw(headers), lines=old.header.lines, present=True))
    assert read(write(new)) == new


# ------------------------------------------------------------------ files without one
def test_a_file_without_a_header_stays_without_one() -> None:
    flow = read(CODE)
    assert not flow.header.present
    assert write(flow) == CODE


@pytest.mark.parametrize(
    "above", ["", "#!/usr/bin/python3\n", "# -*- coding: utf-8 -*-\n", "#!/x\n# vim: set fileencoding=utf-8\n"]
)
def test_a_header_is_added_when_there_is_something_to_put_in_it(above: str) -> None:
    flow = read(above + CODE)
    new = replace(flow, header=replace(flow.header, canvas={"flow": {"cutoff": (1, 2)}}))
    assert write(new) == (
        above + '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["flodesk"]\n'
        "#\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.canvas.flow]\n# cutoff = [1, 2]\n# ///\n" + CODE
    )
    assert read(write(new)) == new


def test_a_header_below_the_first_statement_stays_there() -> None:
    text = '"""Doc."""\n\n# Above.\n# /// script\n# dependencies = ["numpy"]\n# ///\n# Below.\nx = f()\n'
    flow = read(text)
    assert write(flow) == text
    assert flow.header.dependencies == ("numpy",)
    assert flow.docstring == "Doc."
    new = replace(flow, header=replace(flow.header, canvas={"": {"x": (1, 2)}}))
    assert diff(text, write(new)) == ["+#", '+# [tool.flodesk.canvas."<module>"]', "+# x = [1, 2]"]
    assert read(write(new)) == new
    gone = replace(new, module=replace(flow.module, statements=flow.module.statements[:1]))
    assert read(write(gone)) == gone


def test_what_looks_like_a_header_in_a_text_is_none() -> None:
    text = 'x = """\n# /// script\n# dependencies = 3\n# ///\n"""\n'
    flow = read(text)
    assert not flow.header.present
    assert write(flow) == text


def test_an_open_end_without_our_part_is_a_comment() -> None:
    text = "# /// script\n# dependencies = []\n\nx = 1\n"
    assert write(read(text)) == text
    assert not read(text).header.present


# ------------------------------------------------------------------ broken ones
@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (["x = = 1"], 2, "not TOML"),
        (["[tool.flodesk]", "", "version = "], 4, "not TOML"),
        (["a = 1", "a = 2"], 3, "not TOML"),
        (["requires-python = 3.11"], 2, "requires-python should be a text"),
        (["", "dependencies = 'numpy'"], 3, "dependencies should be a list of texts"),
        (["dependencies = [1]"], 2, "dependencies should be a list of texts"),
        (["[tool]", "flodesk = 3"], 3, "tool.flodesk should be a table"),
        (["[tool.flodesk.ids]", "flow = 'if_1'"], 3, "tool.flodesk.ids.flow should be a list of texts"),
    ],
)
def test_a_broken_header_says_where(lines: list[str], line: int, words: str) -> None:
    text = "".join(f"# {one}\n" if one else "#\n" for one in ["/// script", *lines, "///"]) + CODE
    for above in ("", "#!/x\n\n"):
        with pytest.raises(ScriptError) as caught:
            read(above + text)
        assert caught.value.line == line + above.count("\n")
        assert words in caught.value.message


def test_a_header_without_an_end() -> None:
    with pytest.raises(ScriptError, match="line 2: the header that starts here has no end"):
        read("#!/x\n# /// script\n# [tool.flodesk]\n\nx = 1\n")


def test_two_headers() -> None:
    one = "# /// script\n# x = 1\n# ///\n"
    with pytest.raises(ScriptError, match=r"line 5: there is a second header; the first is in line 1"):
        read(one + "\n" + one)


# ------------------------------------------------------------------ ids of what has no name
IDS = "def flow(a):\n    if a:\n        pass\n    if a:\n        pass\n    f()\n"


def test_ids_that_are_not_the_numbers_of_the_rule_are_in_the_header() -> None:
    flow = read(IDS)
    function = flow.functions["flow"]
    first, second, call = function.body.statements
    body = replace(function.body, statements=(second, first, call))
    swapped = replace(flow, module=replace(flow.module, statements=(replace(function, body=body),)))
    text = write(swapped)
    assert '# [tool.flodesk.ids]\n# flow = ["if_2", "if_1", "call_1"]\n' in text
    assert read(text) == swapped
    back = replace(read(text), module=flow.module)
    assert "ids" not in write(back)


@pytest.mark.parametrize("ids", ["[]", '["x"]', '["x", "x", "y"]', '["a", "x", "y"]', '["if_1", "if_2", "call_1"]'])
def test_ids_that_do_not_fit_are_left_aside(ids: str) -> None:
    flow = read(f"# /// script\n# [tool.flodesk.ids]\n# flow = {ids}\n# ///\n{IDS}")
    assert [s.id for s in flow.functions["flow"].body.statements] == ["if_1", "if_2", "call_1"]
    assert f"flow = {ids}" in write(flow)


def test_a_switch_may_have_a_name_of_its_own() -> None:
    text = f'# /// script\n# [tool.flodesk.ids]\n# flow = ["is_hot", "if_2", "call_1"]\n# ///\n{IDS}'
    flow = read(text)
    assert flow.functions["flow"].body.statements[0].id == "is_hot"
    assert write(flow) == text


# ------------------------------------------------------------------ TOML on one line
scalars = (
    st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text() | st.dates() | st.times()
)
toml_values = st.recursive(
    scalars | st.datetimes(timezones=st.none() | st.just(datetime.timezone(datetime.timedelta(hours=2)))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(st.text(), toml_values)
@settings(max_examples=200, deadline=None)
def test_toml_comes_back_and_stays_on_one_line(name: str, value: Any) -> None:
    line = f"{toml.key(name)} = {toml.value(value)}"
    assert len(line.splitlines()) == 1
    assert tomllib.loads(line) == {name: value}


def test_toml_has_no_none() -> None:
    with pytest.raises(TypeError, match="a header cannot hold None"):
        toml.value([None])


@pytest.mark.parametrize("table", ["places.flow", "process", "canvas.flow", "other.deeper.still"])
def test_a_table_without_lines_stays_and_takes_nothing_with_it(table: str) -> None:
    text = (
        f"# /// script\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.{table}]\n# ///\ndef flow():\n    a = 1\n"
    )
    flow = read(text)
    assert list(flow.functions) == ["flow"]
    assert write(flow) == text
