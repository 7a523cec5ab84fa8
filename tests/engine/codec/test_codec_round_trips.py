"""Every value comes back equal and of its very type; what has no form is refused in words."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import json
import math
import pathlib
import socket
import sys
import types
import uuid
import zoneinfo
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from flodesk.engine.codec import CodecError, decode, digest, encode
from flodesk.public import Line, Number, Trace, Waveform


class Color(enum.Enum):
    RED = "red"
    GREEN = 2


class Level(enum.IntEnum):
    LOW = 1


class Rights(enum.Flag):
    READ = enum.auto()
    WRITE = enum.auto()


class Point(NamedTuple):
    x: float
    y: Any = None


@dataclasses.dataclass
class Reading:
    value: float
    parts: list[Any] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.extra = self.value * 2


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    name: str
    inner: Any = None


@dataclasses.dataclass
class Odd(dict):  # type: ignore[type-arg]
    a: int = 1


class Plain:
    pass


def there_and_back(value: Any, *, copy: bool = False) -> Any:
    head, buffers = encode(value)
    # as it travels: the head as text without anything that is not JSON, the buffers as bytes
    text = json.dumps(head, allow_nan=False)
    return decode(json.loads(text), [bytearray(memoryview(part).cast("B")) for part in buffers], copy=copy)


def same(a: Any, b: Any) -> bool:
    """Equal and of one type, all the way down; NaN is NaN."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ma.MaskedArray):
        return bool(same(a.data, b.data) and np.array_equal(np.ma.getmaskarray(a), np.ma.getmaskarray(b)))
    if isinstance(a, np.ndarray):
        if a.dtype != b.dtype or a.shape != b.shape:
            return False
        if a.dtype.kind == "O":
            return all(map(same, a.reshape(-1).tolist(), b.reshape(-1).tolist()))
        return a.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, decimal.Decimal):
        return str(a) == str(b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, dict):
        return same(list(a), list(b)) and same(list(a.values()), list(b.values()))
    if isinstance(a, list | tuple | collections.deque):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, Waveform):
        return all(same(getattr(a, n), getattr(b, n)) for n in ("y", "dt", "t0", "unit"))
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b, check_exact=True, check_freq=True)
        return bool(a.attrs == b.attrs)
    if isinstance(a, pd.Series):
        pd.testing.assert_series_equal(a, b, check_exact=True, check_freq=True)
        return bool(a.attrs == b.attrs)
    if isinstance(a, pd.Index):
        pd.testing.assert_index_equal(a, b, exact=True, check_exact=True)
        return True
    if dataclasses.is_dataclass(a):
        names = {f.name for f in dataclasses.fields(a)} | set(getattr(a, "__dict__", ()))
        return all(same(getattr(a, n), getattr(b, n)) for n in names)
    return a is b or bool(a == b)


times = st.datetimes(timezones=st.none() | st.just(dt.UTC) | st.timezones())
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(1 << 20000), max_value=1 << 20000)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.text(alphabet=st.characters())
    | st.binary(max_size=200)
    | times
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.decimals()
    | st.fractions()
    | st.uuids()
    | st.sampled_from([Color.RED, Level.LOW, Rights.READ | Rights.WRITE, pathlib.Path("a/b"), np.float32(1.5)])
)
keys = st.text(max_size=5) | st.integers() | st.tuples(st.text(max_size=3), st.integers()) | st.booleans()
dtypes = (
    hnp.scalar_dtypes()
    | hnp.unicode_string_dtypes()
    | hnp.byte_string_dtypes()
    | hnp.array_dtypes()
    | hnp.nested_dtypes()
).filter(lambda dtype: not dtype.hasobject)
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.builds(Point, st.floats(), inner)
        | st.builds(Reading, st.floats(), st.lists(inner, max_size=2))
        | st.builds(Frozen, st.text(max_size=3), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_every_value_comes_back_as_it_was(value: Any) -> None:
    assert same(value, there_and_back(value))
    assert digest(value) == digest(there_and_back(value))


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(values)
def test_very_many_values_come_back_as_they_were(value: Any) -> None:
    assert same(value, there_and_back(value))


LISTED = [
    {1, "a", (2, b"x")},
    frozenset([1.5, None]),
    bytearray(b"abc"),
    b"y" * 1000,
    range(3, 30, 4),
    slice(1, None, 2),
    collections.OrderedDict([("b", 1), ("a", 2)]),
    collections.Counter("hello"),
    collections.defaultdict(list, {"a": [1]}),
    collections.deque([1, 2], maxlen=3),
    dt.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
    dt.datetime(2026, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2), "here")),
    decimal.Decimal("1.50"),
    fractions.Fraction(1, 3),
    uuid.UUID(int=5),
    pathlib.PureWindowsPath("c:/x"),
    pathlib.Path("/tmp/ä"),
    [float("nan"), float("inf"), -0.0],
    [0.1, math.inf, math.nan] * 100,
    list(range(-50, 50)),
    [1 << 70] * 100,
    ["ä", "\ud800", ""] * 50,
    [True] * 100,
    Waveform(np.arange(5.0), 0.1, np.float64(2.0), "V"),
    Line("t", (Trace(np.arange(3), np.arange(3.0), "n", "V"),), "x"),
    Number("n", 5),
    np.array(["a", None, 3, 2.5], object),
    np.array([["a", "b"]], object),
    np.array("2026-01-01", "M8[D]"),
    np.datetime64("NaT"),
    np.str_(""),
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", ">f8", (2, 2))]),
    np.zeros(3, dtype=np.dtype({"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [4, 16], "itemsize": 32})),
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])[0],
    np.ma.array([1, 2, 3], mask=[0, 1, 0], fill_value=7),
    np.longdouble(1) / 3,
]


