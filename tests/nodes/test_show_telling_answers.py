"""What logs, state timelines and formatted texts give."""

from __future__ import annotations

import pytest

from flodesk.engine.values import decode, encode
from flodesk.nodes import show
from flodesk.public import Lines, Timeline


def over(value):
    """Return a value as a screen gets it."""
    return decode(*encode(value))


@pytest.mark.node("show.Log")
def test_a_log_keeps_its_lines_with_level_and_time():
    log = show.Log()
    assert log(None).summary() == "no line yet"
    first = log("level", 3.5, level="warning")
    last = log("one\ntwo")
    assert log("").count == 3
    assert [row[1:] for row in first.rows()] == [(2, "level 3.5")], "what was handed out stays as it was"
    seen = over(last)
    assert isinstance(seen, Lines)
    assert [row[1:] for row in seen.rows()] == [(2, "level 3.5"), (1, "one"), (1, "two")]
    assert [row[1:] for row in seen.rows(1)] == [(1, "two")]
    assert seen.summary() == "two"
    assert (seen.first, seen.count) == (0, 3)
    assert seen.rows()[0][0] <= seen.rows()[2][0]
    assert over(log("µ °C 日本")).summary() == "µ °C 日本"
    with pytest.raises(ValueError, match="no level"):
        log("x", level="loud")
    with pytest.raises(ValueError, match="1 or more"):
        show.Log(keep=0)
    assert show.Log()("a").log != show.Log()("a").log


@pytest.mark.node("show.Log")
def test_a_log_lets_old_lines_go_and_counts_them():
    log = show.Log(keep=100)
    given = [log(number) for number in range(5000)]
    assert given[-1].count == 5000
    assert [row[2] for row in given[-1].rows()][-100:] == [str(number) for number in range(4900, 5000)]
    assert len(given[-1].rows()) <= 1200
    for number in (0, 1200, 1201, 3000):
        assert given[number].summary() == str(number)
        assert over(given[number]).rows()[-1][2] == str(number)
    seen = over(given[-1])
    assert seen.first + len(seen.times) == 5000


@pytest.mark.node("show.States")
def test_a_timeline_tells_changes_and_not_values():
    states = show.States(seconds=1000.0)
    for door, phase in ((True, "a"), (True, "b"), (False, "b"), (False, "b")):
        line = states(door, phase, names="Door, Phase")
    seen = over(line)
    assert isinstance(seen, Timeline)
    assert [(lane.name, [lane.words[code] for code in lane.codes]) for lane in seen.lanes] == [
        ("Door", ["on", "off"]),
        ("Phase", ["a", "b"]),
    ]
    assert seen.summary() == "Door: off, Phase: b"
    assert list(seen.lanes[0].starts) == sorted(seen.lanes[0].starts)
    assert seen.lanes[0].starts[-1] <= seen.now
    with pytest.raises(ValueError, match="no state"):
        states()
    with pytest.raises(ValueError, match="above 0"):
        show.States(seconds=0.0)


@pytest.mark.node("show.States")
def test_a_timeline_forgets_what_is_over_and_has_many_words():
    states = show.States(seconds=1e-9)
    for number in range(5000):
        line = states(number)
    assert len(over(line).lanes[0].starts) <= 2
    states = show.States(seconds=1e6)
    for number in range(900):
        line = states(number)
    lane = over(line).lanes[0]
    assert len(lane.words) == 200
    assert lane.words[lane.codes[-1]] == "other"


@pytest.mark.node("show.markdown")
def test_formatted_text_is_told_as_it_was_written():
    assert over(show.markdown("# A\n\n*b*")).summary() == "# A\n\n*b*"
