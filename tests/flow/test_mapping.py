"""A node that runs for each item of an input: a comprehension in the script, its ports and wires, and the gestures."""

from __future__ import annotations

import textwrap

import pytest

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.check import check
from flodesk.flow.diff import diff
from flodesk.flow.diff.words import sentence
from flodesk.flow.edit import Rename, codec
from flodesk.flow.fixes import fixes_of
from flodesk.flow.graph import Graph, picture
from flodesk.flow.model import Address, Call, Code, Each, Flow, Literal, Ref
from flodesk.flow.script import keep_text, read, write
from flodesk.flow.script.mapped import one_of
from flodesk.flow.script.writer import called_text
from flodesk.flow.wiring import Refused
from flodesk.flow.wiring.naming import check_new_name

CATALOG = Catalog.builtin()
HEAD = '''\
import flodesk
from flodesk.nodes import dsp, maths, show, source


def halves(x: float) -> float:
    """Halve."""
    return x / 2


def shift(x: float, by: float) -> float:
    """Add."""
    return x + by


def words(x: float) -> str:
    """Say."""
    return f"{x}"


def numbers(count: int = 3) -> list:
    """Count."""
    return [float(k) for k in range(count)]


'''


TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def flow_of(*lines: str) -> Flow:
    return read(HEAD + "def flow():\n" + textwrap.indent("\n".join(lines) + "\n", "    ") + TAIL)


def lines_of(flow: Flow) -> list[str]:
    return textwrap.dedent(write(flow).partition("def flow():\n")[2].removesuffix(TAIL)).splitlines()


def call_of(flow: Flow, name: str = "a") -> Call:
    found = flow.index[Address("flow", name)][0]
    assert isinstance(found, Call)
    return found


# ------------------------------------------------------------------ the script
@pytest.mark.parametrize(
    ("line", "on_error", "value", "keyword"),
    [
        ("a = [halves(x) for x in xs]", "fail", Ref("xs"), ""),
        ("a = [halves(x=x) for x in xs.results]", "fail", Ref("xs", "results"), "x"),
        ("a = [halves(x) for x in [1, 2]]  # both", "fail", Literal("[1, 2]"), ""),
        ("a = [maths.clip(x, lower=k) for x in xs]", "fail", Ref("xs"), ""),
        ("a = flodesk.each(lambda x: halves(x), xs, on_item_error='skip')", "skip", Ref("xs"), ""),
        ('a = flodesk.each(lambda x: halves(x), xs, on_item_error="collect")', "collect", Ref("xs"), ""),
    ],
)
def test_such_a_line_is_a_mapped_node(line: str, on_error: str, value: Ref | Literal, keyword: str) -> None:
    flow = flow_of("xs = numbers()", "k = halves(1.0)", line)
    argument = call_of(flow).mapped
    assert argument is not None
    assert argument.each == Each(on_error)
    assert (argument.value, argument.keyword) == (value, keyword)
    assert lines_of(flow)[-1] == line


