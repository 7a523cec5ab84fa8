"""The source of a definition is its own lines of the file: no others are shown, and no others change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import Graph, picture
from flodesk.flow.incoming.python_file import function_text
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

EXAMPLES = sorted((Path(__file__).parents[2] / "resources" / "examples").glob("*.py"))
CATALOG = Catalog.builtin()
TWO = """\
import flodesk


@flodesk.node(title="One")
def one(v):
    return v + 1


@flodesk.node(title="Two")
def two(v):
    return v + 2


def flow():
    a = one(1)
    b = two(a)
    print(b)


if __name__ == "__main__":
    flodesk.main(flow)
"""


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def changed_lines(old: str, new: str) -> list[str]:
    """Return the lines that went and came; their ends are of them."""
    lines = [re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text) for text in (old, new)]
    return [line for line in unified_diff(*lines, n=0) if line[0] in "+-" and line[:3] not in ("+++", "---")]


def defined(flow: Flow) -> Iterator[tuple[Graph, str]]:
    """Give each node that calls a definition of the file, one for each definition."""
    known = CATALOG.with_flow(flow)
    done = set()
    for function in flow.functions:
        graph = picture(flow, known, function)
        for node in graph.nodes.values():
            source = wiring.source_of(flow, node) if node.kind not in ("code", "jump") else ""
            if source and source not in done:
                done.add(source)
                yield graph, node.id


def hold_to_their_lines(flow: Flow) -> int:
    """Append a comment to each definition; return how many there are."""
    found = 0
    text = write(flow)
    for graph, node in defined(flow):
        found += 1
        source = wiring.source_of(flow, graph.nodes[node])
        assert source in plain(text)
        new, inverse = wiring.set_source(flow, graph, node, f"{source}  # x").apply(flow)
        assert write(inverse.apply(new)[0]) == text
        gone, come = changed_lines(text, write(new))
        assert (gone[0], come[0]) == ("-", "+")
        assert plain(come[1:]).rstrip("\n") == plain(gone[1:]).rstrip("\n") + "  # x"
    return found


def test_the_source_of_every_definition_of_the_examples_is_its_own_lines() -> None:
    counts = [hold_to_their_lines(read(path.read_text())) for path in EXAMPLES]
    assert sum(counts) > 10


def test_a_comment_in_the_second_decorated_function_leaves_all_else() -> None:
    flow = read(TWO)
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    source = wiring.source_of(flow, graph.nodes["b"])
    assert source == '@flodesk.node(title="Two")\ndef two(v):\n    return v + 2'
    new, _ = wiring.set_source(flow, graph, "b", f"{source}  # x").apply(flow)
    assert write(new) == TWO.replace("v + 2", "v + 2  # x")


HEADER = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.ids]
# "<module>" = ["code_9"]
# ///
"""
DEFINITIONS = (
    "def {0}(v):\n    return v\n",
    "def {0}(v):\n    w = v\n    # the end\n",
    "def {0}(v): return v\n",
    "def {0}(v): return v; \n",
    'def {0}(v):\n    """Of two\n\n    lines \x0c\u2028."""\n    return v\n',
    "async def {0}(v):\n    return v\n",
    "@flodesk.node(pure=False)\ndef {0}(v):\n    return v\n",
    '@flodesk.node(\n    title="T",\n)\n# why\ndef {0}(v):\n\n    return v\n\n    # the end\n',
    "class {0}:\n    def __init__(self, a=1.0): self.a = a\n\n    def __call__(self, v):\n        return v\n",
    "class {0}: gain = 1.0\n",
)
BETWEEN = (
    "",
    "# of this\n",
    "OUT = []\n",
    "OUT = []; MORE = 2\n",
    "if OUT:\n    OUT = None\n",
    "LONG = '''\n\n'''\n\n\n",
)


