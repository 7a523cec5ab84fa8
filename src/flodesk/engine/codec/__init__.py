"""Values between processes and on disk: a head of plain JSON values, and the raw bytes of the arrays beside it.

Every value that has a form comes back equal and of its very type. What has none is refused with the name of its type
and of its place in the value: nothing is turned into something similar. References that are shared are not: two names
for one list become two lists.

What is trusted: nothing but the classes that this process knows already. No pickle, and decoding imports and calls
nothing of anybody's: dataclasses, named tuples and enums are found by name among the modules that are imported (the
flow's own is one of them), checked to be what they should, and made without their ``__init__``. All other types are a
closed list. So whoever may write a head can make values, and run nothing. Models of scikit-learn go to processes that
run stretches of a flow and back, where it is asked for, and are made by skops, of types that are vetted (`models`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from flodesk.engine.codec import arrays, images, models, named, plain, tables
from flodesk.engine.codec.core import PACKED, CodecError, Decode, Decoder, Encode, Encoder, Head, no_form

_ENCODE: dict[type[Any], Encode] = dict(plain.ENCODE)
_DECODE: dict[str, Decode] = {
    **PACKED,
    **plain.DECODE,
    **named.DECODE,
    **arrays.DECODE,
    **tables.DECODE,
    **images.DECODE,
}
_WITH_MODELS: dict[str, Decode] = {**_DECODE, **models.DECODE}
_LATER = {"numpy": arrays.encoders, "pandas": tables.encoders, "PIL.Image": images.encoders}
"""Packages whose types are added once somebody has imported them: without it there can be no such value."""


def encode(value: Any, *, with_models: bool = False) -> tuple[Head, list[Any]]:
    """Turn a value into (head, buffers).

    Arrays that lie one after the other in memory are not copied: their buffer is their own memory.

    Parameters
    ----------
    with_models : bool
        Models of scikit-learn have a form, too: for processes that run stretches of a flow.

    Raises
    ------
    CodecError
        It holds something that has no form; the text says what, where, and what to do.
    """
    encoder = Encoder(_ENCODE, _find_with_models if with_models else _find)
    try:
        return encoder.encode(value), encoder.buffers
    except CodecError:
        raise
    except RecursionError:
        raise CodecError("a value that is nested too deeply, or holds itself, cannot be encoded") from None
    except Exception as error:  # a class of anybody's may raise in what it is asked
        raise no_form(value, f"{type(error).__name__}: {error}") from error


def decode(head: Head, buffers: Sequence[Any] = (), *, copy: bool = False, with_models: bool = False) -> Any:
    """Make the value again.

    Parameters
    ----------
    buffers : sequence of bytes-like
        As they came from `encode`.
    copy : bool
        Give arrays memory of their own. Without it they look at the buffers, and can be written to where these can.
    with_models : bool
        Make models, too.

    Raises
    ------
    CodecError
        It is no head that `encode` makes, or it names a class that is not there.
    """
    try:
        return Decoder(_WITH_MODELS if with_models else _DECODE, buffers, copy=copy).decode(head)
    except CodecError:
        raise
    except Exception as error:  # whatever a head that is none leads to
        raise CodecError(f"what came is no encoded value: {type(error).__name__}: {error}") from error


def digest(value: Any) -> str:
    """Return a hash of a value, the same in every process: 32 hexadecimal digits of xxh3.

    Raises
    ------
    CodecError
        It has no form.
    """
    import xxhash

    head, buffers = encode(value)
    made = xxhash.xxh3_128(json.dumps(head, separators=(",", ":")).encode())
    for part in buffers:
        view = memoryview(part)
        made.update(view.nbytes.to_bytes(8, "little"))
        made.update(view)
    return made.hexdigest()


def _find(value: Any) -> Encode:
    for package in list(_LATER):
        if package in sys.modules:
            _ENCODE.update(_LATER[package]())
            _LATER.pop(package, None)
    found = _ENCODE.get(type(value)) or named.encode_by_name(value)
    if found is not None:
        return found
    scalar = getattr(sys.modules.get("numpy"), "generic", None)  # another thread may be importing it just now
    if scalar is not None and isinstance(value, scalar):
        return arrays.encode_scalar
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(value, pillow.Image):
        return images.of_file
    raise no_form(value)


def _find_with_models(value: Any) -> Encode:
    return models.encoder_of(value) or _find(value)


__all__ = ["CodecError", "Head", "decode", "digest", "encode"]
