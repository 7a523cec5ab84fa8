"""What Python itself has is known: its ports, its words; unless a file means something else by the name."""

from __future__ import annotations

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.graph import Node, picture
from flodesk.flow.python_types import python_type
from flodesk.flow.script import read

TEXT = """\
import flodesk
from flodesk.nodes import maths


def flow():
    a = maths.add(1.0, 2.0)
    made = dict(x=a)
    for k in range(3):
        print(k, a, sep=", ")
    size = len(made)
    order = sorted(made, reverse=True)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def nodes(text: str, function: str = "flow") -> dict[str, Node]:
    return dict(picture(read(text), Catalog.builtin(), function).nodes)


def test_functions_of_python_are_known_nodes_without_a_problem() -> None:
    found = nodes(TEXT)
    assert {node.spec.title for key, node in found.items() if node.spec and key != "a"} == {
        "Dict", "Range", "Print", "Len", "Sorted"
    }  # fmt: skip
    assert check(read(TEXT), Catalog.builtin()) == ()
    assert found["k"].kind == "producer"
    assert [port.variable for port in found["k"].outputs] == ["k"]


def test_their_ports_are_those_of_their_signatures() -> None:
    found = nodes(TEXT)
    told = found["call_1"]
    assert [port.name for port in told.inputs] == ["args[0]", "args[1]", "args[2]"]
    assert {field.name: field.text for field in told.fields if field.given} == {
        "args[0]": "k", "args[1]": "a", "sep": '", "'
    }  # fmt: skip
    assert not told.outputs
    assert [port.name for port in found["size"].inputs] == ["obj"]
    assert {field.name for field in found["order"].fields} == {"iterable", "key", "reverse"}
    assert [port.name for port in found["made"].inputs if not port.problem] == ["args[0]", "x"]
    assert [wire.target for wire in picture(read(TEXT), Catalog.builtin(), "flow").wires if wire.problem] == []


@pytest.mark.parametrize("hidden", [
    TEXT.replace("def flow():", "def flow(dict=None):"),
    TEXT.replace("def flow():", "dict = vars()\n\n\ndef flow():"),
    TEXT.replace("from flodesk", "from shelve import Shelf as dict\nfrom flodesk"),
    TEXT.replace("def flow():", "class dict:\n    pass\n\n\ndef flow():"),
])  # fmt: skip
def test_a_name_that_the_file_gives_another_meaning_is_not_pythons(hidden: str) -> None:
    assert nodes(hidden)["made"].spec is not python_type("dict")


@pytest.mark.parametrize("name", ["__import__", "no_such", "True", "", "copyright.x"])
def test_what_is_none_is_none(name: str) -> None:
    assert python_type(name) is None
