"""The last seconds of streams: what a screen reads of them is what plain lowest and highest values say."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.indicators import history
from flodesk.indicators.history import History


@settings(max_examples=40, deadline=None)
@given(sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=25), seed=st.integers(0, 99))
def test_what_is_read_is_the_plain_lowest_and_highest(sizes: list[int], seed: int) -> None:
    plain, history.PLAIN = history.PLAIN, 100
    try:
        kept, now = History(2, 5.0), 0.0
        y = np.random.default_rng(seed).normal(size=(2, sum(sizes)))
        x = np.arange(y.shape[1]) * 1e-3
        done = 0
        for size in sizes:
            part = slice(done, done + size)
            if size < 4:
                for at in range(done, done + size):
                    kept.add(x[at], y[:, at].tolist())
            else:
                kept.extend(x[part], y[:, part])
            done += size
        now = x[-1]
        for number, row in enumerate(kept.rows_now()):
            wanted = y[number, x >= now - 5.0]
            assert len(row) == len(wanted)
            assert np.asarray(row).tolist() == wanted.tolist()
            for points in (4, 50, 500):  # of each level
                places, found = row.cut(points)
                assert len(found) <= points
                assert (found.min(), found.max()) == (wanted.min(), wanted.max())
                assert bool((np.diff(places) > 0).all())
                assert set(found.tolist()) <= set(wanted.tolist())
    finally:
        history.PLAIN = plain


def test_it_takes_no_more_than_its_share() -> None:
    kept = History(1, 1e9)
    kept._most = 5000
    for start in range(0, 100_000, 500):
        kept.extend(np.arange(start, start + 500.0), np.zeros((1, 500)))
    assert 4000 <= kept.kept <= 8000
    assert len(kept.rows_now()[0]) == kept.kept


def test_nothing_is_there_at_first() -> None:
    x, y = History(1, 1.0).rows_now()[0].cut(10)
    assert len(x) == len(y) == 0
