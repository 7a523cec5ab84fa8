"""Where the files that come with flodesk are: icons, style sheets, examples."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PACKED = _HERE / "resources"
_CHECKOUT = _HERE.parent.parent / "resources"


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


__all__ = ["resource"]
