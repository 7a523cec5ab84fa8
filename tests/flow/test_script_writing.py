"""The one plain style in which statements that were made or edited here are written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flodesk.flow.model import (
    Argument,
    Arm,
    Bind,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Header,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Statement,
    Switch,
    View,
)
from flodesk.flow.script import read, write

MIXED = (Argument(Literal("1"), "k"), Argument(Ref("p", "q")))
NEW = Call(id="new", name="new", callee="f", arguments=(Argument(Literal("1")),))


def bare(block: Block) -> Block:
    """Take the text that it was read from off every statement."""
    found: list[Statement] = []
    for statement in block.statements:
        plain = replace(statement, lead="", raw=None)
        if isinstance(plain, Loop | Function):
            plain = replace(plain, body=bare(plain.body))
        elif isinstance(plain, Switch):
            plain = replace(plain, arms=tuple(replace(a, lead="", raw=None, body=bare(a.body)) for a in plain.arms))
        found.append(plain)
    return Block(statements=tuple(found))


CANONICAL = '''\
# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# cutoff = [0, -120]
# tick = [-240, 60]
#
# [tool.flodesk.panel.flow]
# chart = [0, 1, 8, 6]
# ///
"""A noisy sine, cleaned by a low-pass filter that you tune while it runs."""
import flodesk
import numpy as np
from flodesk.nodes import control, dsp, show as look
from . import mine

jobs = queue.Queue(size=1000, full="block")  # what several loops share


def flow():
    """Two lines,
    of which this is the second."""
    cutoff = control.slider(20.0, minimum=1.0, unit="Hz")
    total = 0.0
    for tick in timing.every(0.05):  # the producer
        clean = dsp.butterworth(tick, total, cutoff=cutoff)
        if clean:
            level = clean
        elif parts.low:
            level = cutoff
        elif clean > 3:
            pass
        else:
            level = dsp.clip(clean)
        total = level
        look.line(clean, parts.low)


def empty(a, b=1) -> int:
    pass


def report():
    for value in jobs:
        with open(value) as file:
            text = """
no indent here
"""
            print(text)


if __name__ == "__main__":
    flodesk.main(flow, report)
'''


def test_what_was_made_here_is_written_as_a_hand_would() -> None:
    flow = read(CANONICAL)
    made = replace(flow, module=bare(flow.module), header=replace(flow.header, lines=None))
    assert write(made) == CANONICAL


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        (Call(id="x", name="x", callee="a.b", arguments=MIXED), "x = a.b(p.q, k=1)"),
        (Call(id="call_1", name="", callee="rows.add", arguments=(Argument(Ref("p")),), note="n"), "rows.add(p)  # n"),
        (Call(id="x", name="x", callee="f", arguments=(Argument(Literal("1, 2")),)), "x = f((1, 2))"),
        (Bind(id="x", name="x", value=Ref("p", "q"), note="n"), "x = p.q  # n"),
        (Code(id="code_1", text="x += 1  # n"), "x += 1  # n"),
        (Import(id="import_1", module="", names=(("a", "a"), ("c", "b.c"))), "import a, b.c as c"),
        (Import(id="import_1", module="m", names=(("a", "m.a"), ("c", "m.b"))), "from m import a, b as c"),
        (Import(id="import_1", module="..", names=(("a", "..a"), ("c", "..b"))), "from .. import a, b as c"),
        (Docstring(value="Says “so”.\n\nAnd more."), '"""Says “so”.\n\nAnd more."""'),
        (Docstring(value='It says "so"'), "'It says \"so\"'"),
        (Docstring(value='"""'), "'\"\"\"'"),
        (Docstring(value="a\\b\r\n\0"), "'a\\\\b\\r\\n\\x00'"),
        (Docstring(value=""), "''"),
    ],
)  # fmt: skip
def test_one_statement(statement: Statement, text: str) -> None:
    flow = Flow(header=Header(present=False), module=Block(statements=(statement,)))
    assert write(flow) == text + "\n"


def test_a_flow_of_nothing() -> None:
    assert write(Flow(header=Header(present=False))) == ""
    lines = ['requires-python = ">=3.11"', 'dependencies = ["flodesk"]', "", "[tool.flodesk]", "version = 1", "///"]
    assert write(Flow()) == "# /// script\n" + "".join(f"# {line}\n" if line else "#\n" for line in lines)