@st.composite
def files(draw: st.DrawFn) -> str:
    names = [f"made_{n}" for n in range(draw(st.integers(1, 4)))]
    text = draw(st.sampled_from(["", "#!/usr/bin/env python\n", HEADER, '"""Doc."""\n', '"""Doc."""\n\n' + HEADER]))
    text += "import flodesk\n\n"
    for name in draw(st.permutations([*names, *names[:1]])):
        text += draw(st.sampled_from(BETWEEN)) + draw(st.sampled_from(DEFINITIONS)).format(name)
        text += draw(st.sampled_from(["", "\n", "\n\n"]))
    text += "def flow():\n" + "".join(f"    of_{name} = {name}(1)\n" for name in names)
    text += draw(st.sampled_from(["", "\n\nif __name__ == '__main__':\n    flodesk.main(flow)\n"]))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r", "some"]))
    if end == "some":
        return "".join(line + draw(st.sampled_from(["\n", "\r\n", "\r"])) for line in text.split("\n"))
    return (text if draw(st.booleans()) else text.rstrip("\n")).replace("\n", end)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_the_source_of_whatever_is_defined_is_its_own_lines(text: str) -> None:
    flow = read(text)
    assert write(flow) == text
    assert hold_to_their_lines(flow) or not flow.functions, "a header of several ends of lines: all is code"


@pytest.mark.long
@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_the_source_of_many_definitions_is_their_own_lines(text: str) -> None:
    assert hold_to_their_lines(flow := read(text)) or not flow.functions


def test_of_two_definitions_of_one_name_the_last_is_the_source() -> None:
    flow = read(TWO.replace("def two", "def one").replace("two(a)", "one(a)"))
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    assert wiring.source_of(flow, graph.nodes["b"]).endswith("return v + 2")
    new, _ = wiring.set_source(flow, graph, "b", "def one(v):\n    return v * 9").apply(flow)
    assert "return v + 1\n" in write(new)
    assert "return v * 9\n" in write(new)


def test_a_header_below_the_first_line_does_not_shift_the_lines() -> None:
    """Where an edit makes that header longer than it was read."""
    text = TWO.replace("import flodesk\n", f"import flodesk\n\n{HEADER}", 1).replace("def one", "def one", 1)
    text = text.replace("import flodesk\n", "import flodesk\n\n\ndef first(v):\n    return v\n", 1)
    flow = read(text.replace("    print(b)\n", "    c = first(b)\n    print(c)\n"))
    assert flow.header.lines is not None
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    flow, _ = wiring.move("flow", {"a": (0.0, 0.0), "b": (96.0, 0.0)}).apply(flow)
    assert "tool.flodesk.canvas.flow" in write(flow)
    assert hold_to_their_lines(flow) == 3
    assert graph.nodes


def test_what_stands_there_already_is_not_pasted_again() -> None:
    """Whatever number a definition has here and there."""
    flow = read(TWO)
    other = TWO.replace('@flodesk.node(title="One")\ndef one(v):\n    return v + 1\n\n\n', "").replace("one(1)", "3")
    edit, _ = wiring.paste(flow, CATALOG, "flow", other, (0.0, 0.0))
    assert write(edit.apply(flow)[0]).count("def two") == 1


def test_a_function_of_another_file_comes_without_a_header() -> None:
    text = function_text(read(TWO), "two", "")
    assert "# ///" not in text
    assert text.startswith('import flodesk\n\n\n@flodesk.node(title="Two")\ndef two(v):\n    return v + 2\n')


def test_the_second_line_of_a_collector_is_switched_off_however_it_is_laid_out() -> None:
    text = """\
from flodesk.nodes import collect


def flow():
    rows = collect.rows()
    rows.add(1)
    rows.add(
        2,
    )
"""
    flow = read(text)
    edit, *_ = wiring.switch(flow, picture(flow, CATALOG, "flow"), ["rows"], "off")
    new, _ = edit.apply(flow)
    assert "# off too: rows.add(2)\n" in write(new)


