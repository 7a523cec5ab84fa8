"""How NumPy's arrays and scalars are encoded: their bytes as they lie, with no copy where they lie in one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flodesk.engine.codec.core import CodecError, Decode, Decoder, Encoder, Head, no_form


def dtype_head(dtype: Any, value: Any) -> Head:
    """Describe a dtype, structured ones with all their offsets."""
    import numpy

    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return {"base": dtype_head(base, value), "shape": list(shape)}
    if dtype.names is not None:
        fields = [dtype.fields[name] for name in dtype.names]
        return {
            "names": list(dtype.names),
            "formats": [dtype_head(field[0], value) for field in fields],
            "offsets": [int(field[1]) for field in fields],
            "size": int(dtype.itemsize),
            "aligned": bool(dtype.isalignedstruct),
            "titles": [field[2] if len(field) > 2 else None for field in fields],
        }
    if dtype.hasobject or dtype.kind == "T" or numpy.dtype(dtype.str) != dtype:
        raise no_form(value, f"its dtype is {dtype}")
    return dtype.str


def to_dtype(head: Head) -> Any:
    """Make the dtype again."""
    import numpy

    if isinstance(head, str):
        dtype = numpy.dtype(head)
    elif "base" in head:
        dtype = numpy.dtype((to_dtype(head["base"]), tuple(map(int, head["shape"]))))
    else:
        parts = {
            "names": [str(name) for name in head["names"]],
            "formats": [to_dtype(part) for part in head["formats"]],
            "offsets": [int(place) for place in head["offsets"]],
            "itemsize": int(head["size"]),
        }
        if any(head["titles"]):
            parts["titles"] = head["titles"]
        dtype = numpy.dtype(parts, align=bool(head["aligned"]))  # type: ignore[call-overload]
    if dtype.hasobject:
        raise CodecError(f"no array of objects is taken as bytes: {head}")
    return dtype


def encode_array(encoder: Encoder, value: Any) -> Head:
    """Encode an array; Fortran's order is kept, any other than these two is put into C's."""
    import numpy

    shape = list(value.shape)
    if value.dtype.kind == "O":
        flat = value.reshape(-1).tolist() if value.ndim else [value.item()]
        return {"t": "objects", "s": shape, "v": encoder.items(flat)}
    dtype = dtype_head(value.dtype, value)
    if not value.size or not value.dtype.itemsize:
        return {"t": "array", "d": dtype, "s": shape, "b": encoder.buffer(b""), "o": "C"}
    order, raw = "C", value
    if not value.flags.c_contiguous:
        order = "F" if value.flags.f_contiguous else "C"
        raw = value.T if order == "F" else numpy.ascontiguousarray(value)
    part = raw.reshape(-1).view(numpy.uint8).data
    return {"t": "array", "d": dtype, "s": shape, "b": encoder.buffer(part), "o": order}


def _masked(encoder: Encoder, value: Any) -> Head:
    import numpy

    bare = value.mask is numpy.ma.nomask
    return {
        "t": "masked",
        "v": encode_array(encoder, numpy.asarray(value.data)),
        "m": None if bare else encode_array(encoder, numpy.asarray(value.mask)),
        "f": None if value._fill_value is None else encoder.encode(numpy.asarray(value._fill_value)[()]),
    }


def encode_scalar(encoder: Encoder, value: Any) -> Head:
    """Encode a scalar of NumPy."""
    return {"t": "scalar", "d": dtype_head(value.dtype, value), "v": value.tobytes().hex()}


def _to_array(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import numpy

    shape, dtype = tuple(map(int, head["s"])), to_dtype(head["d"])
    part = decoder.buffers[head["b"]]
    if min(shape, default=0) < 0:
        raise CodecError(f"no array has the shape {shape}")
    if not dtype.itemsize or 0 in shape:
        return numpy.zeros(shape, dtype)
    made: Any = numpy.ndarray(shape, dtype, buffer=part, order="F" if head["o"] == "F" else "C")
    return made.copy(order="K") if decoder.copy else made


def _to_objects(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import numpy

    items = decoder.items(head["v"])
    made = numpy.empty(len(items), object)
    for number, item in enumerate(items):
        made[number] = item
    return made.reshape(tuple(map(int, head["s"])))


def _to_masked(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import numpy

    mask = numpy.ma.nomask if head["m"] is None else decoder.decode(head["m"])
    made: Any = numpy.ma.MaskedArray(decoder.decode(head["v"]), mask=mask)
    if head["f"] is not None:
        made.fill_value = decoder.decode(head["f"])
    return made


def _to_scalar(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    import numpy

    dtype = to_dtype(head["d"])
    if not dtype.itemsize:
        return numpy.zeros((), dtype)[()]
    # a copy: the scalar of a structured dtype keeps looking at its array
    return numpy.ndarray((), dtype, buffer=bytes.fromhex(head["v"])).copy()[()]


DECODE: dict[str, Decode] = {
    "array": _to_array,
    "objects": _to_objects,
    "masked": _to_masked,
    "scalar": _to_scalar,
}


def encoders() -> dict[type[Any], Any]:
    """Return how each type is encoded; NumPy has been imported."""
    import numpy

    return {numpy.ndarray: encode_array, numpy.memmap: encode_array, numpy.ma.MaskedArray: _masked}
