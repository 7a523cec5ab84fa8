"""The grid's arithmetic: pushing down, free places, pixels."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from flodesk.flow.cells import part, place_beside
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


@given(some_places, st.integers(1, COLUMNS), st.integers(1, 5))
def test_the_first_free_place_is_the_one_that_a_walk_over_all_rows_finds(
    places: dict[str, Cells], width: int, height: int
) -> None:
    walk = (Cells(column, row, width, height) for row in range(20) for column in range(COLUMNS - width + 1))
    first = next(cells for cells in walk if not any(cells.overlaps(other) for other in places.values()))
    assert free_place(places, width, height) == first


@given(some_places, st.data())
def test_the_nearest_free_place_is_the_one_that_a_walk_over_all_rows_finds(
    places: dict[str, Cells], data: st.DataObject
) -> None:
    beside = data.draw(st.sampled_from(list(places.values())))
    width, height = data.draw(st.integers(1, COLUMNS)), data.draw(st.integers(1, 5))
    lowest = max(cells.bottom for cells in places.values())
    walk = (Cells(column, row, width, height) for row in range(lowest + 1) for column in range(COLUMNS - width + 1))
    free = [cells for cells in walk if not any(cells.overlaps(other) for other in places.values())]

    def far(cells: Cells) -> tuple[int, bool, int]:
        away = abs(cells.row - beside.row) + abs(cells.column - beside.column)
        return away, cells.row < beside.row, cells.row

    assert place_beside(places, beside, width, height) == min(free, key=far)


def test_a_view_far_down_costs_nothing() -> None:
    asked: list[Cells] = []

    class Told(Cells):
        @property
        def bottom(self) -> int:
            asked.append(self)
            return super().bottom

    there = {"top": Told(0, 0, 12, 1), "far": Told(0, 900_000, 12, 1)}
    assert free_place(there, 4, 2) == Cells(0, 1, 4, 2)
    assert len(asked) < 20


def test_views_are_parted_by_asking_each_about_its_neighbours() -> None:
    asked: list[Cells] = []

    class Told(Cells):
        def overlaps(self, other: Cells) -> bool:
            asked.append(other)
            return super().overlaps(other)

    side_by_side = {str(number): Told(number % 3 * 4, number // 3 * 2, 4, 2) for number in range(300)}
    assert part(side_by_side, ()) == side_by_side
    assert len(asked) < 300 * 8
    asked.clear()
    made = part({str(number): Told(0, 0, 4, 2) for number in range(300)}, ())
    assert [cells.row for cells in made.values()] == list(range(0, 600, 2))
    assert len(asked) < 300 * 300


@given(some_places, st.data())
def test_what_is_pushed_down_goes_to_the_next_row_that_is_free(places: dict[str, Cells], data: st.DataObject) -> None:
    first = data.draw(st.sets(st.sampled_from(sorted(places))))
    tabs = {key: data.draw(st.sampled_from(["", "one", "two"])) for key in places}

    def meet(one: str, other: str) -> bool:
        return not tabs[one] or not tabs[other] or tabs[one] == tabs[other]

    made = part(places, first, meet)
    before: list[str] = []
    for key in sorted(places, key=lambda key: (key not in first, places[key].row, places[key].column)):
        own = places[key]
        higher = (replace(own, row=row) for row in range(own.row, made[key].row))
        beside = [made[name] for name in before if meet(name, key)]
        assert not any(made[key].overlaps(other) for other in beside)
        assert all(any(cells.overlaps(other) for other in beside) for cells in higher), "it could have stayed higher"
        before.append(key)


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
