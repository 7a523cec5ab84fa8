"""``break``, ``continue`` and ``return`` in the picture of a flow: small cards, each with the way that leads to it."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.edit.texts import SetCode
from flodesk.flow.graph import picture
from flodesk.flow.script import read, write

CATALOG = Catalog.builtin()
TEXT = """
import flodesk
from flodesk.nodes import maths, timing


def sized(x):
    if x > 10.0:
        return x, 10.0  # big
    y = maths.scale(x, factor=2.0)
    return y


def flow():
    for i in timing.count(8):
        if i == 2:
            a = maths.absolute(i)
        elif i > 5:
            break
        elif i > 4:
            a = maths.scale(i)
        else:
            continue
        b = maths.scale(a)
    return


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_each_jump_is_a_card_that_says_what_it_ends_and_when() -> None:
    flow = read(TEXT)
    nodes = picture(flow, CATALOG, "flow").nodes
    found = {node.id: (node.title, node.text, node.loops) for node in nodes.values() if node.kind == "jump"}
    assert found == {
        "code_1": ("Leave the loop · elif i > 5", "break", ("i",)),
        "code_2": ("Next turn · else", "continue", ("i",)),
    }
    inner = picture(flow, CATALOG, "sized").nodes["code_1"]
    assert (inner.kind, inner.title) == ("jump", "Return · if x > 10.0")
    assert [port.name for port in inner.inputs] == ["x"]
    assert check(flow, CATALOG) == ()


def test_a_merge_takes_nothing_from_an_arm_that_leaves() -> None:
    merge = picture(read(TEXT), CATALOG, "flow").nodes["a"]
    assert merge.kind == "merge"
    assert [port.label for port in merge.inputs] == ["if i == 2", "elif i > 4"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_text_stays_to_the_letter(ending: str) -> None:
    text = TEXT.replace("\n", ending)
    assert write(read(text)) == text


def test_code_that_does_more_than_leave_is_a_code_node() -> None:
    flow = read(TEXT.replace("            break\n", "            print(i); break\n"))
    assert picture(flow, CATALOG, "flow").nodes["code_1"].kind == "code"


def test_a_jump_becomes_another_by_its_text() -> None:
    flow = read(TEXT)
    changed = SetCode("flow", "code_1", "continue", (), (), True).apply(flow)[0]
    assert picture(changed, CATALOG, "flow").nodes["code_1"].title == "Next turn · elif i > 5"
    assert write(changed) == TEXT.replace("            break\n", "            continue\n")
