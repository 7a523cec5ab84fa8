"""An edited statement keeps its layout."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest

from flodesk.flow.model import Argument, Arm, Bind, Call, Expression, Function, Literal, Loop, Ref, Statement, Switch
from flodesk.flow.script import keep_text, read, with_argument, write


def first(text: str) -> Statement:
    return read(text).module.statements[0]


def edited(text: str, place: int | str, value: str | None) -> str | None:
    """Change one argument of the first statement; give its text."""
    statement = first(dedent(text))
    assert isinstance(statement, Call | Loop | Bind)
    new = with_argument(statement, place, None if value is None else Literal(value))
    if new.raw is not None and not isinstance(new, Bind):
        again = first(new.raw + ("\n    pass\n" if isinstance(new, Loop) else "\n"))
        assert isinstance(again, Call | Loop)
        assert again.arguments == new.arguments
    return new.raw


SPREAD = "x = f(\n    1,  # one\n    b=2,\n    c=(3),  # three\n)\n"


@pytest.mark.parametrize(
    ("text", "place", "value", "raw"),
    [
        ("x = f(1, b = 2)  # note\n", 0, "5", "x = f(5, b = 2)  # note"),
        ("x = f(1, b = 2)  # note\n", "b", "'z'", "x = f(1, b = 'z')  # note"),
        ("x = f(1, b = 2)  # note\n", 1, "'z'", "x = f(1, b = 'z')  # note"),
        ("x = f(1, b = 2)  # note\n", "c", "3", "x = f(1, b = 2, c=3)  # note"),
        ("x = f(1, b = 2)  # note\n", 0, None, "x = f(b = 2)  # note"),
        ("x = f(1, b = 2)  # note\n", "b", None, "x = f(1)  # note"),
        ("x = f(1)\n", 0, None, "x = f()"),
        ("x = f('#')\n", 0, None, "x = f()"),
        ("x = f(1, b='#')  # note\n", "b", None, "x = f(1)  # note"),
        ("x = f()\n", "c", "3", "x = f(c=3)"),
        ("x = f(  )\n", 0, "3", "x = f(3)"),
        ("x = f(1)\n", 1, "3", "x = f(1, 3)"),
        ("x = f((1))\n", 0, "3", "x = f((3))"),
        ("x = f((1), 2)\n", 1, None, "x = f((1))"),
        ("x = f((1))\n", "c", "3", "x = f((1), c=3)"),
        ("x = f(1,)\n", "c", "3", "x = f(1, c=3,)"),
        ("x = f('ü', b='ñ', c=1)\n", "c", "'é'", "x = f('ü', b='ñ', c='é')"),
        ("rows.add(1)\n", 0, "(1, 2)", "rows.add((1, 2))"),
        ("x = f('''a\n  b''', 1)\n", 0, "2", "x = f(2, 1)"),
        (SPREAD, 0, "5", "x = f(\n    5,  # one\n    b=2,\n    c=(3),  # three\n)"),
        (SPREAD, "c", "5", "x = f(\n    1,  # one\n    b=2,\n    c=(5),  # three\n)"),
        (SPREAD, "d", "5", "x = f(\n    1,  # one\n    b=2,\n    c=(3),  # three\n    d=5,\n)"),
        ("x = f(\n    1,\n    b=2\n)\n", "d", "5", "x = f(\n    1,\n    b=2,\n    d=5\n)"),
        ("x = f(\n    1,\n    b=2  # two\n)\n", "d", "5", "x = f(\n    1,\n    b=2,  # two\n    d=5\n)"),
        ("x = f(\n    1,\n    b=2,\n)\n", "b", None, "x = f(\n    1,\n)"),
        ("for a , b in f(1): # note\n    pass\n", 0, "2", "for a , b in f(2): # note"),
        ("for a in f(\n  1,\n):\n    pass\n", "k", "2", "for a in f(\n  1,\n  k=2,\n):"),
        ("x = 5  # note\n", 0, "6", "x = 6  # note"),
        ("x = (\n    5\n)\n", 0, "6", "x = (\n    6\n)"),
    ],
)
def test_one_argument(text: str, place: int | str, value: str | None, raw: str) -> None:
    assert edited(text, place, value) == raw


@pytest.mark.parametrize(
    ("text", "place", "raw"),
    [
        (SPREAD, 0, "x = f(\n    # one\n    b=2,\n    c=(3),  # three\n)"),
        (SPREAD, "b", "x = f(\n    1,  # one\n    c=(3),  # three\n)"),
        (SPREAD, "c", "x = f(\n    1,  # one\n    b=2,\n    # three\n)"),
        ("x = f(\n    1,  # one\n    b=2\n    # end\n)\n", "b", "x = f(\n    1,  # one\n    # end\n)"),
        ("x = f(1, b=2,  # two\n    c=3)\n", "b", "x = f(1,  # two\n    c=3)"),
        ("x = f(1,  # one\n      b=2, c=3)\n", "b", "x = f(1,  # one\n      c=3)"),
        ("x = f(1,  # one\n      b=2, c=3)\n", "c", "x = f(1,  # one\n      b=2)"),
        ("x = f(\n    # of it\n    b=2,  # '#'\n)\n", "b", "x = f(\n    # of it\n    # '#'\n)"),
    ],
)
def test_comments_stay_when_an_argument_is_taken_out(text: str, place: int | str, raw: str) -> None:
    assert edited(text, place, None) == raw


def test_an_argument_in_the_place_of_another_keeps_its_comment() -> None:
    old = first(SPREAD)
    assert isinstance(old, Call)
    given = (Argument(Literal("3"), "z"), Argument(Literal("2"), "y"), Argument(Literal("7"), "w"))
    new = keep_text(old, replace(old, callee="g", arguments=(Argument(Literal("1")), given[1], given[0])))
    assert new.raw == "x = g(\n    1,  # one\n    y=2,\n    z=3,  # three\n)"
    new = keep_text(old, replace(old, arguments=(Argument(Literal("2"), "y"),)))
    assert new.raw == "x = f(\n    # one\n    y=2,\n    # three\n)"
    new = keep_text(old, replace(old, arguments=(Argument(Literal("1")), *given)))
    assert new.raw is None  # another order: it is written anew


def test_what_is_not_there_cannot_be_taken_out() -> None:
    statement = first("x = f(1)\n")
    assert isinstance(statement, Call)
    for place in ("b", 1, 2, -1):
        with pytest.raises(LookupError):
            with_argument(statement, place, None)
    constant = first("x = 1\n")
    assert isinstance(constant, Bind)
    with pytest.raises(LookupError):
        with_argument(constant, 0, None)


def changed(text: str, **parts: object) -> str | None:
    statement = first(text)
    return keep_text(statement, replace(statement, **parts)).raw  # type: ignore[arg-type]


def test_names_and_notes() -> None:
    text = "clean   =  f(x,\n   1)   #  note\n"
    assert changed(text, name="quiet") == "quiet   =  f(x,\n   1)   #  note"
    assert changed(text, note="other") == "clean   =  f(x,\n   1)   # other"
    assert changed(text, note="") == "clean   =  f(x,\n   1)"
    assert changed("x = f()\n", note="new") == "x = f()  # new"
    assert changed("for a in f() :\n    pass\n", note="new", targets=("b",)) == "for b in f() :  # new"
    assert changed("for a in jobs:\n    pass\n", callee="tasks") == "for a in tasks:"
    assert changed("x = rows . add(1)\n", callee="lines.add") == "x = lines.add(1)"
    assert changed("total = last  # state\n", value=Ref("longer")) == "total = longer  # state"


def test_a_wire_takes_the_place_of_a_literal() -> None:
    arguments = (Argument(Ref("parts", "low")), Argument(Literal("2"), "b"))
    assert changed("x = f( 1, b = 2 )\n", arguments=arguments) == "x = f( parts.low, b = 2 )"


def test_tests_of_switches() -> None:
    switch = first("if  a : # c\n    pass\nelif b:\n    pass\nelse:\n    pass\n")
    assert isinstance(switch, Switch)
    one, two, three = switch.arms
    assert keep_text(one, replace(one, test=Ref("z"))).raw == "if  z : # c"
    assert keep_text(two, replace(two, test=Expression("x > 1", ("x",)))).raw == "elif x > 1:"
    assert keep_text(three, three).raw == "else:"
    assert keep_text(three, replace(three, test=Ref("z"))).raw is None


def test_a_function_is_renamed_in_its_head() -> None:
    function = first("def  flow( a, b ) : # c\n    pass\n")
    assert isinstance(function, Function)
    assert keep_text(function, replace(function, name="other", id="other")).raw == "def  other( a, b ) : # c"
    assert keep_text(function, replace(function, parameters="a")).raw is None


def test_what_did_not_change_keeps_its_text() -> None:
    text = '"""Doc."""\nimport  a\nx = f( 1 )\ny  += 1\nif  __name__ == "__main__":\n    flodesk.main( f )\n'
    for statement in read(text).module.statements:
        assert keep_text(statement, replace(statement, id="other", raw=None)).raw == statement.raw


def test_what_has_no_text_gets_none() -> None:
    made = Call(id="x", name="x", callee="f")
    assert keep_text(made, replace(made, raw="y = g()")).raw is None
    call = first("x = f()\n")
    assert keep_text(call, Bind(id="x", name="x", value=Ref("y"))).raw is None
    assert keep_text(Arm(test=None, body=read("").module), Arm(test=None, body=read("").module)).raw is None


def test_a_tuple_without_brackets_gets_them() -> None:
    call = first("x = f(1, k=2)\n")
    assert isinstance(call, Call)
    assert with_argument(call, 0, Literal("1, 2")).raw == "x = f((1, 2), k=2)"
    assert with_argument(call, "k", Literal("(1), (2)")).raw == "x = f(1, k=((1), (2)))"
    assert with_argument(call, "k", Literal("[1, 2]")).raw == "x = f(1, k=[1, 2])"


def test_an_edit_in_a_file_is_one_line_of_difference() -> None:
    text = "def flow():\n    # why\n    x = f(\n        1,\n        frequency = 5.0,  # Hz\n    )\n"
    flow = read(text)
    function = flow.functions["flow"]
    (call,) = function.body.statements
    assert isinstance(call, Call)
    body = replace(function.body, statements=(with_argument(call, "frequency", Literal("7.5")),))
    new = replace(flow, module=replace(flow.module, statements=(replace(function, body=body),)))
    assert write(new) == text.replace("5.0", "7.5")
