"""The script is the specification: the engine calls what the script calls, in the same order, with the same values."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

HEAD = """
import collections
import math
import flodesk

log = []
Parts = collections.namedtuple("Parts", "low high")


def note(name, *values, **named):
    log.append((name, values, sorted(named.items())))
    return sum(v for v in [*values, *named.values()] if isinstance(v, int)) % 97


def split(x):
    log.append(("split", x))
    return Parts(x // 2, x - x // 2)


def grow(k, rows):
    rows.append(k)
    log.append(("grow", k, list(rows)))
    return len(rows)


def boom(x):
    log.append(("boom", x))
    raise RuntimeError("no")


def even(x):
    log.append(("even", x))
    return x % 2 == 0


def upto(n, start=0):
    log.append(("upto", n, start))
    try:
        for k in range(start, start + n % 5):
            yield k
    finally:
        log.append(("upto ended", n))


def pairs(n):
    for k in range(n % 4):
        yield k, k * n


class Mean:
    def __init__(self, window=3):
        log.append(("Mean", window))
        self.window, self.seen = window, []

    def __call__(self, x):
        self.seen = [*self.seen, x][-self.window:]
        log.append(("mean", x))
        return sum(self.seen)


count = 1
table = []
twisted = False


class box:
    pass


box = box()
box.n = 0


def bump(x=1):
    global count, twisted
    count += x
    box.n += 1
    twisted = count % 2
    table.append(count)
    return count


def turned(x):
    return x


def turn():
    global turned
    turned = even


rooms = []


class Room:
    def __init__(self):
        rooms.append(1)

    def __del__(self):
        rooms.clear()

    def key(self):
        return 7


def enter(key):
    log.append(("enter", key, list(rooms)))


class Rows:
    def __init__(self):
        self.rows = []

    def add(self, *x):
        self.rows.append(x)

    def result(self):
        log.append(("result", tuple(self.rows)))
        return len(self.rows)

"""
TAIL = """

if __name__ == "__main__":
    flodesk.main(flow)
"""


def flow(*lines: str) -> str:
    return HEAD + "\ndef flow():\n" + "\n".join(f"    {line}" for line in lines) + TAIL


CASE_TEXTS = """
# nothing
pass

# a chain
a = note('a', 1)
b = note('b', a)
c = note('c', a, b)
d = note('d', a, b, c)

# no argument
a = note('a')
b = dict()
c = note('c', 2)

# keywords
a = note('a', 1, x=2)
b = note('b', a, y=a, x=3)

# a field
p = split(9)
a = note('a', p.low)
b = note('b', p.high, x=p.low)

# an imported constant
a = note('a', math.pi)
b = note('b', x=math.e)

# a literal list is new each time
for k in upto(3):
    a = list.append([], k)
    b = note('b', [1, [2]], k)

# a loop
for k in upto(4):
    a = note('a', k)
    b = note('b', a, k)
c = note('c', 3)

# an empty loop
for k in upto(0):
    a = note('a', k)
c = note('c', 3)

# two targets
for i, j in pairs(7):
    a = note('a', i, j)

# wrong number of targets
for i, j in upto(3):
    a = note('a', i, j)

# a loop over a variable
rows = list((3, 4))
for r in rows:
    a = note('a', r)

# nested loops
for i in upto(3):
    a = note('a', i)
    for j in upto(a, start=i):
        b = note('b', i, j)
    c = note('c', a)
d = note('d', 1)

# loops one after the other
for i in upto(3):
    a = note('a', i)
for j in upto(2):
    b = note('b', j)

# a value from a loop
for i in upto(3):
    a = note('a', i)
b = note('b', a, i)

# a value from an empty loop
for i in upto(0):
    a = note('a', i)
b = note('b', a)

# a switch
for i in upto(4):
    e = even(i)
    if e:
        a = note('a', i)
        level = a
    else:
        b = note('b', i)
        level = b
    c = note('c', level)

# arms that bind by a call
e = even(3)
if e:
    a = note('x', 1)
else:
    a = note('y', 2)
b = note('b', a)

# elif
for i in upto(4):
    if i == 0:
        a = note('0', i)
    elif i == 1:
        a = note('1', i)
    elif i > 5:
        a = note('>5', i)
    else:
        a = note('else', i)
    b = note('b', a)

# no arm taken
e = even(3)
if e:
    a = note('a', 1)
b = note('b', 1)

# a name that no arm bound
e = even(3)
if e:
    a = note('a', 1)
b = note('b', a)

# a name that the arm of an earlier turn bound
for i in upto(4):
    e = even(i)
    if e:
        a = note('a', i)
    b = note('b', a)

# feedback, read before
total = 0
for i in upto(4):
    more = note('more', total, i)
    total = more
c = note('c', total)

# feedback, read after
total = 5
for i in upto(4):
    more = note('more', i)
    total = more
    c = note('c', total)

# feedback through two names
a = 1
b = 2
for i in upto(4):
    c = note('c', a, b)
    a = b
    b = c

# a node with state
m = Mean(window=2)
for i in upto(4):
    a = m(i)
    b = note('b', a)

# a node with state, made in its loop
for i in upto(3):
    m = Mean(window=2)
    a = m(i)
    b = m(a)

# a node with state, called twice
m = Mean()
a = m(1)
b = m(a)
c = note('c', a, b)

# a collector
rows = Rows()
for i in upto(4):
    rows.add(i)
n = rows.result()
c = note('c', n)

# a collector in a loop
for i in upto(3):
    rows = Rows()
    for j in upto(4):
        rows.add(i, j)
    n = rows.result()
    c = note('c', n)

# code
a = note('a', 2)
b = a * 3 + note('in', a)
c = note('c', b)

# code that binds perhaps
a = note('a', 2)
while a < 20:
    a += 7
    z = a
c = note('c', a, z)

# code that rebinds
t = 0
for i in upto(4):
    t += i
    b = note('b', t)
c = note('c', t)

# code with a name that is not bound
a = zz + 1

# code that reads a name before it is bound
a = b + 1
b = note('b', 1)

# try
try:
    a = boom(1)
except RuntimeError as error:
    a = note('caught', str(error))
b = note('b', a)

# a function in a flow
k = note('k', 3)
twice = lambda x: note('twice', x, k)
a = twice(4)

# a node that raises
a = note('a', 1)
b = boom(a)
c = note('c', b)

# a node that raises in a loop
for i in upto(3):
    a = note('a', i)
    b = boom(a)
c = note('c', 1)

# a node that raises in an arm
e = even(2)
if e:
    b = boom(1)
else:
    b = note('b', 1)

# a test that raises
e = even(2)
if e / 0:
    b = boom(1)

# a producer that is none
for i in note('a', 1):
    b = note('b', i)

# a wrong keyword
a = even(3, y=3)

# a missing argument
a = even()

# a copy
a = note('a', 1)
b = a
c = note('c', b)

# a value that is None
a = print
b = dict.get({1: 2}, 5)
c = note('c', b)

# a value of the turn before, and of this one
for i in upto(4):
    if i > 0:
        b = note('b', a)
    a = note('a', i)
    c = note('c', a)

# a literal list that its node changes
for k in upto(4):
    a = grow(k, [7])
    b = grow(a, rows=[[1, 2], 3])

# a name that only the arm not taken binds
for i in upto(4):
    e = even(i)
    if e:
        a = note('a', i)
    else:
        z = note('z', i)
    b = note('b', a)
    c = note('c', z)

# code that does not bind what it could
z = note('z', 1)
try:
    z = boom(2)
except RuntimeError:
    pass
c = note('c', z)

# a variable that is deleted
for i in upto(3):
    a = note('a', i)
    b = note('b', a)
    del a
c = note('c', 1)

# a variable that is read after it was deleted
a = note('a', 1)
del a
b = note('b', a)

# an object that ends something when it goes
r = Room()
k = r.key()
e = enter(k)

# a variable of the file that a node changes
a = note('a', count)
b = bump()
c = note('c', count, k=count)
for i in upto(3):
    d = bump(i)
    e = note('e', count, box.n)
    if twisted:
        f = note('f', i)
    g = count
    h = note('h', g)

# an object of the file that a node changes
for i in upto(3):
    a = bump()
    b = len(table)
    c = list.append(table, i)
    d = note('d', len(table), *table)
for x in table:
    e = note('e', x)

# a function of the file that is bound anew
a = turned(2)
b = turn()
c = turned(2)
d = note('d', a, c)

# a comprehension over variables
k = note('k', 3)
a = [k + j for j in range(k)]
b = note('b', *a)
"""


def cases() -> dict[str, list[str]]:
    found = {}
    for part in CASE_TEXTS.strip().split("\n\n"):
        name, *lines = part.split("\n")
        found[name.removeprefix("# ")] = lines
    return found


CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_a_flow_calls_what_its_script_calls(name: str, same) -> None:
    same(flow(*CASES[name]))


# ------------------------------------------------------------------ flows drawn at random
@st.composite
def blocks(
    draw: st.DrawFn,
    known: tuple[str, ...],
    depth: int,
    prefix: str,
    subflows: tuple[str, ...] = (),
    leave: tuple[str, ...] = (),
) -> tuple[list[str], tuple[str, ...]]:
    """Draw a block of statements over the variables that are bound; returns (lines, variables after it)."""
    lines: list[str] = []
    names = known
    for number in range(draw(st.integers(1, 4))):
        name = f"{prefix}{number}"
        arg = st.sampled_from([*names, "1", "2", "31"]) if names else st.sampled_from(["1", "2", "31"])
        kinds = ["call", "call", "call", "split", "state", "code", "copy", "loop", "switch", "fold"]
        kinds += ["leave"] * bool(leave)
        kind = draw(st.sampled_from([*kinds, *["subflow"] * (4 if subflows else 0)]))
        if kind in ("loop", "switch", "fold") and depth == 0:
            kind = "call"
        if kind == "call":
            given_ = [draw(arg) for _ in range(draw(st.integers(0, 4)))]
            named = [f"k={draw(arg)}"] if draw(st.booleans()) else []
            lines.append(f"{name} = note({', '.join([repr(name), *given_, *named])})")
        elif kind == "subflow":
            callee = draw(st.sampled_from(subflows))
            more = draw(st.sampled_from(["", f", {draw(arg)}", f", y={draw(arg)}", f", {draw(arg)}, 5, 6, z=8"]))
            lines.append(f"{name} = {callee}({draw(arg)}{more})")
        elif kind == "split":
            lines += [f"{name}p = split({draw(arg)})", f"{name} = note('s', {name}p.low, {name}p.high)"]
        elif kind == "state":
            lines += [f"{name}m = Mean(window={draw(st.integers(1, 3))})", f"{name}q = {name}m({draw(arg)})",
                      f"{name} = {name}m({name}q)"]  # fmt: skip
        elif kind == "code":
            lines.append(f"{name} = {draw(arg)} * 2 + {draw(arg)}")
        elif kind == "leave":
            how = draw(st.sampled_from(leave))
            value = draw(arg) if how == "return" else ""
            lines += [f"if {draw(arg)} % 5 == 1:", f"    {how} {value}".rstrip()]
            continue
        elif kind == "copy" and names:
            lines.append(f"{name} = {draw(st.sampled_from(names))}")
        elif kind == "loop":
            body, _ = draw(blocks((*names, f"{name}i"), depth - 1, f"{name}_", subflows, (*leave, "break", "continue")))
            lines += [f"{name}r = Rows()", f"for {name}i in upto({draw(arg)}):", *(f"    {b}" for b in body)]
            lines += [f"    {name}r.add({name}i)", f"{name} = {name}r.result()"]
        elif kind == "fold":
            body, inner = draw(
                blocks((*names, f"{name}i", name), depth - 1, f"{name}_", subflows, (*leave, "break", "continue"))
            )
            lines += [f"{name} = {draw(st.integers(0, 9))}", f"for {name}i in upto({draw(arg)}):"]
            lines += [*(f"    {b}" for b in body), f"    {name}x = note('x', {name}, {name}i)", f"    {name} = {name}x"]
        elif kind == "switch":
            lines.append(f"{name}e = even({draw(arg)})")
            for head, arm in ((f"if {name}e:", "t"), ("else:", "f")):
                body, inner = draw(blocks(names, depth - 1, f"{name}{arm}_", subflows, leave))
                lines += [head, *(f"    {b}" for b in body), f"    {name} = {draw(st.sampled_from(inner or ('1',)))}"]
        else:
            continue
        names = (*names, name)
    return lines or ["pass"], names


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks((), 2, "v", leave=("return",)))
@example((["a = note('a', 1)"], ("a",)))
def test_any_flow_calls_what_its_script_calls(same, drawn: tuple[list[str], tuple[str, ...]]) -> None:
    same(flow(*drawn[0]))


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks((), 3, "v", leave=("return",)))
def test_very_many_flows_call_what_their_scripts_call(same, drawn: tuple[list[str], tuple[str, ...]]) -> None:
    same(flow(*drawn[0]))


# ------------------------------------------------------------------ functions that are called as nodes
SUBFLOW_TEXTS = """
# a subflow
def half(x):
    a = note('a', x)
    b = note('b', a)
    return b
flow
c = half(4)
d = half(c)

# without a return, and a bare one
def one(x):
    a = note('a', x)
def two(x):
    a = note('b', x)
    return
flow
c = one(4)
d = two(c)
e = note('e', c, d)

# all that can be returned
def one(x):
    a = note('a', x)
    return a, x
def two(x):
    a = split(x)
    return a.low
def three(x):
    a = note('a', x)
    return a + note('in', x)
def four(x):
    a = note('a', x)
    return 'done'
def five(x):
    a = note('a', x)
    return a, 5, [x]
flow
a = one(1)
b = two(2)
c = three(3)
d = four(4)
f = five(4)
e = note('e', a, b, c, d, f)

# three deep
def one(x):
    a = note('one', x)
    return a
def two(x):
    a = one(x)
    b = one(a)
    return b
def three(x):
    a = two(x)
    b = one(a)
    return b
flow
for i in upto(3):
    a = three(i)

# parameters of every kind
def some(x, /, y, *more, z=3, **named):
    a = note('a', x, y, *more, z=z, **named)
    return a
def plain(x, y=2):
    a = note('a', x, y)
    return a
flow
a = some(1, 2)
b = some(1, 2, 3, 4, z=5, k=6)
c = plain(1)
d = plain(y=3, x=b)

# a default that its function changes
def more(x, rows=[]):
    a = grow(x, rows)
    return a
flow
for i in upto(3):
    a = more(i)

# a literal list is new in each call
def more(x):
    a = grow(x, [7])
    return a
flow
for i in upto(3):
    a = more(i)

# state is of one call
def means(x):
    m = Mean(window=2)
    a = m(x)
    b = m(a)
    return b
flow
for i in upto(3):
    a = means(i)

# loops, switches and feedback in it
def sum_of(n):
    total = 0
    rows = Rows()
    for k in upto(n):
        e = even(k)
        if e:
            t = note('even', total, k)
        else:
            t = note('odd', total, k)
        rows.add(t)
        total = t
    n = rows.result()
    return total, n
flow
for i in upto(3):
    a = sum_of(i)
b = sum_of(4)

# what a call did not bind has no value, whatever an earlier call bound
def some(x):
    e = even(x)
    if e:
        a = note('a', x)
    b = note('b', a)
    return b
flow
a = some(2)
b = some(3)

# a wrong call
def half(x):
    a = note('a', x)
    return a
flow
a = half(1, 2)

# a failure inside, and in the middle of a loop
def half(x):
    a = note('a', x)
    b = boom(a)
    return b
flow
for i in upto(3):
    a = half(i)

# a failure that its caller catches
def half(x):
    a = boom(x)
    return a
flow
try:
    a = half(1)
except RuntimeError:
    a = note('caught', 1)
b = note('b', a)

# recursion
def down(n):
    e = note('down', n)
    if n > 0:
        r = down(n - 1)
        s = note('up', r)
    else:
        s = note('end', n)
    return s
def first(n):
    a = second(n)
    return a
def second(n):
    if n:
        a = first(n - 1)
    else:
        a = note('end', n)
    return a
flow
a = down(3)
b = first(3)

# several returns
def early(x):
    if x > 3:
        return note('early', x)
    elif x == 3:
        return
    elif x == 2:
        return x, 'two'
    a = note('late', x)
    return a
def last(x):
    a = note('a', x)
    if a > 1:
        return a
def inside(n):
    for i in upto(n):
        for j in upto(i):
            a = note('a', i, j)
            if a > 2:
                return a
    return 'none'
flow
a = early(1)
b = early(2)
c = early(3)
d = early(4)
e = last(1)
f = last(7)
g = inside(4)
h = inside(1)
k = note('k', a, c, d, e, f, g)

# a return that skips what its function calls
def skip(x):
    e = even(x)
    if e:
        a = early(x)
        return a
    a = early(x)
    b = note('b', a)
    return b
def early(x):
    if x < 2:
        return note('early', x)
    a = note('late', x)
    return a
flow
for i in upto(4):
    if i == 3:
        break
    a = skip(i)

# recursion that ends early
def down(n):
    if n < 1:
        return 'end'
    a = note('down', n)
    b = down(n - 1)
    return b
flow
a = down(3)

# an object of a call that ends early, and one that it gives back
def held(x):
    r = Room()
    if x > 1:
        return r
    k = r.key()
    e = enter(k)
    return e
flow
a = held(1)
b = enter(2)
c = held(3)
d = enter(4)

# what yields, or declares a name global, is plain Python
def gen(n):
    for k in upto(n):
        a = note('gen', k)
        yield a
def loud(x):
    global rooms
    a = note('loud', x)
    rooms = []
    return a
flow
c = loud(3)
for i in gen(3):
    d = note('d', i)

# a producer in a subflow that is not used up
def first_of(n):
    for k in upto(n):
        a = note('a', k)
        b = boom(k)
    return a
flow
a = first_of(3)

# an object that ends with the call
def inside(x):
    r = Room()
    k = r.key()
    e = enter(k)
    return e
flow
a = inside(1)
b = enter(2)

# a function whose name is bound anew
def one(x):
    a = note('one', x)
    return a
def two(x):
    a = note('two', x)
    return a
one = two
flow
a = one(1)

# a parameter that the body binds again
def one(x):
    x = note('one', x)
    x = note('two', x)
    return x
flow
a = one(1)
"""


def subflow_cases() -> dict[str, tuple[str, list[str]]]:
    found = {}
    for part in SUBFLOW_TEXTS.strip().split("\n\n"):
        name, *lines = part.split("\n")
        at = lines.index("flow")
        found[name.removeprefix("# ")] = ("\n".join(lines[:at]), lines[at + 1 :])
    return found


SUBFLOW_CASES = subflow_cases()


@pytest.mark.parametrize("name", SUBFLOW_CASES)
def test_subflows_call_what_their_script_calls(name: str, same) -> None:
    functions, lines = SUBFLOW_CASES[name]
    same(flow(*lines).replace("\ndef flow()", f"\n{functions}\n\ndef flow()"))


@st.composite
def programs(draw: st.DrawFn, depth: int) -> str:
    """Draw functions that call one another downwards, and a flow that calls them."""
    functions: list[str] = []
    text = ""
    for number in range(draw(st.integers(1, 3))):
        body, names = draw(blocks(("x", "y"), depth, f"s{number}_", tuple(functions), ("return",)))
        given_back = draw(st.sampled_from([*names, "x, y", "x + 1", "None", ""]))
        head = f"def f{number}(x, y=3, *more, z=4):\n"
        text += head + "".join(f"    {line}\n" for line in [*body, f"return {given_back}".rstrip()]) + "\n\n"
        functions.append(f"f{number}")
    lines, _ = draw(blocks((), depth, "v", tuple(functions), ("return",)))
    return flow(*lines).replace("\ndef flow()", f"\n{text}def flow()")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(1))
def test_any_subflows_call_what_their_script_calls(same, text: str) -> None:
    same(text)


@pytest.mark.long
@pytest.mark.timeout(900)
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(2))
def test_very_many_subflows_call_what_their_scripts_call(same, text: str) -> None:
    same(text)
