"""Any Python becomes nodes: imports, definitions, names that are here already, and texts that are none."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flodesk.flow import wiring
from flodesk.flow.catalog import Catalog
from flodesk.flow.graph import picture
from flodesk.flow.model import Flow
from flodesk.flow.script import read, write
from flodesk.flow.wiring import Refused

CATALOG = Catalog.builtin()
HERE = """\
import flodesk
from flodesk.nodes import maths, source


def double(x):
    return x * 2


def flow():
    signal = source.constant(5.0)
    noisy = maths.add(signal, 1.0)
    twice = double(noisy)


if __name__ == "__main__":
    flodesk.main(flow)
"""
EMPTY = 'import flodesk\n\n\ndef flow():\n    pass\n\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'


def pasted(text: str, into: str = HERE) -> tuple[Flow, tuple[str, ...]]:
    """Paste, and see to what holds for every paste: it is one step that undo takes back, and a file as it is read."""
    flow = read(into)
    edit, ids = wiring.paste(flow, CATALOG, "flow", text, (0.0, 0.0))
    new, inverse = edit.apply(flow)
    assert read(write(new)) == new
    assert write(inverse.apply(new)[0]) == into
    assert set(new.header.canvas.get("flow", {})) >= {name for name in ids if "." not in name}
    return new, ids


def script(flow: Flow) -> str:
    return "".join(line for line in write(flow).splitlines(keepends=True) if not line.startswith("#"))


def test_what_is_imported_and_named_in_code_is_imported_here() -> None:
    new, _ = pasted("import numpy as np\nimport scipy.signal\ny = np.pi * 2\nz = np.abs(noisy) + y\n")
    assert "import numpy as np\n" in write(new)
    assert "import scipy" not in write(new), "nobody uses it"
    assert "    y = np.pi * 2\n    z = np.abs(noisy) + y\n" in write(new)
    wires = {(w.source[0], w.target[1]) for w in picture(new, CATALOG).wires}
    assert ("noisy", "noisy") in wires


def test_a_package_keeps_the_name_that_the_text_gives_it() -> None:
    new, _ = pasted(
        "import pandas as pd\nimport scipy.signal\ndf = pd.read_csv('x.csv')\ny = scipy.signal.detrend(df)\n"
    )
    assert "import pandas as pd\n" in write(new)
    assert "import scipy.signal\n" in write(new)
    assert "df = pd.read_csv('x.csv')" in write(new)


def test_our_own_types_are_imported_as_this_file_does() -> None:
    new, _ = pasted("from flodesk.nodes import maths as m\ny = m.add(noisy, 2.0)\n")
    assert "    y = maths.add(noisy, 2.0)\n" in write(new)
    assert write(new).count("import") == HERE.count("import")


def test_functions_come_to_the_top_of_the_file_and_are_called() -> None:
    new, ids = pasted("import math\n\n# of a circle\ndef area(r: float) -> float:\n    return math.pi * r**2\n")
    assert ids == ("area_1",)
    assert "import math\n" in write(new)
    assert "# of a circle\ndef area(r: float) -> float:\n    return math.pi * r**2\n\n\ndef double" in write(new)
    assert "    area_1 = area()\n" in write(new)
    assert picture(new, CATALOG).nodes["area_1"].inputs[0].required


def test_what_functions_read_stays_with_them() -> None:
    new, ids = pasted("K = 3\nM = K + 1\n\ndef f(x):\n    return x * M\n\ny = f(signal)\n")
    assert ids == ("y",)
    assert script(new).index("K = 3\n") < script(new).index("M = K + 1\n") < script(new).index("def f(x):")


def test_a_function_that_is_here_already_is_not_defined_twice() -> None:
    new, _ = pasted("def double(x):\n    return x * 2\n\nmore = double(signal)\n")
    assert write(new).count("def double") == 1
    assert "    more = double(signal)\n" in write(new)


def test_a_function_whose_name_is_taken_gets_another() -> None:
    new, _ = pasted("def double(x):\n    return x * 3\n\ndef f(x):\n    return double(x)\n\nmore = f(double(signal))\n")
    assert "def double_2(x):\n    return x * 3\n" in write(new)
    assert "    return double_2(x)\n" in write(new)
    assert "more = f(double_2(signal))" in write(new)


def test_a_class_whose_name_is_taken_gets_another() -> None:
    made = "class double:\n    def __call__(self, x):\n        return x\n\n"
    new, _ = pasted(f"{made}def f(x: double) -> double:\n    return x\n\ny = double()\nz = f(y)\n")
    assert "class double_2:\n" in write(new)
    assert "def f(x: double_2) -> double_2:\n" in write(new)
    assert "    y = double_2()\n" in write(new)
    with pytest.raises(Refused, match="“double” is something else here"):
        pasted("class double:\n    double = 3\n    more = double\n\ny = double()\n")


def test_an_import_whose_name_is_taken_gets_another() -> None:
    new, _ = pasted("from math import pi as signal\ny = signal * 2\n")
    assert "from math import pi as signal_2\n" in write(new)
    assert "    y = signal_2 * 2\n" in write(new)


def test_many_definitions_alone_are_no_nodes() -> None:
    text = "".join(f"def f{n}(x):\n    return x + {n}\n\n\n" for n in range(9))
    new, ids = pasted(text)
    assert ids == ()
    assert len(new.functions) == 11


def test_a_name_that_is_bound_again_becomes_a_node_of_its_own() -> None:
    new, _ = pasted("noisy = noisy * 2\nk = maths.add(noisy, 1)\nnoisy = double(noisy)\nprint(noisy)\n")
    assert "    noisy_2 = noisy * 2\n    k = maths.add(noisy_2, 1)\n" in script(new)
    assert "    noisy_3 = double(noisy_2)\n    print(noisy_3)\n" in script(new)


def test_what_a_loop_binds_again_starts_with_the_value_from_here() -> None:
    new, _ = pasted("for k in range(3):\n    total = maths.add(noisy, k)\n    noisy = total\nprint(noisy)\n")
    kinds = {node.kind for node in picture(new, CATALOG).nodes.values()}
    assert "feedback" in kinds
    assert "    noisy_2 = noisy\n    for k in range(3):\n" in write(new)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("    x = signal\n    y = maths.add(x, 2)\n", "    y = maths.add(x, 2)\n"),
        ("x = 4\n        y = maths.add(x, 2)\n", "    y = maths.add(x, 2)\n"),
        (">>> x = 4\n>>> maths.add(x,\n...     2)\n6\n", "    maths.add(x,\n"),
        ("12.5", "    value = 12.5\n"),
        ("signal + 1", "    value = signal + 1\n"),
        ("x = 3\nx\n", "    x = 3\n"),
        ("x = 3\r\ny = x + 1\r\n", "    y = x + 1\n"),
        ("if __name__ == '__main__':\n    q = 3\n    print(q)\n", "    q = 3\n    print(q)\n"),
        ("x = 3\nreturn x\n", "    x = 3\n"),
        ("y = await fetch(signal)\n", "    y = await fetch(signal)\n"),
    ],
)
def test_texts_as_hands_copy_them(text: str, line: str) -> None:
    new, _ = pasted(text)
    assert line in write(new)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear Sir or Madam, thank you", "no Python.*“Dear Sir or Madam, thank you”"),
        ("a = 1\nb = = 3\n", "line 2, “b = = 3”"),
        ("", "no node"),
        ("hello", "no node"),
        ("import os\n", "no node"),
        ("def double(x):\n    return x * 2\n\ndef f(:\n", "line 4"),
    ],
)
def test_what_is_no_python_is_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        pasted(text)


def test_copied_nodes_take_along_what_they_call() -> None:
    flow = read(HERE)
    text = wiring.copy(flow, picture(flow, CATALOG), ["twice", "noisy"])
    assert "def double(x):\n    return x * 2\n" in text
    elsewhere, ids = pasted(text, EMPTY)
    assert ids == ("noisy", "twice")
    assert "def double(x):\n    return x * 2\n" in write(elsewhere)
    again, _ = pasted(text)
    assert write(again).count("def double") == 1
    assert "    twice_2 = double(noisy_2)\n" in write(again)


def test_a_whole_flow_file_can_be_pasted() -> None:
    text = HERE.replace("main(flow)", "main(flow, other)").replace(
        "if __name__", "def other():\n    five = source.constant(5.0)\n\n\ndef unused():\n    pass\n\n\nif __name__"
    )
    new, ids = pasted(text)
    assert "twice_2" in ids
    assert any(name.endswith(".five") for name in ids)
    assert len(new.mains) == 2
    assert "unused" not in write(new)


# ------------------------------------------------------------------ the same values
PLAIN = ("a = 1", "b = 2", "a = a + b", "b = add(a, b)", "a = add(b, 3)", "b = -a", "a += 1", "add(a, b)", "a * b")
DEFINED = (
    "def add(x, y):\n    return x + y",
    "K = 4",
    "def more(x):\n    return add(x, K)",
    "b = more(a)",
    "K = K + 1",
)
NESTED = ("for n in range(3):\n    a = add(a, n)", "if a > b:\n    b = a\nelse:\n    a = b", "c = [a, b]\na = c[0]")
LINES = st.lists(st.sampled_from([*PLAIN, *DEFINED, *NESTED]), max_size=8)
START = "a = 1\nb = 2\nK = 4\ndef add(x, y):\n    return x + y\ndef more(x):\n    return add(x, K)\n"


def printed(text: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "text", "exec"), {"__name__": "text"})
    return out.getvalue()


@settings(max_examples=15, deadline=None)
@given(lines=LINES)
def test_a_pasted_script_prints_what_it_printed(lines: list[str]) -> None:
    prints_the_same(lines)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(lines=LINES)
def test_many_pasted_scripts_print_what_they_printed(lines: list[str]) -> None:
    prints_the_same(lines)


def prints_the_same(lines: list[str]) -> None:
    text = START + "\n".join(lines) + "\nprint(a, b)\n"
    if "b = more(a)" in lines and "K = K + 1" in lines:
        return  # what a function reads is at the top, and so made before all else
    for into in (EMPTY, EMPTY.replace("    pass", "    a = abs(-7)\n    b = a + 1\n    n = 3")):
        new, _ = pasted(text, into)
        body = write(new).partition("if __name__")[0]
        assert printed(f"{body}\nflow()\n") == printed(text)
