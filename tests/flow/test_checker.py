"""The checker: each rule with the smallest text that breaks it, and texts that break none."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from flodesk.flow import problem as problem_module
from flodesk.flow.catalog import Catalog, of_package
from flodesk.flow.check import Problem, check, errors
from flodesk.flow.graph import picture
from flodesk.flow.script import read

CATALOG = Catalog.builtin()
EXAMPLES = Path(__file__).parents[2] / "resources" / "examples"
HEAD = (
    "import math\nimport queue\n\nimport flodesk\n"
    "from flodesk.nodes import collect, control, dsp, file, maths, show, source, statistics, table, timing\n\n"
)
TAIL = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def script(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" if line else "" for line in body.strip("\n").split("\n"))
    return f"{HEAD}{before}\n\ndef flow():\n{lines}\n{TAIL}"


def problems_of(body: str, before: str = "") -> tuple[Problem, ...]:
    return check(read(script(body, before)), CATALOG)


# kind, node, what the message and hint say, the code, the line that it points to
CASES = [
    (
        "await", "a", ["“a” awaits", "“flow” is a plain function", "async def flow"],
        "a = await maths.absolute(1.0)", "a = await maths.absolute(1.0)",
    ),
    (
        "some-arms", "b", ["“b” reads “a”", "no value where no condition holds", "“if_1”"],
        "x = source.constant()\nif x:\n    a = maths.absolute(x)\nb = maths.absolute(a)", "b = maths.absolute(a)",
    ),
    (
        "merge-open", "a", ["merge “a”", "where “else”"],
        "x = source.constant()\nif x:\n    a = x\nelif x:\n    a = 2.0\nelse:\n    c = maths.absolute(x)\n"
        "b = maths.absolute(a)",
        "a = x",
    ),
    (
        "after-loop", "b", ["“b” reads “a” after the loop of “i”", "collector"],
        "for i in timing.count(3):\n    a = maths.scale(i)\nb = maths.absolute(a)", "b = maths.absolute(a)",
    ),
    (
        "some-arms", "c", ["“c” reads “a”"],
        "x = source.constant()\nif x:\n    a = maths.absolute(x)\n"
        "for i in timing.count(3):\n    a = x\nc = maths.absolute(a)",
        "c = maths.absolute(a)",
    ),
    (
        "after-loop", "b", ["“b” reads “i”"],
        "for i in timing.count(3):\n    pass\nb = maths.absolute(i)", "b = maths.absolute(i)",
    ),
    (
        "order", "a", ["“a” reads “b”, which gets its value only further down"],
        "a = maths.absolute(b)\nb = source.constant()", "a = maths.absolute(b)",
    ),
    (
        "order", "code_1", ["“code_1” reads “n” before", "n = ..."],
        "for i in timing.count(3):\n    n += i", "n += i",
    ),
    (
        "open-input", "a", ["The input “ys” of “a” is open: it shows nothing", "Wire an array to “ys”"],
        "x = source.linspace()\na = show.xy(x)", "a = show.xy(x)",
    ),
    (
        "off", "b", ["“b” reads “a”, which is switched off", "Switch it off as well"],
        "a = None  # off: source.constant()\nb = maths.absolute(a)", "b = maths.absolute(a)",
    ),
    (
        "no-loop", "code_1", ["“code_1” ends a loop or its turn, and stands in none"],
        "a = source.constant()\nif a:\n    break", "break",
    ),
    (
        "unreached", "b", ["“b” never runs", "“code_1” above it"],
        "for i in timing.count(3):\n    a = maths.scale(i)\n    break\n    b = maths.scale(a)\n    c = maths.scale(b)",
        "b = maths.scale(a)",
    ),
    (
        "circle", "a", ["“a” → “b” → “a”", "feedback"],
        "for i in timing.count(3):\n    a = maths.add(b, i)\n    b = maths.scale(a)", "a = maths.add(b, i)",
    ),
    ("unbound", "a", ["“nobody”", "“a” reads it"], "a = maths.absolute(nobody)", "a = maths.absolute(nobody)"),
    ("unbound", "a", ["“sorce”", "calls it", "Did you mean “source”?"], "a = sorce.constant()", "a = sorce.constant()"),
    ("unbound", "a", ["“scipy”", "Import it"], "a = scipy.signal.hann(3)", "a = scipy.signal.hann(3)"),
    ("unbound", "code_1", ["“nobody”"], "b = nobody ** 2", "b = nobody ** 2"),
    (
        "shadow", "maths", ["“maths” is also the name"],
        "maths = source.constant()", "maths = source.constant()",
    ),
    (
        "unknown-node", "a", ["flodesk.nodes.dsp has no “butterwoth”", "dsp.butterworth?"],
        "a = dsp.butterwoth(1)", "a = dsp.butterwoth(1)",
    ),
    (
        "unknown-output", "b", ["“s.ampltude”", "has no output “ampltude”", "“amplitude”"],
        "w = source.sine(0)\ns = dsp.spectrum(w)\nb = maths.absolute(s.ampltude)", "b = maths.absolute(s.ampltude)",
    ),
    (
        "producer-call", "a", ["“a” calls the producer “count” once", "for a in timing.count(...)"],
        "a = timing.count(3)", "a = timing.count(3)",
    ),
    (
        "open-input", "a", ["“value” of “a” is open", "Wire a node to “value”"],
        "a = maths.scale(factor=2.0)", "a = maths.scale(factor=2.0)",
    ),
    ("open-input", "a", ["“values” of “a” is open"], "a = maths.add()", "a = maths.add()"),
    (
        "open-input", "low", ["“signal” of “low” is open", "a signal"],
        "low = dsp.Lowpass()\nclean = low(cutoff=3.0)", "clean = low(cutoff=3.0)",
    ),
    (
        "keyword", "a", ["constant has no parameter “vlaue”", "Did you mean “value”?"],
        "a = source.constant(vlaue=3.0)", "a = source.constant(vlaue=3.0)",
    ),
    (
        "keyword", "low", ["Lowpass has no parameter “oder”", "“order”"],
        "low = dsp.Lowpass(oder=2)", "low = dsp.Lowpass(oder=2)",
    ),
    ("too-many", "a", ["passes 3 values by position", "takes 1"], "a = source.constant(1.0, 2.0, 3.0)", "a = source"),
    ("twice", "a", ["“value” twice"], "a = source.constant(1.0, value=2.0)", "a = source.constant(1.0, value=2.0)"),
    (
        "literal", "a", ["“factor” of “a” is '3', text", "takes a number"],
        "a = maths.scale(1.0, factor='3')", "a = maths.scale",
    ),
    (
        "literal", "a", ["“samples” of “a” is 2.5", "whole number", "decimal point"],
        "a = source.sine(0, samples=2.5)", "a = source",
    ),
    ("literal", "a", ["“seed” of “a” is None, nothing"], "a = source.noise(0, seed=None)", "a ="),
    ("range", "a", ["“rate” of “a” is -3.0 Hz", "0.001 Hz"], "a = source.sine(0, rate=-3.0)", "a = source"),
    ("range", "low", ["“order” of “low” is 99", "12 or less"], "low = dsp.Lowpass(order=99)", "low = dsp"),
    (
        "choice", "b", ["“window” of “b” is 'han'", "'hann'"],
        "a = source.sine(0)\nb = dsp.spectrum(a, window='han')", "b = dsp.spectrum",
    ),
    (
        "type", "m", ["“s” gives a signal", "“value” of “m” takes a number", "maths.mean"],
        "s = source.sine(0)\nm = show.number(s)", "m = show.number(s)",
    ),
    (
        "type", "if_1", ["“s” gives a signal", "maths.greater"],
        "s = source.sine(0)\nif s:\n    a = maths.absolute(s)", "if s:",
    ),
    (
        "not-yet", "code_1", ["holds a yield", "generator", "function"],
        "if True:\n    yield 1\na = source.constant()", "yield 1",
    ),
    ("not-yet", "code_1", ["declares “n” global", "function"], "global n\na = source.constant()", "global n"),
    (
        "not-yet", "code_1", ["function of “k”", "another value further down", "as an argument"],
        "k = 1\nf = lambda x: x + k\na = f(2)\nk = 3", "f = lambda",
    ),
    (
        "not-yet", "code_1", ["gives “n” another value", "into an object"],
        "n = 0\ndef more():\n    nonlocal n\n    n += 1\na = more()", "def more",
    ),
    (
        "not-yet", "code_1", ["function of “t”"],
        "t = 0.0\ndef f(x):\n    return x + t\nfor i in timing.count(3):\n    n = f(i)\n    t = n", "def f(x)",
    ),
    (
        "circle", "code_1", ["a function that calls “odd”", "needs this one", "top of the file"],
        "def even(n):\n    return n == 0 or odd(n - 1)\ndef odd(n):\n    return n > 0 and even(n - 1)\na = even(4)",
        "def even",
    ),
    (
        "not-yet", "code_1", ["all names of “flow” by locals()", "f-string"],
        "k = 1\na = '{k}'.format(**locals())", "a = ",
    ),
    ("not-yet", "a", ["by vars()", "that it reads"], "k = 1\na = vars()", "a = vars()"),
    ("not-yet", "code_1", ["by dir()"], "k = 1\nfor a in sorted(dir()):\n    pass", "for a in"),
    ("not-yet", "if_1", ["by locals()"], "k = 1\nif 'k' in locals():\n    a = 1", "if 'k'"),
    (
        "not-yet", "code_1", ["keeps a function of “i” in “fs”", "with the last one", "i=i"],
        "fs = []\nfor i in timing.count(3):\n    fs.append(lambda: i)", "fs.append",
    ),
    (
        "not-yet", "code_3", ["keeps a function of “k” in “fs”"],
        "fs = {}\nfor i in timing.count(3):\n    k = i + 1\n    def f():\n        return k\n    fs[i] = f", "fs[i] = f",
    ),
    (
        "not-yet", "call_1", ["keeps a function of “i” in “fs”"],
        "fs = []\nfor i in timing.count(3):\n    f = lambda: i\n    fs.append(f)", "fs.append",
    ),
    (
        "not-yet", "code_1", ["keeps a function of “j” in “fs”"],
        "for i in timing.count(3):\n    fs = []\n    for j in range(i):\n        fs.append((i, lambda: i + j))",
        "fs.append",
    ),
    (
        "template", "a", ["“title” of “a” reads “x”", "not given"],
        "x = 1\na = show.text(1.0, title='{{ x }} V')", "a = show.text",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "node", "says", "body", "line"), CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_each_rule_is_broken_at_its_node(kind, node, says, body, line):
    found = problems_of(body)
    assert [problem.kind for problem in found] == [kind]
    problem = found[0]
    assert problem.node == f"flow.{node}"
    words = f"{problem.message} {problem.hint}"
    for part in says:
        assert part in words
    assert script(body).split("\n")[problem.line - 1].strip().startswith(line)


GOOD = [
    "pass",
    "a = source.constant()\nb = maths.scale(a, factor=2)\nc = show.number(b)",
    "x = source.constant()\nif x:\n    a = x\nelse:\n    a = 2.0\nb = maths.absolute(a)",
    "x = source.constant()\nif x:\n    a = maths.absolute(x)\n    b = maths.absolute(a)",
    "t = 0.0\nfor i in timing.count(3):\n    n = maths.add(t, i)\n    t = n\na = maths.absolute(t)",
    "r = collect.List()\nfor i in timing.count(3):\n    r.add(i)\nv = r.result()\nm = maths.mean(v)",
    "a = maths.scale(math.pi)\nb = print(a)\nc = [n ** 2 for n in range(3)]",
    "for i in timing.count(3):\n    try:\n        v = 1 / i\n    except ZeroDivisionError:\n        v = 0.0",
    "low = dsp.Lowpass(order=2)\nfor i in timing.count(2):\n    s = source.sine(i)\n    c = low(s, cutoff=3)",
    "w = source.sine(0)\np = dsp.spectrum(w)\nq = dsp.peak(p.frequency, p.amplitude)\nn = show.number(q.x)",
    "w = source.sine(0)\nu = len(w.unit)",
    "k = 3\nf = lambda x: x + k\na = f(2)",
    "k = 3\na = max([1, 2], key=lambda x: x - k)\nk = a",
    "for i in timing.count(3):\n    f = lambda x: x + i\n    a = f(2)",
    "k = 3\nfor a, b in [(1, 2)]:\n    c = maths.add(a, b, k)",
    "x = source.constant()\nif (n := x + 2) > 2:\n    a = maths.absolute(n)\nelse:\n    a = n\nb = maths.add(a, n)",
    "if any((hit := x) > 1 for x in [1, 2]):\n    print(hit)",
    "for i in range(3):\n    a = i\nelse:\n    b = i\nc = maths.scale(b)",
    "try:\n    a = 1 / 0\nexcept ZeroDivisionError:\n    a = 2.0\nfinally:\n    b = a\nc = maths.scale(b)",
    "fs = []\nfor i in timing.count(3):\n    fs.append(lambda i=i: i)",
    "fs = []\nfor i in timing.count(3):\n    fs.append(sorted([2, 1], key=lambda n: n * i))",
    "k = 2\nfs = []\nfor i in timing.count(3):\n    fs.append(lambda n: n * k)",
    "for i in timing.count(3):\n    fs = []\n    for j in range(3):\n        fs.append(lambda: i)",
    "def names():\n    k = 1\n    return locals()\na = names()",
    "class Point:\n    x = 1\na = vars(Point)\nb = dir(Point)",
    "def vars():\n    return 1\na = vars()",
    "if True:\n    a: int = 1\n    while a < 3:\n        b = a\n        a += b",
]


@pytest.mark.parametrize("body", GOOD)
def test_a_flow_that_runs_has_no_problem(body):
    assert problems_of(body) == ()


def test_a_name_of_the_file_may_stand_for_something_else_in_a_flow():
    found = problems_of("import math\na = math.sqrt(4.0)\nb = maths.scale(a)")
    assert [(p.kind, p.severity) for p in found] == [("shadow", "warning")]
    found = problems_of("b = maths.scale(2.0)\nmaths = source.constant()")
    assert [(p.kind, p.severity) for p in found] == [("order", "error"), ("shadow", "warning")], "unbound in Python"


def test_every_example_is_without_problems():
    for path in sorted(EXAMPLES.glob("*.py")):
        assert check(read(path.read_text()), CATALOG, EXAMPLES) == ()


def test_two_flows_are_not_wired_straight():
    text = HEAD + "\ndef one():\n    a = source.constant()\n\n\ndef two():\n    b = maths.absolute(a)\n"
    found = check(read(text + "\n\nflodesk.x = 1\nif __name__ == '__main__':\n    flodesk.main(one, two)\n"), CATALOG)
    assert [(p.kind, p.node) for p in found] == [("two-loops", "two.b")]
    assert "“a” of “one”" in found[0].message
    assert "queue" in found[0].hint


def test_a_flow_may_be_a_node_of_another_and_a_queue_of_python_is_none():
    before = "jobs = queue.Queue()\n\n\ndef other():\n    a = source.constant()\n"
    tail = "\n\nif __name__ == '__main__':\n    flodesk.main(flow, other)\n"
    text = (
        f"{HEAD}{before}\n\ndef flow():\n    b = other()\n    for job in jobs:\n        c = maths.absolute(job)\n{tail}"
    )
    found = check(read(text), CATALOG)
    assert [(p.kind, p.node) for p in found] == [("queue", "flow.job")]
    assert "“jobs”, a queue.Queue" in found[0].message


def test_functions_of_the_file_are_checked_like_ours():
    before = "def half(x: float, by: float = 2.0) -> float:\n    return x / by\n"
    assert problems_of("a = half(3.0)\nb = half(a, by=1)", before) == ()
    assert [p.kind for p in problems_of("a = half()\nb = half(1.0, times=3)", before)] == ["open-input", "keyword"]


SUBFLOWS = """def grown(x, by=2.0):
    big = maths.scale(x, factr=by)
    return big


