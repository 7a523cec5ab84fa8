"""What feedback hands on has the type that its start and all that come after it have in common."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.script import read

TEXT = """
import flodesk


def whole(n: int, by: int = 1) -> int:
    return n + by


def half(n: float) -> float:
    return n / 2


def free(n, by=1):
    return n + by


def word(n: int) -> str:
    return str(n)


def up(n: int):
    yield from range(n)


def flow():
    n = {start}
    for _ in up(3):
        {body}
        n = m
        p = print(m)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def drawn(start: str, body: str) -> tuple[str, list[str]]:
    """Return the type of what feedback gives, and what the checker finds."""
    flow, catalog = read(TEXT.format(start=start, body=body)), Catalog()
    node = next(node for node in picture(flow, catalog, "flow").nodes.values() if node.kind == "feedback")
    return node.outputs[0].type, [problem.message for problem in check(flow, catalog)]


@pytest.mark.parametrize(
    ("start", "body", "kind"),
    [
        ("0", "m = whole(n, by=2)", "integer"),
        ("0", "m = half(n)", "number"),
        ("0.5", "m = half(n)", "number"),
        ("0", "m = free(n)", "any"),
        ("0.5", "m = free(n)", "number"),
        ("None", "m = free(n)", "any"),
    ],
)
def test_a_counter_is_what_it_is(start: str, body: str, kind: str) -> None:
    found, problems = drawn(start, body)
    assert (found, problems) == (kind, [])


def test_what_becomes_a_number_is_not_handed_to_who_takes_whole_numbers() -> None:
    kind, problems = drawn("0", "w = whole(n)\n        m = half(w)")
    assert kind == "number"
    assert any("takes a whole number" in message for message in problems)


def test_a_merge_of_a_counter_gives_whole_numbers() -> None:
    body = "if n:\n            m = whole(n)\n        else:\n            m = whole(n, by=3)"
    assert drawn("0", body) == ("integer", [])