@pytest.mark.parametrize(
    "line",
    [
        "a = [halves(x) for x in xs if x]",
        "a = [halves(x + 1) for x in xs]",
        "a = [x for x in xs]",
        "a = [maths.add(x, x) for x in xs]",
        "a = [halves(k) for x in xs]",
        "a = [x.strip(x) for x in xs]",
        "a = [halves(x) for x, y in xs]",
        "a = [maths.add(x, y) for x, y in zip(xs, xs)]",
        "a = [maths.add(x, y) for x, y in zip(xs, xs, strict=False)]",
        "a = [maths.add(y, x) for x, y in zip(xs, xs, strict=True)]",
        "a = [maths.add(x, x) for x, y in zip(xs, xs, strict=True)]",
        "a = [maths.add(x, y) for x, x in zip(xs, xs, strict=True)]",
        "a = [maths.add(x, y) for x, y in zip(*xs, xs, strict=True)]",
        "a = [maths.add(x, y) for x, y in zip(xs, xs, xs, strict=True)]",
        "a = [halves(x) for (x,) in k.zip(xs, strict=True)]",
        "a = flodesk.each(lambda x, y: maths.add(x, y), xs, on_item_error='skip')",
        "a = flodesk.each(lambda x, y: maths.add(y, x), xs, xs, on_item_error='skip')",
        "a = flodesk.each(lambda: halves(), on_item_error='skip')",
        "a = [halves(x) for y in xs for x in y]",
        "a = [halves(x) for x in range(3)]",
        "a = {halves(x) for x in xs}",
        "a = (halves(x) for x in xs)",
        "a = [[halves(x)] for x in xs]",
        "a, b = [halves(x) for x in xs]",
        "[halves(x) for x in xs]",
        "a = flodesk.each(lambda x: halves(x), xs)",
        "a = flodesk.each(lambda x: halves(x), xs, on_item_error=k)",
        "a = flodesk.each(lambda x=1: halves(x), xs, on_item_error='skip')",
        "a = k.each(lambda x: halves(x), xs, on_item_error='skip')",
    ],
)
def test_any_other_line_stays_code(line: str) -> None:
    flow = flow_of("xs = numbers()", "k = halves(1.0)", line)
    assert isinstance(flow.functions["flow"].body.statements[-1], Code)
    assert lines_of(flow)[-1] == line


def test_at_the_top_of_a_file_it_stays_code() -> None:
    flow = read(HEAD + "xs = numbers()\na = [halves(x) for x in xs]\n")
    assert isinstance(flow.module.statements[-1], Code)


def test_an_item_gets_the_name_of_one() -> None:
    names = {"waves": "wave", "boxes": "box", "entries": "entry", "glass": "item", "x": "item", "lists": "item"}
    assert {many: one_of(Ref(many)) for many in names} == names
    assert one_of(Literal("[1]")) == "item"


def test_the_name_of_an_item_makes_way() -> None:
    flow = flow_of("xs = numbers()", "k = halves(1.0)", "a = [maths.clip(x, lower=k) for x in xs]")
    renamed, back = Rename("flow", "k", "x").apply(flow)
    assert lines_of(renamed)[-1] == "a = [maths.clip(x_2, lower=x) for x_2 in xs]"
    assert write(back.apply(renamed)[0]) == write(flow)
    renamed, _ = Rename("flow", "xs", "x").apply(flow)
    assert lines_of(renamed)[-1] == "a = [maths.clip(x, lower=k) for x in x]", "as Python reads it"
    assert call_of(renamed).mapped is not None


def test_an_edit_keeps_the_layout() -> None:
    text = ["a = [", "    maths.clip(  # cut", "        x, lower=1.0,", "    )", "    for x in xs  # all", "]"]
    flow = flow_of("xs = numbers()", *text)
    old = call_of(flow)
    changed = wiring.set_field(flow, picture(flow, CATALOG), "a", "lower", "2.5").apply(flow)[0]
    assert lines_of(changed)[1:] == [line.replace("1.0", "2.5") for line in text]
    other = keep_text(old, Call(id="a", name="a", callee=old.callee, arguments=old.arguments, note="now"))
    assert other.raw is not None
    assert other.raw.splitlines()[0] == text[0]


def test_an_edit_travels_with_what_is_mapped() -> None:
    flow = flow_of("xs = numbers()", "a = halves(xs)")
    edit = wiring.map_over(flow, picture(flow, CATALOG), "a", "x")
    assert codec.from_json(codec.to_json(edit)) == edit
    changed = codec.from_json(codec.to_json(edit)).apply(flow)[0]
    assert lines_of(changed)[-1] == "a = [halves(item) for item in xs]"


# ------------------------------------------------------------------ the picture
def graph_of(flow: Flow) -> Graph:
    return picture(flow, CATALOG)


def test_it_takes_a_list_and_gives_one() -> None:
    graph = graph_of(flow_of("xs = numbers()", "a = [halves(x) for x in xs]"))
    (port,) = graph.nodes["a"].inputs
    assert (port.name, port.type, port.each, port.items) == ("x", "list", True, "number")
    (out,) = graph.nodes["a"].outputs
    assert (out.name, out.type, out.items) == ("", "list", "number")
    assert [(f.name, f.each) for f in graph.nodes["a"].fields][:2] == [("x", True)]
    assert [(w.source, w.target, w.problem) for w in graph.wires] == [(("xs", ""), ("a", "x"), "")]


