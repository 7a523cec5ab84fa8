"""How the types of pandas are encoded: tables with their index, their labels and the dtype of each column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flodesk.engine.codec.core import CodecError, Decode, Decoder, Encoder, Head, no_form
from flodesk.engine.codec.plain import pairs, to_dict


# ------------------------------------------------------------------ columns
def _column(encoder: Encoder, values: Any) -> Head:
    """Encode the values of a series or an index."""
    import numpy
    import pandas

    dtype = values.dtype
    if isinstance(dtype, numpy.dtype):
        return {"k": "numpy", "v": encoder.encode(values.to_numpy())}
    held = values.array
    if isinstance(dtype, pandas.DatetimeTZDtype):
        plain = pandas.DatetimeIndex(held).tz_convert(None).to_numpy()
        return {"k": "zoned", "v": encoder.encode(plain), "z": encoder.encode(dtype.tz)}
    if isinstance(dtype, pandas.CategoricalDtype):
        categories = _index(encoder, held.categories)
        return {"k": "categories", "v": encoder.encode(held.codes), "c": categories, "o": bool(held.ordered)}
    if isinstance(dtype, pandas.StringDtype):
        missing = "NA" if dtype.na_value is pandas.NA else "nan"
        texts = [None if gone else text for text, gone in zip(held.tolist(), held.isna(), strict=True)]
        return {"k": "texts", "v": encoder.items(texts), "s": dtype.storage, "n": missing}
    if isinstance(dtype, pandas.PeriodDtype):
        return {"k": "periods", "v": encoder.encode(held.asi8), "f": dtype.name}
    if isinstance(dtype, pandas.IntervalDtype):
        return {"k": "intervals", "l": _index(encoder, held.left), "r": _index(encoder, held.right), "c": held.closed}
    if type(held) in _masked_types():
        data, mask = held._data, held._mask
        if mask.any():
            data = numpy.where(mask, numpy.zeros((), data.dtype), data)  # what lies there means nothing
        return {"k": "nullable", "v": encoder.encode(data), "m": encoder.encode(mask)}
    raise no_form(values, f"its dtype is {dtype}")


def _masked_types() -> dict[type[Any], str]:
    import pandas.arrays

    kinds = (pandas.arrays.IntegerArray, pandas.arrays.FloatingArray, pandas.arrays.BooleanArray)
    return {kind: kind.__name__ for kind in kinds}


def _to_column(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import numpy
    import pandas
    import pandas.arrays

    kind = head["k"]
    if kind == "numpy":
        return decoder.decode(head["v"])
    if kind == "zoned":
        return _zoned(decoder, head).array
    if kind == "categories":
        categories = _to_index(decoder, head["c"])
        return pandas.Categorical.from_codes(decoder.decode(head["v"]), categories=categories, ordered=head["o"])
    if kind == "texts":
        plain = pandas.StringDtype(head["s"])
        # up to pandas 2.2 a missing text is always NA
        dtype = plain if head["n"] == "NA" else pandas.StringDtype(head["s"], na_value=numpy.nan)
        return pandas.array(numpy.array([*decoder.items(head["v"]), None], object)[:-1], dtype=dtype)
    if kind == "periods":
        frequency = pandas.PeriodDtype(head["f"]).freq
        return pandas.PeriodIndex.from_ordinals(decoder.decode(head["v"]), freq=frequency).array
    if kind == "intervals":
        left, right = _to_index(decoder, head["l"]), _to_index(decoder, head["r"])
        return pandas.arrays.IntervalArray.from_arrays(left, right, closed=head["c"])
    if kind == "nullable":
        data, mask = decoder.decode(head["v"]), decoder.decode(head["m"])
        kinds = {"b": pandas.arrays.BooleanArray, "f": pandas.arrays.FloatingArray}
        return kinds.get(data.dtype.kind, pandas.arrays.IntegerArray)(data, mask)
    raise CodecError(f"there is no column of the kind {kind!r}")


def _zoned(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    return pandas.DatetimeIndex(decoder.decode(head["v"])).tz_localize("UTC").tz_convert(decoder.decode(head["z"]))


# ------------------------------------------------------------------ indexes
def _index(encoder: Encoder, value: Any) -> Head:
    import pandas

    if isinstance(value, pandas.MultiIndex):
        levels = [_index(encoder, level) for level in value.levels]
        codes = [encoder.encode(code) for code in value.codes]
        return {"t": "index", "k": "levels", "l": levels, "v": codes, "n": encoder.items(list(value.names))}
    name = encoder.encode(value.name)
    if isinstance(value, pandas.RangeIndex):
        return {"t": "index", "k": "range", "v": [value.start, value.stop, value.step], "n": name}
    frequency = getattr(value, "freqstr", None) if not isinstance(value, pandas.PeriodIndex) else None
    return {"t": "index", "k": "plain", "v": _column(encoder, value), "n": name, "f": frequency}


def _to_index(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    if head["k"] == "levels":
        levels = [_to_index(decoder, level) for level in head["l"]]
        codes = [decoder.decode(code) for code in head["v"]]
        return pandas.MultiIndex(levels=levels, codes=codes, names=decoder.items(head["n"]))
    name = decoder.decode(head["n"])
    if head["k"] == "range":
        return pandas.RangeIndex(*map(int, head["v"]), name=name)
    column = _to_column(decoder, head["v"])
    if head["f"] is None:
        return pandas.Index(column, dtype=column.dtype, name=name, copy=False)
    kind = pandas.TimedeltaIndex if column.dtype.kind == "m" else pandas.DatetimeIndex
    return kind(column, freq=head["f"], name=name)


# ------------------------------------------------------------------ tables and series
def _table(encoder: Encoder, value: Any) -> Head:
    columns = []
    for number in range(value.shape[1]):
        column = value.iloc[:, number]
        try:
            columns.append(_column(encoder, column))
        except CodecError as error:
            raise error.inside(f" column {value.columns[number]!r}") from None
    return {
        "t": "table",
        "v": columns,
        "c": _index(encoder, value.columns),
        "i": _index(encoder, value.index),
        "a": pairs(encoder, value.attrs) if value.attrs else None,
    }


def _to_table(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    labels, index = _to_index(decoder, head["c"]), _to_index(decoder, head["i"])
    if head["v"]:
        columns = (_to_column(decoder, part) for part in head["v"])
        # as series: a column of objects stays one, whatever is in it
        made = pandas.DataFrame(
            {n: pandas.Series(c, index=index, dtype=c.dtype, copy=False) for n, c in enumerate(columns)},
            index=index,
            copy=False,
        )
        made.columns = labels
    else:
        made = pandas.DataFrame(index=index, columns=labels)
    if head["a"] is not None:
        made.attrs.update(to_dict(decoder, head["a"]))
    return made


def _series(encoder: Encoder, value: Any) -> Head:
    return {
        "t": "series",
        "v": _column(encoder, value),
        "i": _index(encoder, value.index),
        "n": encoder.encode(value.name),
        "a": pairs(encoder, value.attrs) if value.attrs else None,
    }


def _to_series(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    column = _to_column(decoder, head["v"])
    index, name = _to_index(decoder, head["i"]), decoder.decode(head["n"])
    made = pandas.Series(column, index=index, name=name, dtype=column.dtype, copy=False)
    if head["a"] is not None:
        made.attrs.update(to_dict(decoder, head["a"]))
    return made


# ------------------------------------------------------------------ scalars
def _timestamp(encoder: Encoder, value: Any) -> Head:
    plain = value.tz_convert(None) if value.tz is not None else value
    zone = encoder.encode(value.tz)
    return {"t": "timestamp", "v": encoder.encode(plain.to_datetime64()), "z": zone, "f": value.fold}


def _to_timestamp(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    made, zone = pandas.Timestamp(decoder.decode(head["v"])), decoder.decode(head["z"])
    return made if zone is None else made.tz_localize("UTC").tz_convert(zone)


def _to_period(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    return pandas.Period(ordinal=int(head["v"]), freq=head["f"])


def _to_interval(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    return pandas.Interval(*decoder.items(head["v"]), closed=head["c"])


def _to_timedelta(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    return pandas.Timedelta(decoder.decode(head["v"]))


def _missing(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import pandas

    return pandas.NA if head["v"] == "NA" else pandas.NaT


DECODE: dict[str, Decode] = {
    "table": _to_table,
    "series": _to_series,
    "index": _to_index,
    "timestamp": _to_timestamp,
    "timedelta": _to_timedelta,
    "period": _to_period,
    "interval": _to_interval,
    "missing": _missing,
}


def encoders() -> dict[type[Any], Any]:
    """Return how each type is encoded; pandas has been imported."""
    import pandas

    indexes = (
        pandas.Index,
        pandas.RangeIndex,
        pandas.MultiIndex,
        pandas.DatetimeIndex,
        pandas.TimedeltaIndex,
        pandas.PeriodIndex,
        pandas.CategoricalIndex,
        pandas.IntervalIndex,
    )
    return {
        pandas.DataFrame: _table,
        pandas.Series: _series,
        **dict.fromkeys(indexes, _index),
        pandas.Timestamp: _timestamp,
        pandas.Timedelta: lambda e, v: {"t": "timedelta", "v": e.encode(v.to_timedelta64())},
        pandas.Period: lambda e, v: {"t": "period", "v": v.ordinal, "f": v.freqstr},
        pandas.Interval: lambda e, v: {"t": "interval", "v": e.items([v.left, v.right]), "c": v.closed},
        type(pandas.NaT): lambda e, v: {"t": "missing", "v": "NaT"},
        type(pandas.NA): lambda e, v: {"t": "missing", "v": "NA"},
    }
