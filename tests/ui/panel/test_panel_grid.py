"""The grid's arithmetic: pushing down, free places, pixels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flodesk.ui.panel.layout.grid import COLUMNS, GAP, MARGIN, Cells, Metrics, free_place, make_room


@st.composite
def some_cells(draw: st.DrawFn) -> Cells:
    width = draw(st.integers(1, COLUMNS))
    return Cells(draw(st.integers(0, COLUMNS - width)), draw(st.integers(0, 12)), width, draw(st.integers(1, 5)))


some_places = st.dictionaries(st.sampled_from("abcdefgh"), some_cells(), min_size=1)


@given(some_places, st.data())
def test_room_is_made_below_and_nothing_overlaps(places: dict[str, Cells], data: st.DataObject) -> None:
    moved = data.draw(st.sampled_from(sorted(places)))
    made = make_room(places, moved)
    assert made[moved] == places[moved]
    assert list(made) == list(places)
    for key, cells in made.items():
        before = places[key]
        assert (cells.column, cells.width, cells.height) == (before.column, before.width, before.height)
        assert cells.row >= before.row
        assert not any(cells.overlaps(other) for name, other in made.items() if name != key)


@given(some_places)
def test_places_that_do_not_overlap_stay(places: dict[str, Cells]) -> None:
    made = make_room(places, next(iter(places)))
    for key in made:
        assert make_room(made, key) == made


@given(some_places, st.integers(1, COLUMNS), st.integers(1, 5))
def test_a_free_place_is_free_and_on_the_grid(places: dict[str, Cells], width: int, height: int) -> None:
    found = free_place(places, width, height)
    assert (found.width, found.height) == (width, height)
    assert found.on_grid() == found
    assert not any(found.overlaps(other) for other in places.values())


def test_columns_share_the_width_and_edges_line_up() -> None:
    metrics = Metrics(761)
    left, top, width, height = metrics.rectangle(Cells(0, 0, 12, 1))
    assert (left, top, left + width, height) == (MARGIN, MARGIN, 761 - MARGIN, 40)
    for column in range(11):
        x, _, wide, _ = metrics.rectangle(Cells(column, 0, 1, 1))
        assert x + wide + GAP == metrics.rectangle(Cells(column + 1, 0, 1, 1))[0]


def test_a_point_falls_into_its_cell() -> None:
    metrics = Metrics(800)
    for cells in (Cells(0, 0, 1, 1), Cells(7, 3, 1, 1), Cells(11, 9, 1, 1)):
        x, y, width, height = metrics.rectangle(cells)
        assert metrics.cell_at(x + width / 2, y + height / 2) == (cells.column, cells.row)
    assert metrics.cell_at(-50, -50) == (0, 0)
    assert metrics.cell_at(5000, 10)[0] == COLUMNS - 1


def test_a_panel_that_is_a_little_too_narrow_is_tighter_and_does_not_scroll() -> None:
    assert Metrics(448).column > 35
    assert Metrics(410).column < 36
    assert Metrics(410).size(1)[0] <= 410
    assert Metrics(380).column == 36
    assert Metrics(380).size(1)[0] > 380 + 20, "then there is something to scroll for"
