"""What holds for each example: it is as flodesk writes it, without a problem, and tidy on canvas and panel."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.subflow_rules import reachable
from flodesk.flow.viewed import node_of

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.py"))
WIDTH = 216
"""Width of the widest card of the examples on the canvas in pixels."""


def height(node) -> int:
    """Return about what a card takes on the canvas in pixels, title and preview included."""
    fields = sum(field.given and not field.wired for field in node.fields)
    return 90 + 20 * max(len(node.inputs), len(node.outputs)) + 19 * fields


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem)
def text(request):
    return request.param.read_text(encoding="utf-8")


def test_it_is_as_flodesk_writes_it(text):
    flow = read(text)
    assert write(flow) == text
    assert write(dataclasses.replace(flow, header=dataclasses.replace(flow.header, lines=None))) == text
    assert flow.docstring.endswith((".", "?"))


def test_the_checker_finds_nothing(text):
    assert check(read(text), Catalog.builtin(), EXAMPLES[0].parent) == ()


def test_every_box_has_its_place_and_no_two_touch(text):
    flow = read(text)
    for function in (*flow.mains, *reachable(flow)):
        graph, places = picture(flow, Catalog.builtin(), function), flow.header.canvas[function]
        _stand_apart(graph, places)


def _stand_apart(graph, places):
    assert set(places) == set(graph.nodes)
    for (one, (x, y)), (other, (u, v)) in itertools.combinations(places.items(), 2):
        upper = graph.nodes[one if y <= v else other]
        assert abs(x - u) >= WIDTH or abs(y - v) >= height(upper), f"{one} and {other}"


def test_wires_go_from_left_to_right_and_feedback_goes_back(text):
    flow = read(text)
    for function in (*flow.mains, *reachable(flow)):
        graph, places = picture(flow, Catalog.builtin(), function), flow.header.canvas[function]
        for wire in graph.wires:
            assert not wire.problem
            left, right = (wire.target, wire.source) if wire.feedback else (wire.source, wire.target)
            assert places[left[0]][0] < places[right[0]][0], wire


def test_every_control_and_indicator_is_on_the_panel_and_no_two_overlap(text):
    flow = read(text)
    panel = flow.header.panel
    views = [view for function in flow.mains for view in panel.get(function, {}).values()]
    for function in flow.mains:
        graph = picture(flow, Catalog.builtin(), function)
        shown = {
            name for name, node in graph.nodes.items() if node.role == "control" or (node.spec and node.spec.shows)
        }
        assert {node_of(graph, view.shows) for view in panel.get(function, {}).values()} == shown
    cells = [
        (view.page, column, row)
        for view in views
        for column in range(view.column, view.column + view.width)
        for row in range(view.row, view.row + view.height)
    ]
    assert len(cells) == len(set(cells))
    assert max(column for _, column, _ in cells) < 12