@pytest.mark.parametrize("value", LISTED, ids=lambda value: type(value).__name__)
def test_types_that_are_seldom_drawn(value: Any) -> None:
    back = there_and_back(value)
    assert same(value, back)
    assert digest(value) == digest(back)


TABLES = [
    pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, math.nan]}),
    pd.DataFrame(),
    pd.DataFrame(index=[1, 2]),
    pd.DataFrame(np.arange(6.0).reshape(3, 2), columns=["u", "u"]),
    pd.DataFrame(
        {"o": pd.Series(["x", 1, None], dtype=object), "c": pd.Categorical(["lo", None, "hi"], ["lo", "hi"], True)}
    ),
    pd.DataFrame(
        {"i": pd.array([1, None], "Int16"), "f": pd.array([1.5, None], "Float32"), "b": pd.array([True, None])}
    ),
    pd.DataFrame(
        {"s": pd.array(["a", None], "string")}, index=pd.date_range("2026", periods=2, freq="D", tz="Europe/Berlin")
    ),
    pd.DataFrame({"t": pd.to_datetime(["2026-01-01", None]), "d": pd.to_timedelta(["1s", None])}),
    pd.DataFrame({"p": pd.period_range("2026-01", periods=2, freq="M"), "v": pd.interval_range(0, 2)}),
    pd.DataFrame({("a", 1): [1], ("a", 2): [2]}, index=pd.MultiIndex.from_tuples([("x", 1.5)], names=["k", None])),
    pd.DataFrame({"z": pd.date_range("2026", periods=2, tz="UTC")}).assign(w=[1 + 2j, 3]),
    pd.DataFrame({"x": [1]}, index=pd.CategoricalIndex(["a"], name="cat")),
    pd.Series([1, 2], index=["a", "b"], name=("n", 1)),
    pd.Series([pd.Timestamp("2026-01-01", tz="UTC"), pd.NaT, pd.NA, pd.Timedelta("1s")], dtype=object),
    pd.Index(["a", "b"], name="n"),
    pd.RangeIndex(1, 10, 3),
    pd.timedelta_range("0s", periods=3, freq="10s"),
    pd.Timestamp("2026-10-25 00:30:00.123456789", tz="UTC").tz_convert("Europe/Berlin"),
    pd.Timestamp("2026-01-01").as_unit("s"),
    pd.Timedelta("1 day 3ns"),
    pd.Period("2026-03", "M"),
    pd.Interval(1, 2.5, "both"),
    pd.NaT,
    pd.NA,
]


@pytest.mark.parametrize("value", TABLES, ids=lambda value: type(value).__name__)
def test_tables_keep_index_labels_and_the_dtype_of_each_column(value: Any) -> None:
    if isinstance(value, pd.DataFrame):
        value.attrs["from"] = "here"
    back = there_and_back(value)
    assert same(value, back)
    assert digest(value) == digest(back)


@given(st.lists(st.tuples(st.text(max_size=4) | st.none(), st.floats(), st.integers(0, 9)), max_size=5))
@settings(max_examples=50, deadline=None)
def test_tables_of_random_rows(rows: list[Any]) -> None:
    table = pd.DataFrame(rows, columns=["text", "number", "count"]).set_index("count")
    assert same(table, there_and_back(table))


# ------------------------------------------------------------------ arrays and their memory
def test_an_array_is_not_copied_on_its_way() -> None:
    value = np.arange(1000.0)
    head, buffers = encode(value)
    assert np.shares_memory(np.asarray(buffers[0]), value)
    memory = bytearray(buffers[0])
    back = decode(head, [memory])
    back[0] = 5.0
    assert np.frombuffer(memory)[0] == 5.0
    assert not np.shares_memory(decode(head, [memory], copy=True), np.frombuffer(memory))