def test_one_that_collects_gives_two() -> None:
    lines = ["xs = numbers()", "a = flodesk.each(lambda x: halves(x), xs, on_item_error='collect')"]
    graph = graph_of(flow_of(*lines, "n = len(a.errors)"))
    assert [(p.name, p.variable, p.type, p.problem) for p in graph.nodes["a"].outputs] == [
        ("results", "a.results", "list", ""),
        ("errors", "a.errors", "list", ""),
    ]
    assert not check(flow_of(*lines, "n = len(a.errors)"), CATALOG)


def test_what_shows_something_shows_nothing_for_each_item() -> None:
    graph = graph_of(flow_of("xs = numbers()", "a = [show.gauge(x) for x in xs]"))
    spec = graph.nodes["a"].spec
    assert spec is not None
    assert not spec.viewed, "a list of gauges has no place on a panel"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["k = halves(1.0)", "a = [halves(x) for x in k]"], "The output gives a number, the input takes a list."),
        (["xs = numbers()", "a = [halves(x) for x in xs]", "b = halves(a)"],
         "The output gives a list, the input takes a number."),
        (["xs = numbers()", "a = [words(x) for x in xs]", "b = [halves(x) for x in a]"],
         "Each item of the list is text, the input takes a number for each."),
        (["xs = numbers()", "a = [halves(x) for x in xs]", "b = [words(x) for x in a]"], ""),
    ],
)  # fmt: skip
def test_wires_are_checked(lines: list[str], problem: str) -> None:
    assert graph_of(flow_of(*lines)).wires[-1].problem == problem
    found = [p.message for p in check(flow_of(*lines), CATALOG)]
    assert bool(found) == bool(problem)


def test_values_of_a_mapped_field_are_no_value_of_its_type() -> None:
    assert not check(flow_of("a = [halves(x) for x in [1.0, 2.0]]"), CATALOG)


# ------------------------------------------------------------------ gestures
def mapped(flow: Flow, *ports: str, node: str = "a") -> Flow:
    edit = wiring.map_over(flow, graph_of(flow), node, *(ports or ("x",)))
    changed, back = edit.apply(flow)
    assert write(back.apply(changed)[0]) == write(flow)
    return changed


def with_error(flow: Flow, how: str) -> Flow:
    changed, back = wiring.set_on_item_error(flow, graph_of(flow), "a", how).apply(flow)
    assert write(back.apply(changed)[0]) == write(flow)
    assert read(write(changed)) == changed
    return changed


def test_map_and_take_whole_again() -> None:
    flow = flow_of("waves = numbers()", "a = halves(waves)  # half", "b = words(a)")
    there = mapped(flow)
    assert lines_of(there) == ["waves = numbers()", "a = [halves(wave) for wave in waves]  # half", "b = words(a)"]
    back, _ = wiring.map_whole(there, graph_of(there), "a").apply(there)
    assert back == flow


@pytest.mark.parametrize(
    "line",
    [
        "a = [maths.add(x, y) for x, y in zip(xs, ks, strict=True)]  # both",
        "a = [ maths.add( x,y )  for x,y in zip(xs,ks,strict = True) ]",
        "a = [maths.clip(x, lower=k, upper=y) for x, y in zip(xs, [1.0, 2.0, 3.0], strict=True)]",
        "a = flodesk.each(lambda x, y: maths.add(x, y), xs, xs, on_item_error='skip')",
    ],
)
def test_two_inputs_side_by_side(line: str) -> None:
    flow = flow_of("xs = numbers()", "ks = numbers()", "k = halves(1.0)", line)
    call = call_of(flow)
    assert len(call.mapped_over) == 2
    assert lines_of(flow)[-1] == line
    graph = graph_of(flow)
    assert len(graph.nodes["a"].mapped) == 2
    assert [p.each for p in graph.nodes["a"].inputs if p.type == "list"] == [True] * len(
        [p for p in graph.nodes["a"].inputs if p.each]
    )
    assert not check(flow, CATALOG)
    again = read(write(flow).replace(line, line.split(" = ")[0] + " = " + called_text(call)))
    assert again == flow or "# both" in line


