"""Where the files that come with flodesk are: icons, style sheets, examples, the guide."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PACKED = _HERE / "resources"
_CHECKOUT = _HERE.parent.parent / "resources"
_DOCS = _HERE.parent.parent / "docs"


def resource(name: str = "") -> Path:
    """Return the path of a file or folder that comes with flodesk (``"examples/noisy_sine.py"``).

    A wheel holds them as ``flodesk/resources``; a checkout has them beside ``src``.

    Raises
    ------
    FileNotFoundError
        There is no such file: the installation is damaged, or the name is wrong.
    """
    root = _PACKED if _PACKED.is_dir() else _CHECKOUT
    path = root / name
    if not path.exists():
        raise FileNotFoundError(f"flodesk's own file {name!r} is missing (looked in {root}). Install flodesk again.")
    return path


def guide() -> Path:
    """Return the folder with the pages of the user's guide.

    A wheel holds them as ``flodesk/resources/guide``; in a checkout they are the folder ``docs``.

    Raises
    ------
    FileNotFoundError
        There is none: the installation is damaged.
    """
    return resource("guide") if _PACKED.is_dir() else _DOCS


__all__ = ["guide", "resource"]
