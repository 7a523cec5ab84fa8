"""The flows that are measured, as the scripts that they are, and the same as graphs for programs that want those."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import types
from collections.abc import Callable
from typing import Any, NamedTuple

MAIN = '\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
TRIVIAL = """import flodesk


def one():
    return 1


def inc(x, by=1):
    return x + by


def add(a, b):
    return (a + b) & 0xFFFF


def small(x):
    return x < 1_000_000


def count(n=1000):
    yield from range(n)


"""


def flow(lines: list[str], top: str = TRIVIAL, inside: str = "") -> str:
    """Return a flow of these lines, all of them in a loop or a switch if `inside` opens one."""
    depth = "\n        " if inside else "\n    "
    return top + "def flow():" + (f"\n    {inside}" if inside else "") + depth + depth.join(lines) + MAIN


def chain(nodes: int = 100) -> str:
    """Return nodes in a row."""
    return flow(["v0 = one()", *(f"v{n} = inc(v{n - 1})" for n in range(1, nodes))])


def layers(depth: int = 20, width: int = 50) -> str:
    """Return a layered graph: each node reads two of the layer before."""
    lines = [f"v0_{n} = one()" for n in range(width)]
    for row in range(1, depth):
        lines += [f"v{row}_{n} = add(v{row - 1}_{n}, v{row - 1}_{(7 * n + row) % width})" for n in range(width)]
    return flow(lines)


def subflows(calls: int = 100) -> str:
    """Return calls in a row of a subflow of two nodes."""
    top = TRIVIAL + "def two(x):\n    a = inc(x)\n    b = inc(a)\n    return b\n\n\n"
    return flow(["v0 = one()", *(f"v{n} = two(v{n - 1})" for n in range(1, calls + 1))], top)


TURNS = 2000
THREE = flow(["a = inc(k)", "b = inc(a)", "c = add(a, b)"], inside=f"for k in count({TURNS}):")
"""A loop of three trivial nodes."""

IN_REGION = 20
IN_LOOP = flow(
    ["v0 = inc(k)", *(f"v{n} = inc(v{n - 1})" for n in range(1, IN_REGION))], inside=f"for k in count({TURNS // 10}):"
)


def switches(count: int, nodes: int) -> str:
    """Return switches in a row, with so many nodes in the arm that is taken."""
    lines = ["v = one()", "ok = small(v)"]
    for number in range(count):
        taken = [f"    v{number}_0 = inc(v)", *(f"    v{number}_{n} = inc(v{number}_{n - 1})" for n in range(1, nodes))]
        lines += ["if ok:", *taken, "else:", f"    v{number}_{nodes - 1} = one()"]
    return flow(lines)


SIGNAL = """import flodesk
import numpy as np
from scipy import signal

N, RATE = 1_000_000, 48_000.0
SOS = signal.butter(4, 5000, fs=RATE, output="sos")


def times():
    return np.arange(N) / RATE


def sine(t, frequency, height):
    return height * np.sin(2 * np.pi * frequency * t)


def noise(t):
    return np.random.default_rng(7).standard_normal(t.size) * 0.1


def add(a, b):
    return a + b


def gain(a):
    return a * 1.7


def lowpass(a):
    return signal.sosfilt(SOS, a)


def spectrum(a):
    return np.fft.rfft(a)


def magnitude(a):
    return np.abs(a)


def peak(a):
    return int(a.argmax())


def summary(a):
    return float(a.mean()), float(a.std()), float(a.min()), float(a.max())


def flow():
    t = times()
    low = sine(t, 440.0, 1.0)
    high = sine(t, 9000.0, 0.5)
    hiss = noise(t)
    both = add(low, high)
    noisy = add(both, hiss)
    loud = gain(noisy)
    clean = lowpass(loud)
    lines = spectrum(clean)
    heights = magnitude(lines)
    top = peak(heights)
    facts = summary(clean)
"""
"""Twelve NumPy nodes on a million samples."""

STREAM = """import flodesk
import numpy as np

T = np.arange(1000) / 1000.0


def count():
    yield from range(200)


def sine(k):
    return np.sin(2 * np.pi * 5.0 * (T + k))


def noise(k):
    return np.random.default_rng(k).standard_normal(1000)


def add(a, b):
    return a + b


def window(a):
    return a * np.hanning(1000)


def rms(a):
    return float(np.sqrt(np.mean(a * a)))


def flow():
    for k in count():
        a = sine(k)
        b = noise(k)
        c = add(a, b)
        d = window(c)
        e = rms(d)
"""
"""Blocks of a thousand samples through five nodes."""

LIVE = """import flodesk
from flodesk.nodes import dsp, maths, show, source, timing