def test_an_array_of_any_order_keeps_its_values() -> None:
    value = np.arange(24.0).reshape(2, 3, 4)
    for view in (
        value[:, ::-1],
        value.T,
        value[..., 1],
        np.broadcast_to(value[0], (5, 3, 4)),
        np.asfortranarray(value),
    ):
        back = there_and_back(view)
        assert np.array_equal(back, view)
        assert back.flags.f_contiguous == view.flags.f_contiguous
    assert np.shares_memory(np.asarray(encode(value.T)[1][0]), value)


# ------------------------------------------------------------------ refusals
class Rude:
    __slots__ = ()

    @property
    def __class__(self) -> Any:
        raise RuntimeError("no")


def _inner() -> Any:
    @dataclasses.dataclass
    class Inside:
        a: int = 1

    return Inside()


REFUSED = [
    (lambda: socket.socket, "type"),
    (Plain, "Plain"),
    (lambda: [1, {"a": (Plain(),)}], r"Plain.*it is at \[1\]\['a'\]\[0\]"),
    (lambda: Reading(1.0, [Plain()]), r"it is at \.parts\[0\]"),
    (lambda: Waveform(np.array([Plain()]), 1.0), r"it is at \.y\[0\]"),
    (lambda: pd.DataFrame({"q": [Plain()]}), "column 'q'"),
    (lambda: pd.DataFrame({"q": pd.arrays.SparseArray([1, 0])}), "Sparse"),
    (lambda: np.matrix([[1]]), "matrix"),
    (lambda: np.zeros(2, dtype=[("a", object)]), "dtype"),
    (_inner, "inside a function"),
    (Odd, "Odd"),
    (lambda: lambda: 1, "function"),
    (lambda: (n for n in "ab"), "generator"),
    (lambda: types.SimpleNamespace(a=1), "SimpleNamespace"),
    (lambda: collections.defaultdict(lambda: 1), "factory"),
    (Rude, "cannot"),
    (lambda: ValueError("x"), "ValueError"),
    (lambda: _itself(), "nested|itself"),
]


def _itself() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=[said for _, said in REFUSED])
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_what_has_no_form_is_refused_by_its_name(make: Any, said: str) -> None:
    with pytest.raises(CodecError, match=said):
        encode(make())


def test_tables_of_arrow_are_refused_with_what_to_do() -> None:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"x": [1, 2]})
    with pytest.raises(CodecError, match=r"pyarrow.lib.Table .*\.to_pandas\(\)"):
        encode({"a": table})
    with pytest.raises(CodecError, match=r"int64\[pyarrow\].*column 'x'"):
        encode(pd.DataFrame({"x": pd.array([1, 2], dtype="int64[pyarrow]")}))
    assert decode(*encode(table.to_pandas())).equals(table.to_pandas())


def test_decoding_makes_a_dataclass_without_a_call_of_its_own() -> None:
    head, _ = encode(Reading(1.0))
    called = []
    Reading.__post_init__, before = lambda self: called.append(1), Reading.__post_init__  # type: ignore[method-assign]
    try:
        assert decode(head).extra == 2.0
    finally:
        Reading.__post_init__ = before  # type: ignore[method-assign]
    assert not called


HOSTILE = [
    {"t": "dataclass", "c": "os:system", "d": {}},
    {"t": "dataclass", "c": "subprocess:Popen", "d": {}},
    {"t": "enum", "c": "builtins:int", "v": "real"},
    {"t": "flag", "c": "pathlib:Path", "v": 1},
    {"t": "namedtuple", "c": "builtins:tuple", "v": [], "d": {}},
    {"t": "dataclass", "c": "antigravity:X", "d": {}},
    {"t": "nothing"},
    {"t": "array", "d": "O", "s": [1], "b": 0},
    {"t": "array", "d": "<f8", "s": [1 << 40], "b": 0, "o": "C"},
    {"t": "array", "d": "<f8", "s": [-1], "b": 0, "o": "C"},
    {"t": "table"},
    {"v": 1},
]


@pytest.mark.parametrize("head", HOSTILE, ids=lambda head: str(head)[:40])
def test_what_is_no_encoded_value_is_refused_and_imports_nothing(head: Any) -> None:
    before = set(sys.modules)
    with pytest.raises(CodecError):
        decode(head, [b"12345678"])
    assert "antigravity" not in sys.modules
    assert before <= set(sys.modules)


def test_values_that_differ_have_other_digests() -> None:
    alike = [1, 1.0, True, "1", [1], (1,), {1}, {1: None}, np.int64(1), np.array(1), np.array([1]), None, 0.0, -0.0]
    assert len({digest(value) for value in alike}) == len(alike)
    assert digest(np.arange(5)) != digest(np.arange(5).reshape(5, 1))
    assert digest([b"a" * 100, b"b" * 100]) != digest([b"b" * 100, b"a" * 100])
    assert len(digest(1)) == 32
