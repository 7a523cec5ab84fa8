"""Groups of views: what the header says of them, the boxes round them, and how they part."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flodesk.flow.catalog import Catalog
from flodesk.flow.cells import COLUMNS, Cells
from flodesk.flow.diff import diff
from flodesk.flow.edit import SetView, from_json, to_json
from flodesk.flow.groups import Member, around, boxes, grouped, joined, settled, tabs, taken
from flodesk.flow.script import read, write
from flodesk.flow.wiring.views import first_view

TEXT = """# /// script
# requires-python = ">=3.11"
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.panel.flow]
# gain = { at = [0, 1, 6, 2], group = "Pump" }
# seen = { at = [0, 3, 6, 2], group = "Pump", tab = "Level", options = { as = "show.number" }, mine = 1 }
# ///
import flodesk
from flodesk.nodes import control, show


def flow():
    gain = control.slider(2.0)
    seen = show.number(gain)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_group_and_tab_are_read_and_written_back_to_the_letter() -> None:
    flow = read(TEXT)
    assert write(flow) == TEXT
    gain, seen = flow.header.panel["flow"].values()
    assert (gain.group, gain.tab, gain.more) == ("Pump", "", ())
    assert (seen.group, seen.tab, seen.more) == ("Pump", "Level", (("mine", 1),))


def test_joining_and_leaving_a_group_change_one_line_and_are_taken_back() -> None:
    flow = read(TEXT)
    gain = flow.header.panel["flow"]["gain"]
    edit = SetView("flow", "gain", joined(gain, Member("Pump", "Set")))
    assert from_json(to_json(edit)) == edit
    after, back = edit.apply(flow)
    line = 'gain = { at = [0, 1, 6, 2], group = "Pump" }'
    assert write(after) == TEXT.replace(line, 'gain = { at = [0, 1, 6, 2], group = "Pump", tab = "Set" }')
    alone, _ = SetView("flow", "gain", joined(gain, Member())).apply(flow)
    assert write(alone) == TEXT.replace(line, "gain = [0, 1, 6, 2]")
    assert write(back.apply(after)[0]) == TEXT


def test_what_is_no_text_is_no_group_stays_and_makes_way_for_one() -> None:
    text = TEXT.replace('group = "Pump" }', "group = [3], tab = 4 }")
    flow = read(text)
    gain = flow.header.panel["flow"]["gain"]
    assert (gain.group, gain.tab, gain.more) == ("", "", (("group", [3]), ("tab", 4)))
    moved, _ = SetView("flow", "gain", replace(gain, row=0)).apply(flow)
    assert write(moved) == text.replace("[0, 1, 6, 2]", "[0, 0, 6, 2]")
    member, _ = SetView("flow", "gain", joined(gain, Member("Pump", "Set"))).apply(flow)
    assert 'gain = { at = [0, 1, 6, 2], group = "Pump", tab = "Set" }' in write(member)


def test_another_group_or_tab_is_a_difference() -> None:
    other = TEXT.replace('group = "Pump" }', 'group = "Motor", tab = "Set" }')
    found = [(d.part, d.old, d.new) for d in diff(read(TEXT), read(other)) if d.kind == "view"]
    assert found == [("group", "Pump", "Motor"), ("tab", "", "Set")]


def test_a_new_view_stays_off_the_title_of_a_group() -> None:
    flow = read(TEXT.replace("[0, 1, 6, 2]", "[0, 1, 12, 2]"))
    flow, _ = SetView("flow", "seen", None).apply(flow)
    view = first_view(flow, "flow", "seen", Catalog.builtin().specs["flodesk.nodes.show.number"])
    assert view is not None
    assert view.row == 3, "row 0 is free of views, and has the title"


# ------------------------------------------------------------------ how they part
@st.composite
def some_cells(draw: st.DrawFn) -> Cells:
    width = draw(st.integers(1, COLUMNS))
    return Cells(draw(st.integers(0, COLUMNS - width)), draw(st.integers(0, 9)), width, draw(st.integers(1, 4)))


some_places = st.dictionaries(st.sampled_from("abcdefgh"), some_cells(), min_size=1)
some_members = st.builds(Member, st.sampled_from(["", "A", "B"]), st.sampled_from(["", "1", "2"])).map(
    lambda one: one if one.group else Member()
)


def seen_together(members: dict[str, Member], one: str, other: str) -> bool:
    same = members[one].group == members[other].group != ""
    return not same or members[one].meets(members[other])


@given(some_places, st.data())
def test_nothing_that_is_seen_together_overlaps_and_boxes_keep_their_ground(
    places: dict[str, Cells], data: st.DataObject
) -> None:
    members = {key: data.draw(some_members) for key in places}
    moved = data.draw(st.sets(st.sampled_from(sorted(places))))
    made = settled(places, members, moved)
    for one in made:
        before = places[one]
        assert made[one] == replace(before, row=made[one].row)
        assert made[one].row >= before.row, "views go down, never up"
        for other in made:
            if one < other and seen_together(members, one, other):
                assert not made[one].overlaps(made[other])
    found = boxes(made, members)
    assert all(box.row >= 0 for box in found.values()), "a title is on the grid"
    for group, box in found.items():
        others = [cells for key, cells in made.items() if members[key].group != group]
        assert not any(box.overlaps(cells) for cells in [*others, *(b for name, b in found.items() if name != group)])
    assert settled(made, members) == made
    assert settled(made, members, moved) == made


def test_a_group_in_the_way_goes_down_as_one() -> None:
    members = {"a": Member("G"), "b": Member("G"), "new": Member()}
    places = {"a": Cells(0, 1, 4, 2), "b": Cells(4, 4, 4, 2), "new": Cells(4, 0, 4, 2)}
    made = settled(places, members, ["new"])
    assert made == {"a": Cells(0, 3, 4, 2), "b": Cells(4, 6, 4, 2), "new": Cells(4, 0, 4, 2)}, "its title is below too"
    assert taken(made, members)["group G"] == Cells(0, 2, 8, 6)


def test_views_of_different_tabs_lie_in_the_same_place_and_one_of_no_tab_below_none() -> None:
    members = {"a": Member("G", "1"), "b": Member("G", "2"), "c": Member("G")}
    places = dict.fromkeys("abc", Cells(0, 1, 4, 2))
    made = settled(places, members, ["c"])
    assert made == {"a": Cells(0, 3, 4, 2), "b": Cells(0, 3, 4, 2), "c": Cells(0, 1, 4, 2)}
    assert tabs(members, "G") == ("1", "2")
    assert grouped(members) == {"G": ["a", "b", "c"]}
    assert around(made.values()) == Cells(0, 1, 4, 4)


def test_a_group_written_at_the_top_leaves_room_for_its_title() -> None:
    made = settled({"a": Cells(0, 0, 4, 2), "b": Cells(0, 2, 4, 1)}, {"a": Member("G"), "b": Member()})
    assert made == {"a": Cells(0, 1, 4, 2), "b": Cells(0, 3, 4, 1)}