def twice(x):
    once = grown(x)
    again = grown(once)
    return again
"""


def test_an_error_in_a_subflow_is_told_there_and_at_every_node_that_leads_to_it():
    found = problems_of("a = twice(3.0)\nb = maths.absolute(a)", SUBFLOWS)
    assert [(p.kind, p.node, p.severity) for p in found] == [
        ("keyword", "grown.big", "error"),
        ("subflow", "twice.once", "error"),
        ("subflow", "twice.again", "error"),
        ("subflow", "flow.a", "error"),
    ]
    assert "“a” goes through “twice”, which cannot run: “big”: scale has no parameter “factr”." in found[3].message
    assert problems_of("a = twice(3.0)", SUBFLOWS.replace("factr", "factor")) == ()
    assert problems_of("a = maths.absolute(3.0)", SUBFLOWS) == (), "nobody calls it"


def test_what_a_script_may_do_on_purpose_is_a_warning_in_a_subflow():
    before = "def last(n):\n    for k in timing.count(n):\n        y = maths.absolute(k)\n    return y\n"
    found = problems_of("a = last(3)", before)
    assert [(p.kind, p.node, p.severity) for p in found] == [("after-loop", "last.return", "warning")]


def test_functions_beside_the_file_have_ports_and_are_checked(tmp_path):
    (tmp_path / "flo_filters.py").write_text("def clean(x: float, by: float = 2.0) -> float:\n    return x / by\n")
    flow = read(script("a = clean(3.0)\nb = clean(a, bye=2)\nc = clene(a)", "from flo_filters import clean, clene\n"))
    found = check(flow, CATALOG, tmp_path)
    assert [(p.kind, p.node) for p in found] == [("keyword", "flow.b"), ("unknown-node", "flow.c")]
    assert (found[1].hint, found[1].message) == (
        "Did you mean “clean”?", "“c” calls flo_filters.clene, but flo_filters.py defines no “clene”.",
    )  # fmt: skip
    box = picture(flow, CATALOG.with_flow(flow, tmp_path), "flow").nodes["a"]
    assert [port.name for port in box.inputs] == ["x"]
    assert [(port.name, port.type) for port in box.outputs] == [("", "number")]
    (tmp_path / "flo_filters.py").write_text("def clean(x:\n")
    # what it defined before is still known: cards keep their ports until it is mended
    assert {(p.kind, p.node) for p in check(flow, CATALOG, tmp_path)} == {
        ("broken-pack", "flow.a"), ("broken-pack", "flow.b"), ("broken-pack", "flow.c"), ("keyword", "flow.b"),
    }  # fmt: skip


@pytest.fixture
def with_pip(monkeypatch):
    monkeypatch.setattr("flodesk.flow.installing.in_terminal", lambda package: f"pip install {package}")


def test_missing_packages_say_how_to_install_them(with_pip):
    found = problems_of("a = flo_no_such.thing(1)", "import flo_no_such\n")
    assert [(p.kind, p.severity, p.node) for p in found] == [
        ("missing-package", "warning", ""), ("missing-package", "warning", "flow.a"),
    ]  # fmt: skip
    assert found[1].hint == "In a terminal: pip install flo_no_such, or put flo_no_such.py beside this file"
    sure = check(read(script("pass", "import flo_no_such\n")), CATALOG, EXAMPLES)
    assert [p.severity for p in sure] == ["error"]


def test_a_module_beside_the_file_is_not_missing(tmp_path):
    (tmp_path / "flo_helpers.py").write_text("def thing(x):\n    return x\n")
    flow = read(script("a = flo_helpers.thing(1)", "import flo_helpers\n"))
    assert check(flow, CATALOG, tmp_path) == ()
    assert [p.severity for p in check(flow, CATALOG, tmp_path.parent)] == ["error", "error"]


def test_a_node_whose_package_is_missing(tmp_path, monkeypatch, with_pip):
    pack = tmp_path / "flo_pack_with_needs"
    pack.mkdir()
    (pack / "__init__.py").write_text("")
    (pack / "lab.py").write_text("def read() -> float:\n    import flo_no_such\n    return flo_no_such.read()\n")
    monkeypatch.syspath_prepend(tmp_path)
    catalog = CATALOG.plus(of_package("flo_pack_with_needs").specs.values())
    flow = read(script("a = lab.read()", "from flo_pack_with_needs import lab\n"))
    assert [(p.kind, p.node, p.hint) for p in check(flow, catalog)] == [
        ("missing-package", "flow.a", "In a terminal: pip install flo_no_such")
    ]


def test_a_shelf_that_could_not_be_loaded():
    specs = {path: spec for path, spec in CATALOG.specs.items() if ".dsp." not in path}
    broken = Catalog(specs, {"flodesk.nodes.dsp": "ImportError: no scipy here"})
    found = check(read(script("a = source.sine(0)\nb = dsp.rms(a)")), broken)
    assert [(p.kind, p.node) for p in found] == [("broken-pack", "flow.b")]
    assert "no scipy here" in found[0].message


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", "no-flow", "defines no function"),
        ("import math\nprint(math.pi)\n", "no-flow", "defines no function"),
        ("def f():\n    pass\n", "no-flow", "flodesk.main(f)"),
        (
            'import flodesk\n\n\ndef flow():\n    pass\n\n\nif __name__ == "__main__":\n    flodesk.main(flo)\n',
            "main", "Did you mean “flow”?",
        ),
        (
            'import flodesk\n\n\ndef flow(rate):\n    pass\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n',
            "main", "parameter “rate”",
        ),
    ],
)  # fmt: skip
def test_what_can_be_wrong_with_the_whole(text, kind, says):
    found = check(read(text), CATALOG)
    assert [p.kind for p in found] == [kind]
    assert says in f"{found[0].message} {found[0].hint}"


@pytest.mark.parametrize(
    ("options", "says", "hint"),
    [
        ('as = "show.guage"', "“show.guage”, and there is none of that name", "Did you mean “show.gauge”?"),
        ("as = 3", "“3”, and there is none", "It has the form of its node; choose another by Show as."),
        ('as = "show.gauge", maximum = "much"', 'maximum = "much", which is passed over', "It should be a number."),
        ('as = "show.lamp", shape = "heart"', 'shape = "heart"', "It should be one of round, square, label."),
    ],
)
def test_a_view_that_asks_for_what_there_is_not_is_a_warning(options, says, hint):
    view = f"chart = {{ at = [0, 0, 4, 4], options = {{ {options} }} }}"
    header = f"# /// script\n# [tool.flodesk.panel.flow]\n# {view}\n# ///\n"
    found = check(read(header + script("chart = show.text(3)")), CATALOG)
    assert [(p.kind, p.severity, p.hint) for p in found] == [("form", "warning", hint)]
    assert says in found[0].message


def test_a_view_of_nothing_is_a_warning():
    header = "# /// script\n# [tool.flodesk.panel.flow]\n# chrt = [0, 0, 4, 4]\n# ///\n"
    found = check(read(header + script("chart = show.text(3)")), CATALOG)
    assert [(p.kind, p.severity, p.hint) for p in found] == [("view", "warning", "Did you mean “chart”?")]
    assert list(errors(found)) == []


def test_a_line_of_the_panel_that_is_none_is_a_warning():
    header = '# /// script\n# [tool.flodesk.panel.flow]\n# chart = "nonsense"\n# ///\n'
    found = check(read(header + script("chart = show.text(3)")), CATALOG)
    assert [(p.kind, p.severity, p.line) for p in found] == [("line", "warning", 3)]


def test_a_view_whose_place_is_none_is_a_warning():
    header = "# /// script\n# [tool.flodesk.panel.flow]\n# chart = [0, 0, 13, 4]\n# ///\n"
    found = check(read(header + script("chart = show.text(3)")), CATALOG)
    assert [(p.kind, p.severity, p.line) for p in found] == [("view-place", "warning", 3)]


@pytest.mark.parametrize(
    ("line", "says", "hint"),
    [
        ('on_error = "rejct"', "on_error = “rejct”", "Did you mean “reject”?"),
        ('on_error = "ignore"', "none of the choices", "Use “stop”, “reject” or “continue”."),
        ("on_error = true", "on_error = true", "Use “stop”, “reject” or “continue”."),
        ("backoff = -1", "backoff = -1", "not below 0"),
        ('backoff = "1 s"', "no time in seconds", "not below 0"),
        ("backoff = inf", "no time in seconds", "not below 0"),
    ],
)
def test_what_the_header_says_about_errors(line, says, hint):
    header = f"# /// script\n# [tool.flodesk]\n# {line}\n# ///\n"
    found = check(read(header + script("chart = show.text(3)")), CATALOG)
    assert [(p.kind, p.severity) for p in found] == [("header", "error")]
    assert says in found[0].message
    assert hint in found[0].hint


@pytest.mark.parametrize("line", ['on_error = "stop"', 'on_error = "reject"', 'on_error = "continue"', "backoff = 0"])
def test_what_the_header_may_say_about_errors(line):
    header = f"# /// script\n# [tool.flodesk]\n# {line}\n# ///\n"
    assert check(read(header + script("chart = show.text(3)")), CATALOG) == ()


def test_two_nodes_of_one_name():
    flow = read(script("a = source.constant()\nb = source.constant()"))
    function = flow.functions["flow"]
    first, second = function.body.statements
    body = replace(function.body, statements=(first, replace(second, id="a", name="c", raw=None)))
    module = replace(
        flow.module, statements=tuple(replace(s, body=body) if s is function else s for s in flow.module.statements)
    )
    found = check(replace(flow, module=module), CATALOG)
    assert {problem.kind for problem in found} == {"duplicate"}
    assert "Rename" in found[0].hint


def test_a_message_calls_a_box_as_the_canvas_does():
    found = problems_of("last = collect.Last()\nfor i in timing.count(3):\n    last.add()\nend = last.result()")
    assert [(p.node, p.message.partition(" is open")[0]) for p in found] == [
        ("flow.last", "The input “value” of “last”")
    ]
    found = problems_of("last = collect.Last()\nfor i in timing.count(3):\n    last.add(nothing)\nend = last.result()")
    assert "“last” reads it" in found[0].message


PLACED = """
level = control.slider(1.0)
mean = statistics.RunningMean(window=3)
for i in timing.count(3):
    a = maths.absolute(i)
    smooth = mean(a)
    lamp = show.lamp(a)
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('a = "proces"', "“a” is to run in “proces”, and there is no such place. Did you mean “process”?"),
        ('gone = "process"', "“flow” has no such node"),
        ('level = "process"', "“level” cannot run in “process”: a control is set by hand"),
        ('lamp = "process"', "“lamp” cannot run in “process”: an indicator shows"),
        ('i = "process"', "“i” cannot run in “process”: a producer drives its loop"),
        ('a = "process"', ""),
        ('mean = "process"', ""),
        ('a = "local"', ""),
    ],
)
def test_places_that_cannot_be(line, said):
    header = f"# /// script\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.places.flow]\n# {line}\n# ///\n"
    found = check(read(header + script(PLACED)), CATALOG)
    assert [problem.kind for problem in found] == ["place"] * bool(said)
    assert all(said in f"{problem.message} {problem.hint}" for problem in found)


