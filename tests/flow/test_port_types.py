"""What may be wired to what."""

from __future__ import annotations

from typing import get_args

import pytest

from flodesk.flow.catalog import Catalog
from flodesk.flow.converters import _KNOWN, converters
from flodesk.flow.packs import OURS
from flodesk.flow.script import read
from flodesk.flow.types import WORDS, PortType, common, compatible, of_value, why_not

CATALOG = Catalog.builtin()
ALL: tuple[PortType, ...] = get_args(PortType)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("integer", "number"), ("truth", "number"), ("signal", "array"), ("array", "signal"), ("list", "array"),
        ("any", "table"), ("table", "any"), ("text", "path"), ("image", "array"), ("number", "truth"),
    ],
)  # fmt: skip
def test_a_wire_that_works_is_allowed(source, target):
    assert compatible(source, target)
    assert why_not(source, target) == ""
    assert converters(CATALOG, source, target) == ()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("array", "number"), ("number", "array"), ("table", "signal"), ("text", "number"), ("number", "integer"),
        ("indicator", "number"), ("none", "number"), ("text", "truth"), ("list", "text"),
    ],
)  # fmt: skip
def test_a_wire_that_cannot_work_is_refused_with_both_types(source, target):
    assert not compatible(source, target)
    assert WORDS[source] in why_not(source, target)
    assert WORDS[target] in why_not(source, target)


def test_every_type_has_words_and_takes_itself_and_anything():
    assert set(WORDS) == set(ALL)
    for kind in ALL:
        assert compatible(kind, kind)
        assert compatible("any", kind)
        assert compatible(kind, "any")


def test_every_converter_exists_and_takes_and_gives_what_the_table_says():
    for (source, target), names in _KNOWN.items():
        assert not compatible(source, target)
        for name in names:
            spec = CATALOG.find(f"{OURS}.{name}")
            assert spec is not None, name
            assert any(compatible(source, p.type) for p in spec.parameters if p.method != "__init__"), name
            assert any(compatible(output.type, target) for output in spec.outputs), name


def test_converters_are_found_by_their_types_and_those_of_the_file_come_first():
    assert [c.words for c in converters(CATALOG, "array", "number")] == ["maths.mean", "dsp.rms", "maths.element"]
    assert [c.words for c in converters(CATALOG, "text", "number")] == ["text.to_number"]
    assert converters(CATALOG, "indicator", "number") == ()
    text = (
        "from flodesk import Array\nimport typing\n\n\n"
        "class Parts(typing.NamedTuple):\n    low: float\n    name: str\n\n\n"
        "def halves(values: Array) -> Parts:\n    return Parts(0.0, '')\n\n\n"
        "def between(values: Array, upper: float) -> float:\n    return upper\n"
    )
    own = CATALOG.with_flow(read(text))
    found = converters(own, "array", "number")
    assert [(c.words, c.output) for c in found[:2]] == [("halves", "low"), ("maths.mean", "")]
    assert "between" not in [c.words for c in found], "it needs more than the one value"


@pytest.mark.parametrize(
    ("value", "kind"),
    [(True, "truth"), (3, "integer"), (2.5, "number"), ("a", "text"), ([1], "list"), ((1, 2), "list"), (None, "none")],
)
def test_the_type_of_a_plain_value(value, kind):
    assert of_value(value) == kind


def test_what_carries_several_types_has_the_wider_one():
    assert common(["integer", "number"]) == "number"
    assert common(["text", "number"]) == "any"
    assert common(["table", "table"]) == "table"
    assert common([]) == "any"