KINDS = '''\
import functools

import flodesk


@functools.cache
def part(n):
    return n * part(n - 1) if n else 1
def after(n): return part(n)


class Kept:
    """Kept is in words, too."""

    def __init__(self, a: float = 1.0):
        self.a = a

    def again(self):
        return Kept(self.a)


def use(kept: Kept, by=part) -> Kept:
    more = part(2)
    Kept.a = more
    return kept


def other(part):
    z = abs(part)
    return z


def sub():
    b = part(1)
    return b


def main():
    a = part(3)
    k = Kept(2.0)
    m = k.again()
    code = [part(n) for n in range(3)], Kept
    d = after(a)


if __name__ == "__main__":
    flodesk.main(main)
'''


@pytest.mark.parametrize(
    ("node", "old", "new", "lines"),
    [
        (
            "a", "part", "piece",
            ("piece(n - 1)", "def piece(", "return piece(n)\n", "by=piece", "more = piece(2)", "b = piece(1)",
             "a = piece(3)", "[piece(n) for"),
        ),
        (
            "k", "Kept", "Held",
            ("class Held:", "return Held(self.a)", "kept: Held", "-> Held:", "    Held.a = more", "k = Held(2.0)",
             "range(3)], Held"),
        ),
        ("d", "after", "later", ("def later(n): return part(n)", "d = later(a)")),
    ],
)  # fmt: skip
def test_another_name_in_the_source_of_any_definition_is_one_for_all_that_use_it(
    node: str, old: str, new: str, lines: tuple[str, ...]
) -> None:
    flow = read(KINDS)
    graph = picture(flow, CATALOG.with_flow(flow), "main")
    source = wiring.source_of(flow, graph.nodes[node])
    edit = wiring.set_source(flow, graph, node, re.sub(rf"\b{old}\b(?! is)", new, source))
    renamed, inverse = edit.apply(flow)
    text = write(renamed)
    assert [line for line in lines if line not in text] == []
    assert "def other(part):\n    z = abs(part)\n" in text, "a parameter means itself"
    kept = ("def other(part):", "    z = abs(part)", '    """Kept is in words, too."""')
    assert not [line for line in text.splitlines() if re.search(rf"\b{old}\b", line) and line not in kept]
    assert len(text.splitlines()) == len(KINDS.splitlines())
    assert read(text) == renamed
    assert write(inverse.apply(renamed)[0]) == KINDS


def test_a_name_that_a_definition_cannot_have_is_refused_in_words() -> None:
    flow = read(KINDS)
    graph = picture(flow, CATALOG.with_flow(flow), "main")
    with pytest.raises(Refused, match="“after” exists already"):
        wiring.set_source(flow, graph, "a", "def after(n):\n    return n")
    with pytest.raises(Refused, match="begin with “class Kept:”"):
        wiring.set_source(flow, graph, "k", "KEPT = 3")
    flow = read(KINDS.replace("    more = part(2)\n", "    global Kept\n    Kept = 3\n"))
    graph = picture(flow, CATALOG.with_flow(flow), "main")
    with pytest.raises(Refused, match="rename it there by hand"):
        wiring.set_source(flow, graph, "k", "class Held:\n    pass")


def test_a_new_name_is_refused_while_the_text_speaks_of_itself_by_the_old_one() -> None:
    flow = read(TWO.replace("    return v + 2", "    return v if v > 9 else two(v + 2)"))
    graph = picture(flow, CATALOG.with_flow(flow), "flow")
    text = wiring.source_of(flow, graph.nodes["b"])
    with pytest.raises(Refused, match="“two” would be called “more”, but line 3 still says “two”"):
        wiring.set_source(flow, graph, "b", text.replace("def two", "def more"))
    new, _ = wiring.set_source(flow, graph, "b", text.replace("two(v", "more(v")).apply(flow)
    assert "def more(v):\n    return v if v > 9 else more(v + 2)\n" in write(new)
    assert "    b = more(a)\n" in write(new)
