"""How wires are drawn stands in the header: it follows its wire through renames, copies and removals, and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.diff import compare
from flodesk.flow.diff.back import take_back
from flodesk.flow.diff.words import sentence
from flodesk.flow.document import Document
from flodesk.flow.edit import Many, Rename, SetArguments, SetDrawn, from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.routes import Route, routes, wire_name
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
# loud = [300, 0]
# size = [600, 0]
#
# [tool.flodesk.wires.flow]
# "signal -> loud.values[0]" = { by = [[200, -50], [250, -60]], mine = 1 }
# "loud -> size.signal" = { labels = true }
# nonsense = 5
# ///
import flodesk
from flodesk.nodes import dsp, maths, source


def flow():
    signal = source.sine(0, frequency=5.0, samples=50)
    loud = maths.multiply(signal, 2.0)
    size = dsp.rms(loud)


if __name__ == "__main__":
    flodesk.main(flow)
"""
FIRST, SECOND = "signal -> loud.values[0]", "loud -> size.signal"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.builtin()


def test_lines_are_read_by_the_names_of_wires(catalog: Catalog) -> None:
    flow = read(TEXT)
    assert routes(flow, "flow") == {FIRST: Route(((200, -50), (250, -60))), SECOND: Route(labels=True)}
    names = {wire_name(wire.source, wire.target) for wire in picture(flow, catalog, "flow").wires}
    assert names == {FIRST, SECOND}
    assert write(flow) == TEXT


def test_a_change_is_one_line_and_the_last_point_takes_what_is_ours_out() -> None:
    flow = read(TEXT)
    new, back = wiring.put_routes(flow, "flow", {FIRST: Route(((1, 2.5),))})[0].apply(flow)
    assert '# "signal -> loud.values[0]" = { by = [[1, 2.5]], mine = 1 }' in write(new)
    assert write(back.apply(new)[0]) == TEXT
    none, _ = wiring.put_routes(flow, "flow", {FIRST: Route(), SECOND: Route()})[0].apply(flow)
    assert '# "signal -> loud.values[0]" = { mine = 1 }' in write(none)


def test_a_rename_renames_the_ends() -> None:
    flow = read(TEXT)
    new, back = Rename("flow", "loud", "louder").apply(flow)
    assert set(routes(new, "flow")) == {"signal -> louder.values[0]", "louder -> size.signal"}
    assert write(back.apply(new)[0]) == TEXT


def test_a_removed_node_takes_the_lines_of_its_wires_along(catalog: Catalog) -> None:
    flow = read(TEXT)
    new, back = wiring.remove(flow, picture(flow, catalog, "flow"), ["size"]).apply(flow)
    assert set(routes(new, "flow")) == {FIRST}
    assert write(back.apply(new)[0]) == TEXT


def test_a_wire_that_goes_leaves_no_line(catalog: Catalog) -> None:
    flow = read(TEXT)
    before = picture(flow, catalog, "flow")
    wire = next(w for w in before.wires if w.target[0] == "size")
    new, _ = wiring.disconnect(flow, before, wire).apply(flow)
    lost = list(wiring.lost_routes(flow, new, before, picture(new, catalog, "flow")))
    assert [edit.apply(new)[0].header.settings["wires"]["flow"].keys() for edit in lost] == [{FIRST, "nonsense"}]


def test_a_copy_takes_the_way_of_its_wires_along(catalog: Catalog) -> None:
    flow = read(TEXT)
    text = wiring.copy(flow, picture(flow, catalog, "flow"), ["signal", "loud"])
    edit, _ = wiring.paste(flow, catalog, "flow", text, (1000.0, 500.0))
    new, back = edit.apply(flow)
    assert routes(new, "flow")["signal_2 -> loud_2.values[0]"] == Route(((1200, 450), (1250, 440)))
    assert write(back.apply(new)[0]) == TEXT


points = st.lists(st.tuples(*[st.floats(-1e5, 1e5).map(lambda x: round(x, 1))] * 2), max_size=4).map(tuple)


@given(st.lists(st.tuples(st.sampled_from([FIRST, SECOND]), points, st.booleans()), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_routes_round_trip_travel_and_undo(steps: list[tuple[str, tuple[tuple[float, float], ...], bool]]) -> None:
    document = Document()
    document.flow = read(TEXT)
    for name, way, labels in steps:
        route = Route(way, labels)
        for edit in wiring.put_routes(document.flow, "flow", {name: route}):
            assert from_json(to_json(edit)).apply(document.flow)[0] == edit.apply(document.flow)[0]
            document.do(edit)
        assert routes(document.flow, "flow").get(name, Route()) == route
        assert read(write(document.flow)) == document.flow
    while document.undo_title:
        document.undo()
    assert write(document.flow) == TEXT


def test_a_diff_tells_of_ways_and_pins_and_takes_them_back(catalog: Catalog) -> None:
    pins = '# [tool.flodesk.pins.flow]\n# size = ["signal"]\n#\n# [tool.flodesk.wires.flow]'
    old = read(TEXT.replace("# [tool.flodesk.wires.flow]", pins))
    new = read(TEXT.replace("[250, -60]", "[260, -60]").replace("labels = true", "labels = false"))
    found = compare(old, new, catalog).differences
    said = [sentence(d) for d in found]
    assert any("the wire “signal -> loud.values[0]” is drawn otherwise" in line for line in said), said
    assert any("always shows on its card" in line for line in said), said
    for difference in found:
        new, _ = take_back(difference, old, new, compare(old, new, catalog), catalog).apply(new)
    assert routes(new, "flow") == routes(old, "flow")
    assert new.header.settings["pins"] == old.header.settings["pins"]
    assert {d.kind for d in compare(old, new, catalog).differences} <= {"text"}, "at most the order of lines"


ENDS = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.wires.flow]
# "signal -> first.signal" = { labels = true }
#
# [tool.flodesk.wires.part]
# "def.signal -> size.signal" = { by = [[1, 2]] }
# "gone -> nobody.knows" = { labels = true }
# ///
from flodesk.nodes import dsp, source


def part(signal):
    size = dsp.rms(signal)
    return size


def flow():
    signal = source.sine(0)
    first = part(signal)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_the_way_of_a_wire_follows_the_new_name_of_an_input_inside_and_where_it_is_called() -> None:
    flow = read(ENDS)
    new, back = wiring.rename_input(flow, "part", "signal", "wave").apply(flow)
    assert "def.wave -> size.signal" in routes(new, "part")
    assert set(routes(new, "flow")) == {"signal -> first.wave"}
    assert write(back.apply(new)[0]) == ENDS


def test_an_edit_forgets_the_ways_that_it_makes_pointless_and_no_others(catalog: Catalog) -> None:
    flow = read(ENDS)
    gone = wiring.remove(flow, picture(flow, catalog, "part"), ["size"])
    new, _ = wiring.without_lost_routes(flow, catalog, gone).apply(flow)
    assert list(routes(new, "part")) == ["gone -> nobody.knows"]
    pasted = Many((SetDrawn("wires", "flow", "signal -> lost.value", {"labels": True}, "Paste"),), "Paste")
    new, _ = wiring.without_lost_routes(flow, catalog, pasted).apply(flow)
    assert set(routes(new, "flow")) == {"signal -> first.signal"}
    renamed = Many((Rename("part", "size", "other"), SetArguments("part", "other", ())), "Rename and cut")
    new, back = wiring.without_lost_routes(flow, catalog, renamed).apply(flow)
    assert list(routes(new, "part")) == ["gone -> nobody.knows"]
    assert write(back.apply(new)[0]) == ENDS