def test_zip_of_the_file_is_no_zip_of_python() -> None:
    for lines in (["zip = halves(1.0)"], ["def zip(*x, strict=True): return x"]):
        flow = flow_of("xs = numbers()", *lines, "a = [maths.add(x, y) for x, y in zip(xs, xs, strict=True)]")
        assert isinstance(flow.functions["flow"].body.statements[-1], Code)
        flow = flow_of("xs = numbers()", *lines, "a = [shift(x, xs) for x in xs]")
        with pytest.raises(Refused, match="“zip” is a name of this file"):
            wiring.map_over(flow, graph_of(flow), "a", "x", "by")
    flow = flow_of("xs = numbers()", "k = halves(2.0)", "a = [maths.add(x, y) for x, y in zip(xs, xs, strict=True)]")
    with pytest.raises(Refused, match="“zip” is a function of Python that this file uses"):
        check_new_name(flow, "flow", "zip")


def test_map_over_two_inputs_and_one_of_them_again() -> None:
    start = flow_of("waves = numbers()", "xs = numbers()", "a = shift(waves, xs)  # sum")
    one = mapped(start, "x")
    both = mapped(one, "x", "by")
    assert lines_of(both)[-1] == "a = [shift(wave, item) for wave, item in zip(waves, xs, strict=True)]  # sum"
    assert graph_of(both).nodes["a"].mapped == ("x", "by")
    assert [w.problem for w in graph_of(both).wires] == ["", ""]
    skips = with_error(both, "skip")
    text = "flodesk.each(lambda wave, item: shift(wave, item), waves, xs, on_item_error='skip')"
    assert lines_of(skips)[-1] == f"a = {text}  # sum"
    assert lines_of(mapped(skips, "by"))[-1].startswith("a = flodesk.each(lambda item: shift(waves, item), xs, ")
    assert lines_of(with_error(skips, "fail")) == lines_of(both)
    assert wiring.map_whole(skips, graph_of(skips), "a").apply(skips)[0] == start
    renamed, back = Rename("flow", "xs", "wave").apply(both)
    assert lines_of(renamed)[-1].endswith("for wave, item in zip(waves, wave, strict=True)]  # sum")
    assert write(back.apply(renamed)[0]) == write(both)
    with pytest.raises(Refused, match="each item of “x” and “by” already"):
        wiring.map_over(both, graph_of(both), "a", "x", "by")


def test_a_second_list_that_is_wired_to_a_mapped_node_goes_side_by_side() -> None:
    flow = flow_of("xs = numbers()", "waves = numbers()", "a = [shift(x, 1.0) for x in xs]")
    changed, back = wiring.connect_each(flow, graph_of(flow), ("waves", ""), ("a", "by")).apply(flow)
    assert lines_of(changed)[-1] == "a = [shift(x, wave) for x, wave in zip(xs, waves, strict=True)]"
    assert write(back.apply(changed)[0]) == write(flow)


def test_an_input_can_be_mapped_over_before_it_is_wired() -> None:
    flow = flow_of("xs = numbers()", "a = halves()")
    there = mapped(flow)
    assert lines_of(there)[-1] == "a = [halves(item) for item in []]"
    (problem,) = check(there, CATALOG)
    assert (problem.severity, problem.kind) == ("warning", "open-input")
    wired, _ = wiring.connect(there, graph_of(there), ("xs", ""), ("a", "x")).apply(there)
    assert lines_of(wired)[-1] == "a = [halves(item) for item in xs]"
    assert not check(wired, CATALOG)
    assert wiring.map_whole(there, graph_of(there), "a").apply(there)[0] == flow
    flow = flow_of("a = maths.clip(1.0, lower=2.0)")
    there = mapped(flow, "lower")
    assert lines_of(there) == ["a = [maths.clip(1.0, lower=item) for item in [2.0]]"]
    assert lines_of(wiring.map_whole(there, graph_of(there), "a").apply(there)[0]) == lines_of(flow)