def flow():
    lowpass = dsp.Lowpass(order=4)
    recent = dsp.Tail(span=2.0)
    for tick in timing.count(50):
        signal = source.sine(tick, frequency=5.0, samples=1000, rate=1000.0, unit="V")
        hiss = source.noise(tick, level=0.3, samples=1000, rate=1000.0, unit="V")
        noisy = maths.add(signal, hiss)
        clean = lowpass(noisy, cutoff=20.0)
        both = recent(noisy, clean)
        chart = show.line(both, title="Before and after", names="noisy, clean")
        left = dsp.rms(clean)
        meter = show.number(left, title="Level", unit="V", digits=3)
"""
"""A turn of a live flow: nodes of ours, objects with a state and indicators among them."""

SEVEN = (
    """import flodesk
from flodesk.nodes import maths, show, source


def flow():
    signal = source.sine(0, frequency=5.0, samples=1000, rate=1000.0)
    hiss = source.noise(0, level=0.3, samples=1000, rate=1000.0)
    offset = source.constant(2.0)
    noisy = maths.add(signal, hiss)
    lifted = maths.multiply(noisy, offset)
    chart = show.line(lifted)
    level = show.number(offset)
"""
    + MAIN
)
"""Seven nodes from sources to indicators, as in the default app of Flojoy Studio."""


class Node(NamedTuple):
    """A node of a graph: its function, and of each argument the name of a node or a literal."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[tuple[str, Any], ...]

    @property
    def reads(self) -> list[str]:
        """The nodes that it reads."""
        return [name for name, _ in self.arguments if name]

    @property
    def call(self) -> Callable[..., Any]:
        """Its function with the literals filled in: it takes what `reads` names."""
        if all(name for name, _ in self.arguments):
            return self.function
        function, arguments = self.function, self.arguments

        def filled(*values: Any) -> Any:
            given = iter(values)
            return function(*[next(given) if name else literal for name, literal in arguments])

        return filled


def graph(text: str) -> tuple[Callable[[], Any], list[Node]]:
    """Return the plain function of a flow without regions, and its nodes."""
    if importlib.util.find_spec("flodesk") is None:
        sys.modules["flodesk"] = types.ModuleType("flodesk")
    # of the name hangs that processes elsewhere are sent the functions themselves
    space: dict[str, Any] = {"__name__": "__main__"}
    text = text.removesuffix(MAIN)
    exec(compile(text, "workload", "exec"), space)
    body = next(s for s in ast.parse(text).body if isinstance(s, ast.FunctionDef) and s.name == "flow").body
    nodes = []
    for line in body:
        assert isinstance(line, ast.Assign)
        target, call = line.targets[0], line.value
        assert isinstance(target, ast.Name)
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        arguments = tuple((a.id, None) if isinstance(a, ast.Name) else ("", ast.literal_eval(a)) for a in call.args)
        nodes.append(Node(target.id, space[call.func.id], arguments))
    return space["flow"], nodes


def with_del(text: str) -> str:
    """Return the script with a ``del`` after the last reader of each value: what a careful hand would write."""
    head, _, body = text.removesuffix(MAIN).partition("def flow():\n")
    lines = body.rstrip().splitlines()
    last = {}
    for number, line in enumerate(lines):
        name, _, value = line.strip().partition(" = ")
        last[name] = number
        for node in ast.walk(ast.parse(value, mode="eval")):
            if isinstance(node, ast.Name) and node.id in last:
                last[node.id] = number
    made = []
    for number, line in enumerate(lines):
        made.append(line)
        if gone := [name for name, where in last.items() if where == number]:
            made.append(f"    del {', '.join(gone)}")
    return head + "def flow():\n" + "\n".join(made) + "\n"


def marked(text: str) -> str:
    """Return a flow whose functions say that they are pure."""
    return re.sub(r"^def (?!flow)", "@flodesk.node(pure=True)\ndef ", text, flags=re.MULTILINE)


_TURNS = """import flodesk
import numpy as np
from scipy import signal

SOS = signal.butter(4, 5000, fs=48000.0, output="sos")
NOISE = np.random.default_rng(7).standard_normal(SIZE)


def low(x, k):
    return WORK


def high(x, k):
    return WORK


def both(a, b):
    return a + b


def flow():
    for k in range(TURNS):
        a = low(NOISE, k)
        b = high(NOISE, k)
        c = both(a, b)
"""


def _turns(size: int, work: str, turns: int) -> str:
    return _TURNS.replace("SIZE", str(size)).replace("WORK", work).replace("TURNS", str(turns))


FILTERS = _turns(200_000, "signal.sosfilt(SOS, x)", 40)
SMALL = _turns(10_000, "x + k", 2000)
SPINNING = _turns(10, "sum(i * k for i in range(30_000))", 40)

HUNDRED = """import flodesk


def add(a, b):
    return a + b


def flow():
    v0 = add(1, 2)
""" + "".join(f"    v{n} = add(v{n // 2}, {n})\n" for n in range(1, 100))
