"""What flodesk shares with an environment, told to an installer that looks into the environment alone.

For each shared package a wheel that holds nothing but its metadata: the installer reckons with that version, without a
network, and it is never installed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path

from flodesk.engine.environments.environment import normal

_WHEEL = "Wheel-Version: 1.0\nGenerator: flodesk\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def stand_ins(folder: Path, shared: Mapping[str, str], path: Iterable[str]) -> list[str]:
    """Make them in a folder; returns the options by which uv finds them.

    Parameters
    ----------
    shared : mapping of str to str
        Versions of the packages, by their normal names.
    path : iterable of str
        The folders that they lie in.
    """
    made: set[str] = set()
    for one in distributions(path=list(path)):
        told = one.read_text("METADATA")
        name = normal(one.metadata["Name"] or "") if told else ""
        if told is None or name in made or shared.get(name) != one.version:
            continue
        made.add(name)
        stem = f"{name.replace('-', '_')}-{one.version}"
        with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{stem}.dist-info/METADATA", told)
            wheel.writestr(f"{stem}.dist-info/WHEEL", _WHEEL)
            wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return [f"--find-links={folder}"]


__all__ = ["stand_ins"]