def test_names_may_come_from_a_star_import():
    assert problems_of("a = maths.absolute(somewhere)", "from math import *\n") == ()


def test_every_problem_points_into_the_picture_and_speaks_in_sentences():
    for _, _, _, body, _ in CASES:
        flow = read(script(body))
        boxes = picture(flow, CATALOG, "flow").nodes
        for problem in check(flow, CATALOG):
            assert problem.node.removeprefix("flow.") in boxes
            assert re.fullmatch(r".*[.?!]", problem.message), problem.message
            assert problem.hint


def test_every_kind_of_problem_has_a_test():
    here = Path(__file__).read_text()
    kinds = set(get_args(problem_module.Kind)) - {"syntax", "condition", "unread"}  # the last two are the window's
    assert [kind for kind in sorted(kinds) if f'"{kind}"' not in here] == []


def test_what_cannot_run_beside_its_loop_is_said_at_its_node():
    head = "# /// script\n# [tool.flodesk]\n# version = 1\n#\n# [tool.flodesk.detached.flow]\n# i = 4\n# ///\n"
    found = check(read(head + script("for i in timing.count(3):\n    a = maths.absolute(i)")), CATALOG)
    assert [(p.kind, p.node, p.severity) for p in found] == [("detached", "flow.i", "error")]
    assert "it stands in none" in found[0].message