def test_what_is_mapped_over_two_inputs_is_told_as_a_difference() -> None:
    old = flow_of("xs = numbers()", "a = [maths.add(x, xs) for x in xs]")
    new = flow_of("xs = numbers()", "a = [maths.add(x, y) for x, y in zip(xs, xs, strict=True)]")
    assert [sentence(found) for found in diff(old, new, CATALOG)] == ["“a” runs for each item of xs and xs now"]


def test_map_over_another_input_instead() -> None:
    flow = mapped(flow_of("xs = numbers()", "a = maths.clip(xs, lower=xs)"), "value")
    assert lines_of(flow)[-1] == "a = [maths.clip(item, lower=xs) for item in xs]"
    assert lines_of(mapped(flow, "lower"))[-1] == "a = [maths.clip(xs, lower=item) for item in xs]"


def test_what_an_item_does_that_fails() -> None:
    flow = mapped(flow_of("waves = numbers()", "a = halves(waves)", "n = len(a)", "for x in a:", "    b = words(x)"))
    skips = with_error(flow, "skip")
    assert lines_of(skips)[1] == "a = flodesk.each(lambda wave: halves(wave), waves, on_item_error='skip')"
    collects = with_error(skips, "collect")
    assert lines_of(collects)[1:] == [
        "a = flodesk.each(lambda wave: halves(wave), waves, on_item_error='collect')",
        "n = len(a.results)",
        "for x in a.results:",
        "    b = words(x)",
    ]
    assert lines_of(with_error(collects, "fail")) == lines_of(flow)
    whole, _ = wiring.map_whole(collects, graph_of(collects), "a").apply(collects)
    assert lines_of(whole)[1:3] == ["a = halves(waves)", "n = len(a)"]


def test_a_file_that_does_not_know_flodesk_imports_it() -> None:
    flow = read(
        HEAD.replace("import flodesk\n", "") + "def flow():\n    xs = numbers()\n    a = [halves(x) for x in xs]\n"
    )
    assert "import flodesk\n" in write(with_error(flow, "skip"))


def test_what_reads_the_list_in_a_text_of_its_own_is_not_forgotten() -> None:
    flow = flow_of("xs = numbers()", "a = [halves(x) for x in xs]", "n = a[0] + 1")
    with pytest.raises(Refused, match="reads “a”, which would not be there any more"):
        wiring.set_on_item_error(flow, graph_of(flow), "a", "collect")
    flow = flow_of(
        "xs = numbers()", "a = flodesk.each(lambda x: halves(x), xs, on_item_error='collect')", "n = len(a.errors)"
    )
    with pytest.raises(Refused, match=r"reads “a\.errors”"):
        wiring.set_on_item_error(flow, graph_of(flow), "a", "skip")


@pytest.mark.parametrize(
    ("lines", "port", "words"),
    [
        (["k = halves(1.0)", "a = halves(k)"], "x", "gets no list. The output gives a number"),
        (["xs = numbers()", "a = show.gauge(xs)"], "value", "shows one value"),
        (["xs = numbers()", "a = [halves(x) for x in xs]"], "x", "runs for each item of “x” already"),
        (["xs = numbers()", "for a in dsp.blocks(xs):", "    pass"], "signal", "drives a loop"),
        (["xs = numbers()", "a = str.replace(xs, '{{ x }}', 'b')"], "args[0]", "has a template"),
        (["xs = numbers()", "a = None  # off: halves(xs)"], "x", "is switched off"),
    ],
)
def test_what_cannot_be_mapped(lines: list[str], port: str, words: str) -> None:
    flow = flow_of(*lines)
    with pytest.raises(Refused, match=words):
        wiring.map_over(flow, graph_of(flow), "a", port)


