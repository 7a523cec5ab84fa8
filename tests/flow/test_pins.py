"""The fields that a card always shows stand in the header, follow their node, and come back by undo."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.edit import Rename, from_json, to_json
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

TEXT = """\
# /// script
# [tool.flodesk.pins.flow]
# signal = ["offset", "samples"]
# other = 5
# ///
from flodesk.nodes import dsp, source


def flow():
    signal = source.sine(0, frequency=5.0, samples=50)
    size = dsp.rms(signal)
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.builtin()


def test_the_picture_knows_them(catalog: Catalog) -> None:
    flow = read(TEXT)
    nodes = picture(flow, catalog, "flow").nodes
    assert nodes["signal"].pins == ("offset", "samples")
    assert nodes["size"].pins == ()
    assert write(flow) == TEXT


def test_a_pin_is_one_line_and_undo_takes_it_away(catalog: Catalog) -> None:
    flow = read(TEXT)
    edit = wiring.set_pin(picture(flow, catalog, "flow"), "signal", "rate", on=True)
    new, back = edit.apply(flow)
    assert '# signal = ["offset", "samples", "rate"]' in write(new)
    assert from_json(to_json(edit)).apply(flow)[0] == new
    assert write(back.apply(new)[0]) == TEXT
    for pin in ("offset", "samples", "rate"):
        new, _ = wiring.set_pin(picture(new, catalog, "flow"), "signal", pin, on=False).apply(new)
    assert "signal" not in new.header.settings["pins"]["flow"]
    assert read(write(new)) == new


def test_they_follow_a_rename_a_copy_and_a_removal(catalog: Catalog) -> None:
    flow = read(TEXT)
    new, back = Rename("flow", "signal", "wave").apply(flow)
    assert picture(new, catalog, "flow").nodes["wave"].pins == ("offset", "samples")
    assert write(back.apply(new)[0]) == TEXT
    text = wiring.copy(flow, picture(flow, catalog, "flow"), ["signal"])
    edit, (copied,) = wiring.paste(flow, catalog, "flow", text, (0.0, 0.0))
    assert picture(edit.apply(flow)[0], catalog, "flow").nodes[copied].pins == ("offset", "samples")
    gone, back = wiring.remove(flow, picture(flow, catalog, "flow"), ["signal"]).apply(flow)
    assert "signal" not in gone.header.settings["pins"]["flow"]
    assert write(back.apply(gone)[0]) == TEXT


def test_what_is_no_field_cannot_be_pinned(catalog: Catalog) -> None:
    graph = picture(read(TEXT), catalog, "flow")
    with pytest.raises(Refused, match="nonsense"):
        wiring.set_pin(graph, "signal", "nonsense", on=True)
    with pytest.raises(Refused, match="nobody"):
        wiring.set_pin(graph, "nobody", "rate", on=True)
