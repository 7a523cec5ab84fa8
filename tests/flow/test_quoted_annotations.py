"""A class or function with another name is named so in annotations that are quoted, too; other texts stay."""

from __future__ import annotations

import pytest

from flodesk.flow import wiring
from flodesk.flow.edit.quoted_names import quoted
from flodesk.flow.script import read, write

TEXT = '''\
import flodesk


class Kettle:
    def warmer(self, by: float) -> "Kettle":
        return Kettle()


def heat(one: "Kettle", two: list["Kettle | None"] = ()) -> "Kettle":  # a "Kettle"
    best: "Kettle" = one
    return best


@flodesk.node
def cool(one: "Kettle") -> 'dict[str, Kettle]':
    """Cool a "Kettle"."""
    return {"Kettle": one}


def flow():
    made = Kettle()
    warm = heat(made)


if __name__ == "__main__":
    flodesk.main(flow)
'''


def test_a_class_is_renamed_in_quoted_annotations() -> None:
    flow = read(TEXT)
    new, inverse = wiring.rename_everywhere(flow, "Kettle", "Pot").apply(flow)
    text = write(new)
    assert 'def warmer(self, by: float) -> "Pot":\n        return Pot()' in text
    assert 'def heat(one: "Pot", two: list["Pot | None"] = ()) -> "Pot":  # a "Kettle"\n' in text
    assert '    best: "Pot" = one\n' in text
    assert "def cool(one: \"Pot\") -> 'dict[str, Pot]':\n" in text
    assert '"""Cool a "Kettle"."""\n    return {"Kettle": one}' in text
    assert read(text) == new
    assert write(inverse.apply(new)[0]) == TEXT


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('x: "K" = 1', 'x: "Pot" = 1'),
        ('x: "a.K | K"', 'x: "a.K | Pot"'),
        ('x: Literal["K"]', 'x: Literal["K"]'),
        ('x: Annotated["K", "K"]', 'x: Annotated["Pot", "K"]'),
        ("x: \"list['K']\"", "x: \"list['K']\""),
        ('x = "K"', 'x = "K"'),
        ('x: "Kitchen"', 'x: "Kitchen"'),
        ('größe: "K" = 1', 'größe: "Pot" = 1'),
        ('x: "K', 'x: "K'),
    ],
)
def test_only_types_are_renamed(text: str, after: str) -> None:
    assert quoted(text, "K", "Pot") == after
