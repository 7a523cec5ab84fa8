"""What each kind of line is read as."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from flodesk.flow.model import (
    Argument,
    Block,
    Call,
    Code,
    Docstring,
    Expression,
    Flow,
    Function,
    Import,
    Literal,
    Loop,
    Main,
    Ref,
    Region,
    Statement,
    Switch,
    walk,
)
from flodesk.flow.script import ScriptError, read, write

IMPORTS = "import flodesk\nimport math\nfrom flodesk.nodes import dsp, maths\n"


def opened(text: str) -> Flow:
    flow = read(text)
    assert write(flow) == text
    return flow


def body(lines: str, parameters: str = "") -> tuple[Statement, ...]:
    """Statements of a function with these lines, behind some imports and a queue that all functions share."""
    text = f"{IMPORTS}jobs = queue.Queue()\n\n\ndef helper():\n    pass\n\n\ndef flow({parameters}):\n"
    text += indent(dedent(lines).strip("\n"), "    ") + "\n"
    return opened(text).functions["flow"].body.statements


def only(lines: str, parameters: str = "volt, parts") -> Statement:
    found = body(lines, parameters)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("volt", Ref("volt")),
        ("parts.low", Ref("parts", "low")),
        ("jobs", Ref("jobs")),
        ("math.pi", Literal("math.pi")),
        ("dsp", Literal("dsp")),
        ("helper", Literal("helper")),
        ("len", Literal("len")),
        ("nobody.knows.it", Literal("nobody.knows.it")),
        ("1_000", Literal("1_000")),
        ("-5.0", Literal("-5.0")),
        ("'a' \"b\"", Literal("'a' \"b\"")),
        ("[1, (2, {'k': None})]", Literal("[1, (2, {'k': None})]")),
        ("1 - 2j", Literal("1 - 2j")),
        ("...", Literal("...")),
        ("b'x'", Literal("b'x'")),
        ("{1, 2}", Literal("{1, 2}")),
        ('"""a\n  b"""', Literal('"""a\n  b"""')),
    ],
)
def test_arguments(line: str, value: Ref | Literal) -> None:
    above = "import math\nfrom x import dsp\njobs = q()\ndef helper(): pass\n"
    text = f"{above}def flow(volt, parts):\n    out = f({line}, k={line})\n"
    (call,) = opened(text).functions["flow"].body.statements
    assert call == Call(id="out", name="out", callee="f", arguments=(Argument(value), Argument(value, "k")))


@pytest.mark.parametrize(
    "line",
    [
        "out = f(volt + 1)",
        "out = f(g(volt))",
        "out = f(*volt)",
        "out = f(**volt)",
        "out = f(a=1, a=2)",
        "out = f(parts.low.lower)",
        "out = f(-True)",
        "out = f({[]: 1})",
        "out = f([volt])",
        "out = f(f'{volt}')",
        "out = volt[0]",
        "out = f().g(volt)",
        "out: float = f(volt)",
        "out += f(volt)",
        "a = b = f(volt)",
        "a, b = f(volt)",
        "a.b = f(volt)",
        "out = await_(volt) if volt else 1",
        "volt + 1",
        "'not the first'\n'text'",
        "del volt",
        "import os",
        "return (yield volt)",
        "return (y := volt)",
        "return volt; f()",
        "for x in volt + 1:\n    pass",
        "for x, x in volt:\n    pass",
        "for x in f(volt):\n    pass\nelse:\n    pass",
        "for x in f(volt): y = f(x)",
        "for x.y in f(volt):\n    pass",
        "if volt: y = f(x)",
        "while volt:\n    y = f(x)",
        "with volt:\n    y = f(x)",
        "try:\n    y = f(x)\nfinally:\n    pass",
        "def inner():\n    y = f(x)",
        "class Inner:\n    y = f(x)",
        "a = f(1); b = f(2)",
        "volt = f(volt)",
    ],
)
def test_what_stays_code(line: str) -> None:
    statement = body(f"first = f()\n{line}", "volt, parts")[1]
    assert isinstance(statement, Code), statement
    assert statement.text == line.removesuffix("\n'text'")


def test_a_call_with_its_note() -> None:
    assert only("clean = dsp.butterworth(volt, cutoff=20.0)  # as quiet as it gets # really") == Call(
        id="clean",
        name="clean",
        callee="dsp.butterworth",
        arguments=(Argument(Ref("volt")), Argument(Literal("20.0"), "cutoff")),
        note="as quiet as it gets # really",
    )


def test_a_call_without_a_name() -> None:
    assert only("rows.add(volt)") == Call(id="call_1", name="", callee="rows.add", arguments=(Argument(Ref("volt")),))


def test_a_local_name_hides_an_imported_one() -> None:
    _, call = body("dsp = f()\nout = f(dsp)")
    assert isinstance(call, Call)
    assert call.arguments == (Argument(Ref("dsp")),)


def test_a_name_that_is_bound_further_down_is_a_variable() -> None:
    call, _ = body("out = f(later)\nlater = f()")
    assert isinstance(call, Call)
    assert call.arguments == (Argument(Ref("later")),)


def test_a_loop() -> None:
    assert only("for index, value in table.rows(parts, by=2):  # note\n    out = f(value)") == Loop(
        id="index",
        targets=("index", "value"),
        callee="table.rows",
        arguments=(Argument(Ref("parts")), Argument(Literal("2"), "by")),
        note="note",
        body=Block(statements=(Call(id="out", name="out", callee="f", arguments=(Argument(Ref("value")),)),)),
    )


def test_a_loop_over_a_queue() -> None:
    loop = only("for value in jobs:\n    pass")
    assert isinstance(loop, Loop)
    assert (loop.callee, loop.called, loop.arguments, loop.body.statements) == ("jobs", False, (), ())


def test_a_second_loop_over_the_same_name_is_code() -> None:
    first, second = body("for x in f():\n    pass\nfor x in f():\n    pass")
    assert isinstance(first, Loop)
    assert isinstance(second, Code)


def test_a_switch_with_all_its_arms() -> None:
    switch = only("if volt:\n    a = f()\nelif parts.low:\n    pass\nelif a > 3:\n    pass\nelse:\n    b = f()")
    assert isinstance(switch, Switch)
    assert switch.id == "if_1"
    tests = [arm.test for arm in switch.arms]
    assert tests == [Ref("volt"), Ref("parts", "low"), Expression("a > 3", ("a",)), None]
    assert [len(arm.body.statements) for arm in switch.arms] == [1, 0, 0, 1]


def test_an_if_below_else_is_a_switch_of_its_own() -> None:
    switch = only("if volt:\n    pass\nelse:\n    if parts:\n        pass")
    assert isinstance(switch, Switch)
    assert len(switch.arms) == 2
    assert isinstance(switch.arms[1].body.statements[0], Switch)


def kinds(lines: str) -> list[str]:
    text = f"def flow(high, volt):\n{indent(dedent(lines).strip(), '    ')}\n"
    flow = opened(text)
    found = walk(flow.functions["flow"].body, Region("flow"))
    return [f"{type(s).__name__} {s.id}" for s, _ in found]


def test_a_merge_of_bare_lines() -> None:
    lines = "if high:\n    level = high\nelse:\n    level = volt\nout = f(level)"
    assert kinds(lines) == ["Switch if_1", "Bind level", "Bind bind_1", "Call out"]


def test_a_merge_of_calls_leaves_the_name_free() -> None:
    lines = "if high:\n    level = f(high)\nelse:\n    level = f(volt)\nout = f(level)"
    assert kinds(lines) == ["Switch if_1", "Call call_1", "Call call_2", "Call out"]


def test_a_merge_of_a_call_and_a_bare_line() -> None:
    lines = "if high:\n    level = f(high)\nelse:\n    level = volt"
    assert kinds(lines) == ["Switch if_1", "Call call_1", "Bind level"]


def test_a_default_that_an_arm_overrides_is_code() -> None:
    lines = "level = volt\nif high:\n    level = high"
    assert kinds(lines) == ["Bind level", "Switch if_1", "Code code_1"]


def test_feedback() -> None:
    lines = "total = 0.0\nfor x in f():\n    longer = add(total, x)\n    total = longer"
    assert kinds(lines) == ["Bind total", "Loop x", "Call longer", "Bind bind_1"]


def test_feedback_that_an_arm_resets() -> None:
    lines = "total = 0.0\nfor x in f():\n    if x:\n        total = 0.0\n    else:\n        total = x"
    assert kinds(lines) == ["Bind total", "Loop x", "Switch if_1", "Bind bind_1", "Bind bind_2"]


def test_feedback_by_a_call_is_code() -> None:
    lines = "total = 0.0\nfor x in f():\n    total = add(total, x)"
    assert kinds(lines) == ["Bind total", "Loop x", "Code code_1"]


def test_feedback_twice_is_code_the_second_time() -> None:
    lines = "total = 0.0\nfor x in f():\n    total = x\n    total = volt"
    assert kinds(lines) == ["Bind total", "Loop x", "Bind bind_1", "Code code_1"]


def test_a_second_binding_is_code() -> None:
    assert kinds("a = f()\na = g()\nb = 1\nb = 2") == ["Call a", "Code code_1", "Bind b", "Code code_2"]


def test_a_name_that_belongs_to_the_module_is_bound_by_code() -> None:
    assert kinds("global seen\nseen = f()") == ["Code code_1", "Code code_2"]


def test_numbers_leave_out_names_in_use() -> None:
    assert kinds("if_1 = f()\nif high:\n    pass\nif volt:\n    pass") == ["Call if_1", "Switch if_2", "Switch if_3"]


def test_a_statement_given_up_leaves_no_trace() -> None:
    # The switch turns to code only when its first arm was read: what that bound and numbered is taken back.
    lines = "if high:\n    if volt:\n        x = f()\nelse: y = g()\nfor i in h():\n    x = i\nif x:\n    pass"
    assert kinds(lines) == ["Code code_1", "Loop i", "Bind x", "Switch if_1"]


def test_arms_of_two_switches_are_no_merge() -> None:
    lines = "if high:\n    x = f()\nif volt:\n    x = g()"
    assert kinds(lines) == ["Switch if_1", "Call x", "Switch if_2", "Code code_1"]
    lines = "for i in f():\n    x = f()\nfor j in f():\n    x = g()"
    assert kinds(lines) == ["Loop i", "Call x", "Loop j", "Code code_1"]


def test_arms_within_arms_are_one_merge() -> None:
    lines = "if high:\n    if volt:\n        x = f()\n    else:\n        x = g()\nelse:\n    x = h()"
    assert kinds(lines) == ["Switch if_1", "Switch if_2", "Call call_1", "Call call_2", "Call call_3"]


# ------------------------------------------------------------------ the module
def test_the_module_level() -> None:
    flow = opened(
        '"""What it is."""\nimport a.b\nimport c.d as e, f\nfrom .g import h as i\nfrom .. import j\nfrom k import *\n'
        "jobs = queue.Queue(size=3)\n\n\nclass C:\n    pass\n\n\n@dec\ndef one(): pass\n\n\nasync def two(): pass\n\n\n"
        'def flow(a, *, b: int = (3)) -> (\n    float\n):\n    """Do."""\n\n\n'
        'if __name__ == "__main__":\n    flodesk.main(flow, none)\n'
    )
    assert flow.docstring == "What it is."
    assert [type(s).__name__ for s in flow.module.statements] == [
        "Docstring", *["Import"] * 4, "Code", "Call", *["Code"] * 2, *["Function"] * 2, "Main",
    ]  # fmt: skip
    names = {"a": "a", "e": "c.d", "f": "f", "i": ".g.h", "j": "..j"}
    assert flow.imports == names
    function = flow.functions["flow"]
    assert (function.parameters, function.returns) == ("a, *, b: int = (3)", "(\n    float\n)")
    assert function.body.statements == (Docstring(value="Do."),)
    assert flow.mains == ("flow",)


def test_main_by_other_names() -> None:
    for start, call in (("import flodesk as fd\n", "fd.main"), ("from flodesk import main as go\n", "go")):
        flow = opened(
            f"{start}def a():\n    pass\nif x: pass\n"
            f'if __name__ == "__main__":\n    print(1)\n    {call}(a, place="x")\n'
        )
        assert isinstance(flow.module.statements[-1], Main)
        assert flow.mains == ("a",)


def test_another_main_part_is_code() -> None:
    flow = opened('def main():\n    pass\nif __name__ == "__main__":\n    main()\n')
    assert isinstance(flow.module.statements[-1], Code)
    assert flow.mains == ()


def test_a_function_on_one_line() -> None:
    flow = opened("def f(): pass  # nothing\ndef g(): return 1\n")
    first, second = flow.module.statements
    assert isinstance(first, Function)
    assert isinstance(second, Code)
    assert second.binds == ("g",)


def test_a_function_that_is_defined_twice() -> None:
    first, second = opened("def f():\n    pass\ndef f():\n    return 1\n").module.statements
    assert isinstance(first, Function)
    assert isinstance(second, Code)


def test_an_import_is_one_only_at_the_top() -> None:
    flow = opened("if x:\n    import a\nfor b in c():\n    import d\n")
    assert not [s for s, _ in walk(flow.module, Region("")) if isinstance(s, Import)]


# ------------------------------------------------------------------ comments and blank lines
def test_comments_belong_to_what_follows_at_their_depth() -> None:
    text = dedent("""\
        # top

        # of a
        a = f()
        for x in g():
            # of b
            b = f()
            # end of loop

            # still
        # of c
        c = f()
        def flow():
            d = f()
                # deeper, before e
            e = f()
                # deeper, at the end
            # end of flow
          # neither in nor out
        # end of file
        """)
    flow = opened(text)
    a, loop, c, function = flow.module.statements
    assert a.lead == "# top\n\n# of a\n"
    assert isinstance(loop, Loop)
    assert loop.body.statements[0].lead == "    # of b\n"
    assert loop.body.tail == "    # end of loop\n\n    # still\n"
    assert c.lead == "# of c\n"
    assert isinstance(function, Function)
    assert function.body.statements[1].lead == "        # deeper, before e\n"
    assert function.body.tail == "        # deeper, at the end\n    # end of flow\n"
    assert flow.module.tail == "  # neither in nor out\n# end of file\n"


def test_comments_between_arms() -> None:
    switch = opened(
        "if a:\n    pass\n    # of a\n# of b\nelif b:\n    pass\n# of else\nelse:\n    pass\n"
    ).module.statements[0]
    assert isinstance(switch, Switch)
    assert [(arm.lead, arm.body.tail) for arm in switch.arms] == [
        ("", "    # of a\n"),
        ("# of b\n", ""),
        ("# of else\n", ""),
    ]


def test_code_is_dedented_but_for_what_is_in_strings() -> None:
    flow = opened('def flow():\n    with a:\n        b = """\n    c\n"""\n          \n\n        d = 1\n')
    (code,) = flow.functions["flow"].body.statements
    assert isinstance(code, Code)
    assert code.text == 'with a:\n    b = """\n    c\n"""\n          \n\n    d = 1'


# ------------------------------------------------------------------ odd layouts, all kept
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# only this",
        "x = 1",
        "x = 1  ",
        "x = 1 ;",
        "\x0cx = 1\n",
        "x = f(1)\r\ny = 2\r\n",
        "x = f(1)\ry = 2\r",
        "x = f(1)\r\ny = 2\nz = 3\r",
        "if a:\r\n    pass\n    # c\r\nelse: pass\ny = 1\r",
        "if x:\n\ty = f()\n\tz = f()\nelse:\n  y = g()\n",
        "if x:\n \ty = f()\n",
        "if x: \\\n    y = 1\n",
        "if x:\n    y = f() \\\n\n\n    z = f()\n",
        "x = \\\n  f(1)\n",
        "for x in \\\n    f():\n    pass\n",
        "def f(  # note (:\n    a=')',  # b)\n    /,\n) -> '(:':  # c\n    pass\n",
        "def f(a = (1)): pass\n",
        "if (a and  # :\n    b):  # c\n    x = f()\n",
        "if a:\n    pass\nelif (b\n      ):\n    pass\nelse  :  # d\n    pass\n",
        "if a:\n    pass\n\\\nelse:\n    pass\n",
        "@a\n# b\n@ c(\n  1)\ndef f(): pass\n",
        "\\\n\\\nx = 1\n",
        "x = f('''a\r\nb''')\r\n",
        "é = f('ü', ß=1); ö = 1  # ñ\nñ = f(é)\n",
        "class A:\n    pass\n    # c\n# d\n",
        "while x:\n    pass\nelse:\n    pass\n    # e\n",
        "for x in a(): pass\nfor y in b(): pass; pass\n",
        "if a: pass\nelif b: pass  # x\nelse: pass\n",
        "def f():\n    # first\n    pass  # second\n    # third\nx = 1\n",
        "x = f(1)\n\n\n\n",
    ],
)
def test_odd_layouts_are_kept_to_the_letter(text: str) -> None:
    assert write(read(text)) == text


# ------------------------------------------------------------------ what cannot be opened
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\ny = (\n", 2, "not Python"),
        ("x = 1\n\nfor\n", 3, "not Python"),
        ("if x:\ny = 1\n", 2, "indented block"),
        ("x = 1\r\n\r\nx = = 1\r\n", 3, "not Python"),
        ("x = 1\ny = '\0'\n", 2, "null byte"),
        ("a\nb = '\ud800'\n", 2, "half a character"),
        ("x = " + "(" * 400 + ")" * 400, 1, ""),
        ("print 'x'\n", 1, "print"),
    ],
)
def test_a_broken_text_says_where(text: str, line: int, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read(text)
    assert caught.value.line == line
    assert words in caught.value.message
    assert str(caught.value).startswith(f"line {line}: ")


@pytest.mark.parametrize(
    "text", ["x = " + "-" * 100_000 + "1", "x = " + "f(" * 150 + ")" * 150, "x = " + "a." * 50_000 + "b"]
)
def test_what_is_nested_too_deeply_opens_or_says_so(text: str) -> None:
    try:
        flow = read(text)
    except ScriptError as error:
        assert error.message  # noqa: PT017 - either is right
    else:
        assert write(flow) == text
