"""Finding words in a flow: every text that the canvas shows, in all functions."""

from __future__ import annotations

import re

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.finding import Index, Place, find, pattern
from flodesk.flow.script import read

TEXT = """\
# /// script
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.notes.flow]
# note_1 = { at = [0, -160, 240, 120], text = "# Why\\n\\nIt hums at midnight." }
# [tool.flodesk.frames.flow]
# frame_1 = { at = [-40, -60, 600, 400], title = "Filter bank" }
# ///
import flodesk
from flodesk.nodes import maths, queue, source

jobs = queue.Queue(size=7)


class Helper:
    midnight = 0


def cleanup(raw, gain):
    scaled = maths.scale(raw, factor=gain)
    return scaled


def flow():
    hum = source.sine(0, frequency=50.0)  # the mains
    clean = cleanup(hum, 0.25)
    total = sum(x for x in range(3) if hum is not None)
    sent = jobs.put(clean)


if __name__ == "__main__":
    flodesk.main(flow)
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.builtin()


def found(text: str, catalog: Catalog, **how: bool) -> list[tuple[str, str, str, str]]:
    hits = find(Index().places(read(TEXT), catalog), pattern(text, **how))
    return [(h.place.function, h.place.kind, h.place.id, h.place.where) for h in hits]


def test_names_and_all_that_reads_them(catalog: Catalog) -> None:
    hits = found("hum", catalog)
    assert ("flow", "node", "hum", "name") in hits
    assert ("flow", "node", "clean", "input") in hits
    assert ("flow", "note", "note_1", "note") in hits
    assert any(kind == "node" and where.startswith("line") for _, kind, _, where in hits)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sine", ("flow", "node", "hum", "type")),
        ("50.0", ("flow", "node", "hum", "field")),
        ("mains", ("flow", "node", "hum", "comment")),
        ("Filter bank", ("flow", "frame", "frame_1", "frame")),
        ("scaled", ("cleanup", "node", "scaled", "name")),
        ("cleanup", ("cleanup", "function", "cleanup", "function")),
        ("cleanup", ("flow", "node", "clean", "type")),
        ("class helper", ("", "top", "code_1", "top of the file")),
        ("size=7", ("", "top", "jobs", "top of the file")),
        ("gain", ("cleanup", "node", "scaled", "input")),
    ],
)
def test_every_kind_of_text_is_found(text: str, place: tuple[str, str, str, str], catalog: Catalog) -> None:
    assert place in found(text, catalog)


def test_case_and_patterns(catalog: Catalog) -> None:
    assert found("FILTER", catalog)
    assert not found("FILTER", catalog, case=True)
    assert found(r"f.lter\s", catalog, regular=True)
    assert not found(r"f.lter\s", catalog)
    assert not found("x*", catalog, regular=True) or all(len(hit) for hit in found("x*", catalog, regular=True))
    with pytest.raises(re.error):
        pattern("(", regular=True)


def test_an_edited_flow_is_found_as_it_is_now(catalog: Catalog) -> None:
    index = Index()
    flow = read(TEXT)
    first = list(index.places(flow, catalog))
    again = list(index.places(flow, catalog))
    assert again == first
    kept: list[Place] = [p for p in again if p.function == "cleanup"]
    other = read(TEXT.replace("50.0", "60.0"))
    assert not find(index.places(other, catalog), pattern("50.0"))
    assert find(index.places(other, catalog), pattern("60.0"))
    assert [p for p in index.places(other, catalog) if p.function == "cleanup"] == kept