def test_a_call_of_an_object_can() -> None:
    flow = flow_of("m = statistics.RunningMean(window=2)", "xs = numbers()", "a = m(xs)")
    flow = read(write(flow).replace("import dsp,", "import statistics, dsp,"))
    assert lines_of(mapped(flow, "value", node="m"))[-1] == "a = [m(item) for item in xs]"
    with pytest.raises(Refused, match="is made with, once"):
        wiring.map_over(flow, graph_of(flow), "m", "window")


def test_wires_keep_what_is_mapped() -> None:
    flow = mapped(flow_of("xs = numbers()", "waves = numbers()", "a = halves(xs)"))
    wired, _ = wiring.connect(flow, graph_of(flow), ("waves", ""), ("a", "x")).apply(flow)
    assert lines_of(wired)[-1] == "a = [halves(wave) for wave in waves]"
    text = flow_of("xs = numbers()", "t = [words(x) for x in xs]", "a = [halves(x) for x in xs]")
    with pytest.raises(Refused, match="Each item of the list is text"):
        wiring.connect(text, graph_of(text), ("t", ""), ("a", "x"))


def test_a_view_of_the_list_goes_on_to_show_it() -> None:
    head = "# /// script\n# [tool.flodesk]\n# version = 1\n# [tool.flodesk.panel.flow]\n# a = [0, 0, 4, 2]\n# ///\n"
    flow = read(head + write(flow_of("xs = numbers()", "a = [halves(x) for x in xs]")))
    collects = with_error(flow, "collect")
    assert collects.header.panel["flow"]["a"].shows == "a.results"
    assert with_error(collects, "fail").header.panel == flow.header.panel


def test_a_list_is_wired_to_an_input_of_one_value_by_mapping() -> None:
    flow = flow_of("waves = numbers()", "t = [words(x) for x in waves]", "a = halves()")
    changed, back = wiring.connect_each(flow, graph_of(flow), ("waves", ""), ("a", "x")).apply(flow)
    assert lines_of(changed)[-1] == "a = [halves(wave) for wave in waves]"
    assert write(back.apply(changed)[0]) == write(flow)
    with pytest.raises(Refused, match="Each item of the list is text"):
        wiring.connect_each(flow, graph_of(flow), ("t", ""), ("a", "x"))
    shown = flow_of("waves = numbers()", "a = show.gauge(1.0)")
    with pytest.raises(Refused, match="cannot run for each item"):
        wiring.connect_each(shown, graph_of(shown), ("waves", ""), ("a", "value"))


def test_a_wire_that_does_not_fit_can_be_mended_by_mapping() -> None:
    flow = flow_of("waves = numbers()", "a = halves(waves)")
    (problem,) = [p for p in check(flow, CATALOG) if p.kind == "type"]
    first = fixes_of(flow, CATALOG, problem)[0]
    assert first.title == "Run “a” for each item"
    assert first.edit is not None
    assert lines_of(first.edit.apply(flow)[0])[-1] == "a = [halves(wave) for wave in waves]"


def test_a_template_is_refused_where_the_engine_fills_it_in() -> None:
    flow = flow_of("xs = numbers()", "a = [spoken(x, text='{{ x }} V') for x in xs]")
    text = write(flow).replace(
        "def words", "def spoken(x: float, text: str = '') -> str:\n    return text\n\n\ndef words"
    )
    (problem,) = [p for p in check(read(text), CATALOG) if p.severity == "error"]
    assert "cannot run for each item" in problem.message
    own = flow_of("xs = numbers()", "a = text.template('over: {{ value }} V', value=xs)")
    own = read(write(own).replace("import dsp,", "import text, dsp,"))
    assert lines_of(mapped(own, "value"))[-1] == "a = [text.template('over: {{ value }} V', value=item) for item in xs]"
    assert not check(mapped(own, "value"), CATALOG)


def test_what_is_mapped_is_not_taken_apart() -> None:
    flow = flow_of("xs = numbers()", "a = [inner(x) for x in xs]")
    text = write(flow).replace(
        "def words", "def inner(x: float) -> float:\n    y = halves(x)\n    return y\n\n\ndef words"
    )
    with pytest.raises(Refused, match="runs for each item of “xs”"):
        wiring.inline_subflow(read(text), "flow", "a")
