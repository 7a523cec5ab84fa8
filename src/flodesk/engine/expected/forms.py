"""How a value is written down as something to be expected: plain JSON that a person can read, and change.

What is small stands there in full. Of a large array or column there are shape, dtype, a summary to read, and a
checksum: of numbers that are rounded to 1e-9 of the largest, as the last bits differ between processors.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import hashlib
import math
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from flodesk.engine.codec import CodecError, digest
from flodesk.engine.preview import known
from flodesk.public import Waveform

Form = dict[str, Any]

SMALL = 64
"""So many numbers of an array, entries of a list or cells of a table are written down one by one."""
LONG_TEXT = 2000
"""Characters; of a longer text its checksum is kept."""
DIGITS = 9
COUNTED = "0, 1, 2 …"
"""The index of a table whose rows are only counted."""
_OFF_CENTRE = 0.3719
"""Added before numbers are rounded: what a hand sets (0.5, 0.25) is then never on the edge of two roundings."""


class NoFormError(ValueError):
    """A value cannot be written down; the text says why."""


def forms_of(values: Mapping[str, Any], folder: Path) -> tuple[dict[str, Form], dict[str, str]]:
    """Write values down by their names, and of those that cannot be: why. See `form_of`."""
    forms: dict[str, Form] = {}
    formless: dict[str, str] = {}
    for name, value in values.items():
        try:
            forms[name] = form_of(value, folder)
        except NoFormError as error:
            formless[name] = f"it cannot be written down: {error}"
    return forms, formless


def form_of(value: Any, folder: Path, like: Form | None = None) -> Form:
    """Write a value down.

    Parameters
    ----------
    folder : Path
        Where relative files of the flow count from: paths below it are kept relative.
    like : dict, optional
        What it is to be compared with: numbers are rounded as there.

    Raises
    ------
    NoFormError
        It is of a class that nobody knows how to write down.
    """
    try:
        return _form(value, folder, like or {})
    except RecursionError:
        raise NoFormError("it holds itself, or is nested too deeply") from None


def _form(value: Any, folder: Path, like: Form) -> Form:
    if isinstance(value, known("numpy", "generic")):
        value = value.item() if value.dtype.kind in "biufcUS" else value
    if isinstance(value, enum.Enum):
        return {"type": "choice", "value": value.name}
    for kinds, write in _KINDS:
        if isinstance(value, kinds):
            written: Form = write(value)
            return written
    if isinstance(value, PurePath):
        return {"type": "path", "value": _relative(value, folder)}
    if isinstance(value, known("numpy", "ndarray")):
        return _array(value, like)
    if isinstance(value, known("pandas", "DataFrame")):
        return _table(value, like)
    if isinstance(value, known("pandas", "Series")):
        return {"type": "series", "values": _array(value.to_numpy(), like.get("values") or {}), **_index(value, like)}
    if isinstance(value, Waveform):
        axis = {"dt": _number(value.dt), "t0": _number(value.t0), "unit": value.unit}
        return {"type": "signal", **axis, "y": _form(value.y, folder, like.get("y") or {})}
    fields = _fields(value)
    if fields is not None:
        before = like.get("fields") or {}
        parts = {name: _form(part, folder, before.get(name) or {}) for name, part in fields.items()}
        return {"type": type(value).__name__, "fields": parts}
    if isinstance(value, Mapping):
        return _mapping(value, folder, like)
    if isinstance(value, list | tuple):
        return _list(value, folder, like)
    return {"type": type(value).__name__, "checksum": _digest(value)}


def _number(value: float) -> Any:
    return value if math.isfinite(value) else str(value)


def _text(value: str) -> Form:
    if len(value) <= LONG_TEXT:
        return {"type": "text", "value": value}
    checksum = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return {"type": "text", "length": len(value), "begins": value[:80], "checksum": checksum}


def _moment(value: Any) -> Form:
    return {"type": type(value).__name__, "value": str(value)}


_KINDS: tuple[tuple[Any, Any], ...] = (
    (type(None), lambda value: {"type": "nothing", "value": None}),
    (bool, lambda value: {"type": "truth", "value": value}),
    (int, lambda value: {"type": "integer", "value": value}),
    (float, lambda value: {"type": "number", "value": _number(value)}),
    (complex, lambda value: {"type": "complex", "value": [_number(value.real), _number(value.imag)]}),
    (str, _text),
    (bytes | bytearray, lambda value: {"type": "bytes", "length": len(value), "checksum": _digest(bytes(value))}),
    ((datetime.date, datetime.time, datetime.timedelta), _moment),
)


def _relative(path: PurePath, folder: Path) -> str:
    whole = folder / path
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else path.as_posix()


def _fields(value: Any) -> dict[str, Any] | None:
    """Return the fields of a dataclass or a named tuple; None of all else."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return dict(zip(value._fields, value, strict=True))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = [field.name for field in dataclasses.fields(value) if not field.name.startswith("_")]
        return {name: getattr(value, name) for name in named if hasattr(value, name)}
    return None