def test_a_view_with_options_is_one_line() -> None:
    view = View("dial", "level.value", 1, 2, 3, 4, "More", (("color", "red"), ("limits", [0, 1.5])))
    text = write(Flow(header=Header(panel={"flow": {"dial": view}})))
    options = 'options = { color = "red", limits = [0, 1.5] }'
    assert f'# dial = {{ at = [1, 2, 3, 4], shows = "level.value", page = "More", {options} }}\n' in text


# ------------------------------------------------------------------ new lines among old ones
def grown(text: str, statement: Statement = NEW, at: int = 1) -> str:
    """Put a new statement into the first compound statement of a text."""
    flow = read(text)
    first, *others = flow.module.statements
    assert isinstance(first, Function | Loop | Switch)
    if isinstance(first, Switch):
        arm = first.arms[0]
        body = arm.body
    else:
        body = first.body
    new = replace(body, statements=(*body.statements[:at], statement, *body.statements[at:]))
    if isinstance(first, Switch):
        first = replace(first, arms=(replace(first.arms[0], body=new), *first.arms[1:]))
    else:
        first = replace(first, body=new)
    return write(replace(flow, module=replace(flow.module, statements=(first, *others))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def flow():\n    a = f()\n    # end\n", "def flow():\n    a = f()\n    new = f(1)\n    # end\n"),
        ("def flow():\n\ta = f()\n", "def flow():\n\ta = f()\n\tnew = f(1)\n"),
        ("def flow():\n  pass  # nothing yet\n", "def flow():\n  new = f(1)\n"),
        ("def flow(): pass\nx = 1\n", "def flow():\n    new = f(1)\nx = 1\n"),
        ("for x in f(): pass\n", "for x in f():\n    new = f(1)\n"),
        ("if a: pass\nelse: pass\n", "if a:\n    new = f(1)\nelse: pass\n"),
        ("def flow():\r\n    a = f()\r\n", "def flow():\r\n    a = f()\r\n    new = f(1)\r\n"),
        ("def flow():\n    a = f()", "def flow():\n    a = f()\n    new = f(1)"),
        ("def flow():\n    a = f(); b = 1\n", "def flow():\n    a = f(); b = 1\n    new = f(1)\n"),
    ],
)
def test_a_new_line_takes_the_layout_of_its_block(old: str, new: str) -> None:
    assert grown(old) == new


def test_code_that_goes_deeper_keeps_its_texts() -> None:
    text = 'with a:\n    b = """\nleft\n"""\n\n    c = 1'
    code = Code(id="code_1", text=text, reads=("a",), binds=("b", "c"))
    expected = 'def flow():\n    a = f()\n    with a:\n        b = """\nleft\n"""\n\n        c = 1\n'
    assert grown("def flow():\n    a = f()\n", code) == expected
    again = read(expected).functions["flow"].body.statements[1]
    assert again == code


def test_new_compound_statements_stand_at_the_depth_of_their_block() -> None:
    arms = (Arm(test=Expression("a > 1", ("a",)), body=Block()), Arm(test=None, body=Block(statements=(NEW,))))
    loop = Loop(id="x", targets=("x", "y"), callee="f", body=Block(statements=(Switch(id="if_1", arms=arms),)))
    assert grown("def flow():\n\ta = f()\n", loop) == (
        "def flow():\n\ta = f()\n\tfor x, y in f():\n"
        "\t    if a > 1:\n\t        pass\n\t    else:\n\t        new = f(1)\n"
    )


def test_the_last_statement_of_a_block_leaves_pass() -> None:
    flow = read("def flow():\n    # why\n    a = f()\n    # end\n")
    function = flow.functions["flow"]
    empty = replace(function, body=replace(function.body, statements=()))
    assert (
        write(replace(flow, module=replace(flow.module, statements=(empty,)))) == "def flow():\n    pass\n    # end\n"
    )


def test_new_functions_stand_apart() -> None:
    flow = read("import flodesk\nx = f()\n# end\n")
    statements = flow.module.statements
    made = Function(id="flow", name="flow", body=Block(statements=(NEW,)))
    main = Main(functions=("flow",))
    new = replace(flow, module=replace(flow.module, statements=(*statements[:1], made, statements[1], main)))
    assert write(new) == (
        "import flodesk\n\n\ndef flow():\n    new = f(1)\n\n\nx = f()\n\n\n"
        'if __name__ == "__main__":\n    flodesk.main(flow)\n# end\n'
    )
