"""Axes along which a stream runs: they move once in a few frames, of many plots not all at once, and lose no sample."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flodesk.ui.panel.faces.curves.span import FRAME, TOGETHER, Scroll, Turns

FRAMES = 60.0


@given(st.floats(1e-6, 1e6), st.floats(-1e6, 1e6), st.lists(st.tuples(st.booleans(), st.floats(0, 0.6)), max_size=20))
def test_all_samples_stay_within_whoever_steps_early(
    extent: float, begin: float, frames: list[tuple[bool, float]]
) -> None:
    scroll = Scroll()
    low = begin
    scroll.follow(low, low + extent)
    for early, step in frames:
        low += step * extent
        scroll.follow(low, low + extent, early=early)
        slack = 1e-5 * (extent + abs(low) * 1e-9)
        assert scroll.low - slack <= low <= low + extent <= scroll.high + slack
        assert scroll.high - scroll.low <= 1.5 * extent + 1e-9 * abs(low)


def test_a_second_that_runs_at_the_eye_rate_moves_its_axis_in_one_frame_of_six() -> None:
    scroll = Scroll()
    moved = [scroll.follow(n / FRAMES, n / FRAMES + 0.999) for n in range(600)]
    assert moved[60:].count(True) <= 540 / 5.5
    widths = set()
    for n in range(600, 700):
        scroll.follow(n / FRAMES, n / FRAMES + 0.999)
        widths.add(round(scroll.high - scroll.low, 6))
    assert len(widths) == 1, "the curve would jump between two scales"


def test_the_axes_of_many_plots_move_in_turns_and_stand_alike() -> None:
    scrolls, turns = [Scroll() for _ in range(12)], Turns()
    moves = []
    for n in range(300):
        now = n / FRAMES
        moved = 0
        for number, scroll in enumerate(scrolls):
            early = turns.spare(now + number * 1e-4)
            if scroll.follow(now, now + 1.0, early=early):
                turns.moved(now + number * 1e-4)
                moved += 1
        moves.append(moved)
    assert max(moves[60:]) <= 2 * TOGETHER, moves
    assert sum(moves[60:]) <= 240 / 5.5 * len(scrolls)
    ends = {round(scroll.high, 6) for scroll in scrolls}
    assert max(ends) - min(ends) <= 0.1 + 1e-9, "no further from another than one step"


def test_turns_come_back_after_a_frame() -> None:
    turns = Turns()
    for _ in range(TOGETHER):
        assert turns.spare(1.0)
        turns.moved(1.0)
    assert not turns.spare(1.0 + FRAME / 2)
    assert turns.spare(1.0 + FRAME * 1.1)