def _mapping(value: Mapping[Any, Any], folder: Path, like: Form) -> Form:
    if len(value) > SMALL or any(not isinstance(key, str) for key in value):
        return {"type": "mapping", "length": len(value), "checksum": _digest(dict(value))}
    before = like.get("fields") or {}
    return {"type": "mapping", "fields": {k: _form(v, folder, before.get(k) or {}) for k, v in value.items()}}


def _list(value: Any, folder: Path, like: Form) -> Form:
    kind = type(value).__name__
    if len(value) > SMALL and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
        import numpy

        return {"type": kind, "items": _array(numpy.asarray(value, float), like.get("items") or {})}
    if len(value) > SMALL:
        return {"type": kind, "length": len(value), "checksum": _digest(list(value))}
    before = like.get("items") if isinstance(like.get("items"), list) else []
    likes = [*(before or []), *({} for _ in value)]
    return {"type": kind, "items": [_form(one, folder, likes[number]) for number, one in enumerate(value)]}


def _array(value: Any, like: Form) -> Form:
    form: Form = {"type": "array", "shape": list(value.shape), "dtype": str(value.dtype)}
    if value.dtype.kind in "fc":
        return form | _floats(value, like)
    if value.size <= SMALL and value.dtype.kind in "biuU":
        return form | {"values": value.ravel().tolist()}
    if value.size <= SMALL and value.dtype.kind in "mMO":
        return form | {"values": [str(one) for one in value.ravel().tolist()]}
    if value.dtype.kind in "biu" and value.size:
        form["summary"] = {"minimum": value.min().item(), "maximum": value.max().item()}
    return form | {"checksum": _digest(value)}


def _floats(value: Any, like: Form) -> Form:
    """Write down an array of numbers with a fraction, or of complex ones as pairs."""
    import numpy

    flat = numpy.ascontiguousarray(value).ravel()
    plain = flat.astype(complex).view(float) if flat.dtype.kind == "c" else flat.astype(float)
    if flat.size <= SMALL:
        return {"values": [_number(one) for one in plain.tolist()]}
    finite = plain[numpy.isfinite(plain)]
    summary = {}
    if finite.size:
        low, high, mean = float(finite.min()), float(finite.max()), float(finite.mean())
        summary = {"minimum": low, "maximum": high, "mean": mean, "not finite": int(plain.size - finite.size)}
    largest = float(numpy.abs(finite).max()) if finite.size else 0.0
    unit = like.get("rounded to") or (10.0 ** (math.floor(math.log10(largest)) - DIGITS) if largest else 1.0)
    with numpy.errstate(all="ignore"):
        rounded = numpy.floor(plain / unit + _OFF_CENTRE) + 0.0  # no negative zero
    checksum = hashlib.sha256(rounded.astype("<f8").tobytes()).hexdigest()[:32]
    return {"summary": summary, "rounded to": unit, "checksum": checksum}


def _table(value: Any, like: Form) -> Form:
    index = _index(value, like)
    form: Form = {"type": "table", "rows": len(value), "columns": {}}
    before = like.get("columns") or {}
    for number, name in enumerate(value.columns):
        key, again = str(name), 2
        while index and key in form["columns"]:
            key, again = f"{name} ({again})", again + 1
        form["columns"][key] = _column(value.iloc[:, number], before.get(key) or {})
    return form | index


def _column(values: Any, like: Form) -> Form:
    """Write down a column, or an index."""
    numbers = getattr(values.dtype, "kind", "O") in "biufc" and not hasattr(values.dtype, "numpy_dtype")
    plain = values.to_numpy() if numbers else values.astype(object).map(str).to_numpy(dtype=str)
    form = {**_array(plain, like), "dtype": str(values.dtype)}
    return {key: part for key, part in form.items() if key not in ("type", "shape")}


def _index(value: Any, like: Form) -> Form:
    """Write down the rows' names of a table or a series; nothing where what is expected is of before they were."""
    if like and "index" not in like:
        return {}
    import numpy

    index = value.index
    counted = list(index.names) == [None] and getattr(index.dtype, "kind", "O") == "i"
    if counted and bool((index.to_numpy() == numpy.arange(len(index))).all()):
        return {"index": COUNTED}
    before = like.get("index")
    told = {"names": [str(name) for name in index.names]}
    return {"index": told | _column(index, before if isinstance(before, dict) else {})}


def _digest(value: Any) -> str:
    try:
        return digest(value)
    except CodecError as error:
        raise NoFormError(str(error)) from error


__all__ = ["Form", "NoFormError", "form_of", "forms_of"]
