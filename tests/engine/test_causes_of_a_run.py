"""How often a cause is said to have failed: as often as it was told, or not at all where not each time is told."""

from __future__ import annotations

from flodesk.engine.causes import Causes
from flodesk.engine.events import Failure, NodeFailed, Rejected
from flodesk.engine.headless import run

PRODUCER = """# /// script
# [tool.flodesk]
# on_error = "reject"
# backoff = 0.001
# ///
import flodesk


def numbers():
    yield 1
    raise OSError("gone")


def flow():
    for k in numbers():
        a = k + 1


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_producer_that_gives_up_is_not_said_to_have_failed_twice() -> None:
    result = run(PRODUCER)
    (failed,) = result.failures
    assert result.causes.times(failed) == ""
    assert "failed 5 times and was started anew 4 times" in result.message


def test_what_is_told_each_time_is_counted() -> None:
    causes, failure = Causes(), Failure("flow.a", "ValueError", "odd")
    for turn in range(3):
        causes.take(Rejected("r", failure, turn, turn))
    assert causes.times(causes.first[0]) == " (3 times)"
    causes = Causes()
    for _ in range(2):
        causes.take(NodeFailed("r", failure))
    assert causes.times(causes.first[0]) == " (2 times)"
