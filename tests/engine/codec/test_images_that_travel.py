"""Images of Pillow come back equal, with palette and what they say of themselves; forged ones are refused in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from flodesk.engine.codec import CodecError, decode, digest, encode


def made(mode: str, size: tuple[int, int] = (13, 5)) -> Image.Image:
    """Make an image whose pixels are all kinds of bits."""
    probe = Image.new(mode, size).tobytes()
    values = np.random.default_rng(5).integers(0, 256, len(probe)).astype(np.uint8)
    data = np.linspace(-2.0, 7.5, size[0] * size[1], dtype=np.float32).tobytes() if mode == "F" else values.tobytes()
    return Image.frombytes(mode, size, data)


MODES = [
    "1", "L", "P", "RGB", "RGBA", "I;16", "F", "I", "LA", "La", "PA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB",
    "I;16B", "I;16L",
]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_an_image_comes_back_equal(mode: str) -> None:
    image = made(mode)
    head, buffers = encode(image)
    back = decode(json.loads(json.dumps(head)), [bytes(part) for part in buffers])
    assert type(back) is Image.Image
    assert (back.mode, back.size, back.tobytes()) == (image.mode, image.size, image.tobytes())
    assert back == image
    assert digest(back) == digest(image)
    back.putpixel((0, 0), back.getpixel((1, 1)))  # its reader's own: it can be written to
    assert decode(head, buffers) == image


@pytest.mark.parametrize("colors", ["RGB", "RGBA"])
def test_a_palette_and_what_an_image_says_of_itself_come_along(colors: str) -> None:
    image = made("L").point(lambda value: value % 4).convert("L")
    image = Image.frombytes("P", image.size, image.tobytes())
    image.putpalette(bytes(range(4 * len(colors))), colors)
    image.info.update({"dpi": (72.0, 72.0), "transparency": 2, "icc_profile": b"\0\1", "comment": "of a lamp"})
    head, buffers = encode([image, "beside"])
    back, beside = decode(head, buffers)
    assert (back, beside) == (image, "beside")
    assert back.info == image.info
    assert back.getpalette(colors) == image.getpalette(colors)
    assert back.convert("RGBA").tobytes() == image.convert("RGBA").tobytes()
    changed = image.copy()
    assert changed.palette is not None
    changed.palette.getcolor((9, 9, 9, 255)[: len(colors)])
    assert decode(*encode(changed)).getpalette(colors) == changed.getpalette(colors)


def test_an_image_without_pixels_comes_back() -> None:
    image = Image.new("RGB", (0, 4))
    assert decode(*encode(image)) == image


def test_an_image_that_is_still_its_file_s_says_what_to_do(tmp_path: Path) -> None:
    made("RGB").save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        with pytest.raises(CodecError, match=r"image\.copy\(\)"):
            encode({"a": image})
        assert decode(*encode(image.copy())) == image.copy()


@pytest.mark.parametrize(
    "change",
    [
        {"s": [1 << 30, 1 << 30]}, {"s": [-13, -5]}, {"s": [13]}, {"m": "RGBA"}, {"m": "nothing"}, {"p": ["XYZ", 0]},
        {"p": ["RGB", 7]}, {"b": 7}, {"i": 5},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_image_is_refused(change: dict[str, Any]) -> None:
    head, buffers = encode(made("RGB"))
    with pytest.raises(CodecError):
        decode({**head, **change}, buffers)


def test_nobody_imports_pillow_for_other_values() -> None:
    code = "import sys\nfrom flodesk.engine.codec import decode, encode\n"
    code += "assert decode(*encode([1, 'a', {2}])) == [1, 'a', {2}]\n"
    code += "try:\n    encode(object())\nexcept ValueError: pass\nassert 'PIL' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
