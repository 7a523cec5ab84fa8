"""A node with state that gives an indicator belongs on the panel, as an indicator does."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import SetView
from flodesk.flow.graph import picture
from flodesk.flow.place_rules import why_local
from flodesk.flow.script import read
from flodesk.flow.wiring.views import first_view

TEXT = '''import flodesk
from flodesk.nodes import show, timing
from flodesk.public import Line


class Trend:
    """Remember the last values."""

    def __init__(self) -> None:
        self.seen = []

    def __call__(self, value: float) -> Line:
        """Take a value."""
        self.seen.append(value)
        return Line()


class Mean:
    """Average."""

    def __call__(self, value: float) -> float:
        """Take a value."""
        return value


def flow():
    trend = Trend()
    mean = Mean()
    for turn in timing.every(0.1):
        chart = trend(turn)
        middle = mean(turn)


if __name__ == "__main__":
    flodesk.main(flow)
'''


@pytest.mark.parametrize(("name", "viewed"), [("trend", True), ("mean", False)])
def test_it_gets_a_first_view_and_stays_here(name: str, viewed: bool) -> None:
    flow = read(TEXT)
    node = picture(flow, Catalog.builtin().with_flow(flow), "flow").nodes[name]
    assert node.spec is not None
    assert node.role == "state"
    assert node.spec.viewed is node.spec.shows is viewed
    view = first_view(flow, "flow", name, node.spec)
    assert (view is not None) is viewed
    assert bool(why_local(node)) is viewed
    if view is not None:
        assert SetView("flow", name, view).apply(flow)[0].header.panel["flow"][name].shows == name
