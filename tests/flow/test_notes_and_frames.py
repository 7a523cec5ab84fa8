"""Notes and frames live in the header, one line each: they come back as they were, and every change can be undone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.document import Document
from flodesk.flow.edit import Edit, EditError, RenameFunction, SetDrawn, from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.pieces import COLORS, Piece, lies_in, pieces
from flodesk.flow.script import read, write

TEXT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# signal = [0, 0]
# size = [300, 0]
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [0, -200, 240, 120], text = "# Why\\n\\nIt **hums**.", mine = 5 }
# lost = { text = "nowhere" }
#
# [tool.flodesk.frames.flow]
# frame_1 = { at = [-40, -60, 600, 220], title = "All of it", color = "green" }
# ///
import flodesk
from flodesk.nodes import dsp, source


def flow():
    signal = source.sine(0, frequency=5.0, samples=50)
    size = dsp.rms(signal)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.builtin()


def test_lines_are_read_and_what_is_no_note_is_kept_and_named(catalog: Catalog) -> None:
    flow = read(TEXT)
    note, frame = pieces(flow, "flow").values()
    assert note == Piece("note", "note_1", (0, -200, 240, 120), "# Why\n\nIt **hums**.")
    assert frame == Piece("frame", "frame_1", (-40, -60, 600, 220), "All of it", "green")
    assert write(flow) == TEXT
    said = [p for p in check(flow, catalog) if p.kind == "header"]
    assert [p.severity for p in said] == ["warning"]
    assert "“lost”" in said[0].message
    assert "at = [" in said[0].hint


def test_a_change_is_one_line_and_unknown_keys_stay() -> None:
    flow = read(TEXT)
    new, back = wiring.put_pieces(flow, "flow", {("note", "note_1"): (24.0, -200.0, 260.0, 120.0)})[0].apply(flow)
    old_lines, new_lines = TEXT.splitlines(), write(new).splitlines()
    changed = [(a, b) for a, b in zip(old_lines, new_lines, strict=True) if a != b]
    assert len(changed) == 1
    assert "at = [24, -200, 260, 120]" in changed[0][1]
    assert "mine = 5" in changed[0][1]
    assert write(back.apply(new)[0]) == TEXT


def test_a_new_note_has_a_line_of_its_own() -> None:
    flow = read(TEXT)
    edit, made = wiring.new_piece(flow, "flow", "note", (10.0, 20.0, 200.0, 100.0), 'a "quote"\n`code` \\ é')
    new, back = edit.apply(flow)
    assert made.id == "note_2"
    added = set(write(new).splitlines()) - set(TEXT.splitlines())
    assert added == {r'# note_2 = { at = [10, 20, 200, 100], text = "a \"quote\"\n`code` \\ é" }'}
    assert pieces(read(write(new)), "flow")[made.key] == made
    assert write(back.apply(new)[0]) == TEXT


def test_a_file_without_a_header_gets_one_and_loses_it_by_undo() -> None:
    bare = "def flow():\n    pass\n"
    document = Document()
    document.flow = read(bare)
    document.do(wiring.new_piece(document.flow, "flow", "frame", (0.0, 0.0, 300.0, 200.0), "Here")[0])
    assert "[tool.flodesk.frames.flow]" in write(document.flow)
    document.undo()
    assert write(document.flow) == bare


def test_something_else_under_the_name_is_not_overwritten() -> None:
    flow = read(
        TEXT.replace("# [tool.flodesk.frames.flow]\n# frame_1", "# [tool.flodesk.frames]\n# flow = 5\n# frame_1")
    )
    with pytest.raises(EditError, match="frames"):
        wiring.new_piece(flow, "flow", "frame", (0.0, 0.0, 300.0, 200.0))[0].apply(flow)


def test_they_follow_their_function() -> None:
    flow = read(TEXT)
    new, back = RenameFunction("flow", "other").apply(flow)
    assert pieces(new, "other") == pieces(flow, "flow")
    assert not pieces(new, "flow")
    assert write(back.apply(new)[0]) == TEXT


def test_a_copy_takes_chosen_ones_along_and_a_paste_puts_them_beside_their_nodes(catalog: Catalog) -> None:
    flow = read(TEXT)
    graph = picture(flow, catalog, "flow")
    text = wiring.copy(flow, graph, ["size"], [("frame", "frame_1")])
    edit, nodes = wiring.paste(flow, catalog, "flow", text, (1000.0, 1000.0))
    new, back = edit.apply(flow)
    frame = pieces(new, "flow")["frame", "frame_2"]
    assert nodes == ("size_2",)
    assert frame.box == (1000, 1000, 600, 220)
    assert frame.text == "All of it"
    assert frame.color == "green"
    assert new.header.canvas["flow"]["size_2"] == (1340, 1060)
    assert write(back.apply(new)[0]) == TEXT


def test_a_note_alone_travels_too(catalog: Catalog) -> None:
    flow = read(TEXT)
    text = wiring.copy(flow, picture(flow, catalog, "flow"), [], [("note", "note_1")])
    edit, nodes = wiring.paste(flow, catalog, "flow", text, (5.0, 6.0))
    new, _ = edit.apply(flow)
    assert nodes == ()
    assert pieces(new, "flow")["note", "note_2"].box == (5, 6, 240, 120)
    assert new.header.settings["notes"]["flow"]["note_2"]["mine"] == 5


def test_what_lies_in_a_frame() -> None:
    frame = (0.0, 0.0, 400.0, 300.0)
    assert lies_in((350.0, 250.0, 80.0, 80.0), frame)
    assert not lies_in((370.0, 250.0, 80.0, 80.0), frame), "its middle is outside"
    assert not lies_in((-100.0, -100.0, 800.0, 600.0), frame), "the larger frame carries the smaller"
    assert not lies_in(frame, frame)


boxes = st.tuples(*[st.integers(-5000, 5000).map(float)] * 2, *[st.integers(100, 3000).map(float)] * 2)
words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)
kinds = st.sampled_from(["note", "frame"])


def draw_edit(data: st.DataObject, flow: Flow) -> Edit | None:
    """Draw an edit from what there is: one drawn blindly would seldom meet anything."""
    there = list(pieces(flow, "flow").values())
    what = data.draw(st.sampled_from(["new", "new", "put", "words", "remove", "function"]))
    if what == "new":
        color = data.draw(st.sampled_from(["", *COLORS]))
        return wiring.new_piece(flow, "flow", data.draw(kinds), data.draw(boxes), data.draw(words), color)[0]
    if not there:
        return None
    piece = data.draw(st.sampled_from(there))
    match what:
        case "put":
            return next(iter(wiring.put_pieces(flow, "flow", {piece.key: data.draw(boxes)})), None)
        case "words":
            return wiring.set_piece(flow, "flow", Piece(piece.kind, piece.id, piece.box, data.draw(words)))
        case "remove":
            return wiring.remove_pieces(flow, "flow", [piece.key])[0]
        case _:
            return None


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_edits_round_trip_travel_and_undo(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([TEXT, TEXT[TEXT.index("import") :], "def flow():\n    pass\n"]))
    start = flow = read(text)
    way: list[Edit] = []
    for _ in range(data.draw(st.integers(1, 6))):
        edit = draw_edit(data, flow)
        if edit is None:
            continue
        travelled: Any = from_json(to_json(edit))
        new, back = edit.apply(flow)
        assert travelled.apply(flow)[0] == new
        assert read(write(new)) == new, "it is read as it was written"
        assert write(back.apply(new)[0]) == write(flow)
        flow = new
        way.append(back)
    for back in reversed(way):
        flow, _ = back.apply(flow)
    assert flow == start
    assert write(flow) == text


def test_moves_in_a_row_are_one_step() -> None:
    document = Document()
    document.flow = read(TEXT)
    for x in (10.0, 20.0, 30.0):
        document.do(wiring.put_pieces(document.flow, "flow", {("note", "note_1"): (x, 0.0, 240.0, 120.0)})[0], "drag")
    assert document.steps == 1
    document.undo()
    assert write(document.flow) == TEXT


def test_no_run_hears_of_them() -> None:
    edit = wiring.new_piece(read(TEXT), "flow", "note", (0.0, 0.0, 100.0, 100.0))[0]
    assert isinstance(edit, SetDrawn)


def test_a_subflow_takes_them_along_and_gives_them_back(catalog: Catalog) -> None:
    flow = read(
        TEXT.replace(
            "# [tool.flodesk.notes.flow]",
            '# [tool.flodesk.wires.flow]\n# "signal -> size.signal" = { by = [[200, 5]] }\n#\n'
            '# [tool.flodesk.pins.flow]\n# size = ["signal"]\n#\n# [tool.flodesk.notes.flow]',
        )
    )
    graph = picture(flow, catalog, "flow")
    edit, function, node = wiring.make_subflow(flow, graph, ["signal", "size"], [("frame", "frame_1")])
    new, back = edit.apply(flow)
    assert set(pieces(new, function)) == {("frame", "frame_1")}
    assert set(pieces(new, "flow")) == {("note", "note_1")}
    tables = new.header.settings
    assert set(tables["wires"]) == set(tables["pins"]) == {function}
    assert write(back.apply(new)[0]) == write(flow)
    edit, _ = wiring.inline_subflow(new, "flow", node)
    apart, _ = edit.apply(new)
    assert set(pieces(apart, "flow")) == {("note", "note_1"), ("frame", "frame_1")}
    assert set(apart.header.settings["wires"]) == {"flow"}
    assert "size" in apart.header.settings["pins"]["flow"]
