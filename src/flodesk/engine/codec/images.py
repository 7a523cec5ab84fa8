"""How images of Pillow are encoded: mode, size, the raw pixels, the palette, and what the image says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flodesk.engine.codec.core import CodecError, Decode, Decoder, Encoder, Head, no_form
from flodesk.engine.codec.plain import pairs, to_dict

BYTES = {
    "L": 1, "P": 1, "LA": 2, "La": 2, "PA": 2, "I;16": 2, "I;16B": 2, "I;16L": 2, "RGB": 3, "YCbCr": 3, "HSV": 3,
    "LAB": 3, "RGBA": 4, "RGBa": 4, "RGBX": 4, "CMYK": 4, "I": 4, "F": 4,
}  # fmt: skip
"""What a pixel takes, by mode; in mode “1” eight of a row take one."""
COLORS = {"RGB", "RGBA"}
"""What the colors of a palette are made of."""


def _image(encoder: Encoder, value: Any) -> Head:
    value.load()  # a palette that was changed is part of the image from here on
    if value.mode != "1" and value.mode not in BYTES:
        raise no_form(value, f"its mode is {value.mode}")
    palette = None
    if value.palette is not None:
        colors = value.im.getpalettemode()
        palette = [colors, encoder.buffer(bytes(value.im.getpalette(colors, colors)))]
    try:
        said = pairs(encoder, value.info)
    except CodecError as error:
        raise error.inside(".info") from None
    return {
        "t": "image",
        "m": value.mode,
        "s": list(value.size),
        "b": encoder.buffer(value.tobytes()),
        "p": palette,
        "i": said,
    }


def of_file(encoder: Encoder, value: Any) -> Head:
    """Refuse an image that is still its file's: what `Image.open` returns is another type for each kind of file."""
    raise no_form(value, "it is still tied to its file; take image.copy(), or convert it")


def _to_image(decoder: Decoder, head: Mapping[str, Any]) -> Any:
    try:
        from PIL import Image
    except ImportError:
        raise CodecError("an image came, and there is no Pillow here: pip install pillow") from None

    mode, (width, height) = str(head["m"]), map(int, head["s"])
    data = memoryview(decoder.buffers[head["b"]]).cast("B")
    row = (width + 7) // 8 if mode == "1" else width * BYTES[mode]
    if min(width, height) < 0 or data.nbytes != row * height:  # before memory is taken for it
        raise CodecError(f"an image of {width} x {height} pixels of the mode {mode} does not have {data.nbytes} bytes")
    made = Image.frombytes(mode, (width, height), bytes(data))
    if head["p"] is not None:
        colors, number = head["p"]
        if colors not in COLORS:
            raise CodecError(f"there is no palette of the kind {colors!r}")
        made.putpalette(bytes(decoder.buffers[number]), colors)
    made.info.update(to_dict(decoder, head["i"]))
    return made


DECODE: dict[str, Decode] = {"image": _to_image}


def encoders() -> dict[type[Any], Any]:
    """Return how each type is encoded; Pillow has been imported."""
    from PIL import Image

    return {Image.Image: _image}
