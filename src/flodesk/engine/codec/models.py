"""Models of scikit-learn, as skops writes them: no pickle, and only types that are known to do nothing when made.

This is for processes that run stretches of a flow, on this machine, on a Dask cluster or on workers of a Redis queue,
which sign what they send: a model goes by the very version of scikit-learn. What is kept on the disk holds none.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

from flodesk.engine.codec.core import CodecError, Decode, Decoder, Encode, Encoder, Head, no_form
from flodesk.vetting import VETTED, check_trees


def encoder_of(value: Any) -> Encode | None:
    """Return what encodes a model; None for what is none."""
    base = sys.modules.get("sklearn.base")  # without it there can be no model
    return _encode if base is not None and isinstance(value, base.BaseEstimator) else None


def _encode(encoder: Encoder, value: Any) -> Head:
    skops = _skops(no_form(value, "that needs the package skops, or the node in the place of those that read it"))
    try:
        data = skops.dumps(value)
    except Exception as error:
        raise no_form(value, f"skops cannot write it: {error}") from error
    _vetted(skops, data)
    try:
        check_trees(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise no_form(value, f"its trees cannot be vetted, so no other process takes it: {error}") from error
    return {"t": "model", "b": encoder.buffer(data), "v": _version()}


def _decode(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    skops = _skops(CodecError("a model came, and the package skops is not here"))
    data = bytes(decoder.buffers[head["b"]])
    trusted = _vetted(skops, data)
    importlib.import_module("sklearn.base")
    if head["v"] != _version():
        raise CodecError(f"the model is of scikit-learn {head['v']}, and here is {_version()}")
    model = skops.loads(data, trusted=trusted)
    if encoder_of(model) is None:
        raise CodecError("what came is no model")
    try:
        check_trees(model)
    except (ValueError, AttributeError, TypeError) as error:
        raise CodecError(f"the model is not to be trusted: {error}") from error
    return model


def _vetted(skops: Any, data: bytes) -> list[str]:
    """Return the types in a model that skops does not trust by itself, all of them known to be harmless.

    Raises
    ------
    CodecError
        Another one is among them.
    """
    found = set(skops.get_untrusted_types(data=data))
    if strange := sorted(found - VETTED):
        raise CodecError(
            f"a model that holds {', '.join(strange)} cannot be sent to another process, as it is not known what that"
            " does when it is made",
            strange[0],
        )
    return sorted(found)


def _skops(error: CodecError) -> Any:
    try:
        return importlib.import_module("skops.io")
    except ImportError:
        raise error from None


def _version() -> str:
    return str(getattr(sys.modules.get("sklearn"), "__version__", ""))


DECODE: dict[str, Decode] = {"model": _decode}
