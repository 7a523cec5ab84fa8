"""What a file becomes on a canvas, by its kind."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flodesk.flow.declared import own_specs
from flodesk.flow.incoming.notebook import text_of_notebook
from flodesk.flow.incoming.python_file import function_text
from flodesk.flow.incoming.recording import columns_of_arrow, columns_of_csv, player
from flodesk.flow.script import ScriptError, load
from flodesk.flow.wiring.naming import identifier
from flodesk.flow.wiring.refused import Refused

_START = 1 << 16
"""Bytes of a table that are looked at to find out how it is written."""
_TEXT_MOST = 20 << 20
"""Bytes of a notebook or a script beyond which it is none that somebody wrote."""


class Untaken(ValueError):  # noqa: N818 - an answer to a hand, as `Refused` is
    """A file that becomes nothing here; the text says why, and what to do."""


@dataclass(frozen=True)
class Incoming:
    """What a file becomes.

    Attributes
    ----------
    text : str
        Python to be pasted; empty if there is something to choose, or a flow to open.
    opens : bool
        It is a flow, or a script without functions: it can be opened, and that alone.
    functions : mapping of name to text
        Of a file of functions: the Python that makes a node of each.
    ways : mapping of name to text
        The Python of each of several things that it can become; `text` is the first of them.
    about : mapping of name to text
        What each of the functions, or the ways, does or takes.
    remark : str
        What is to be known about it.
    """

    path: Path
    text: str = ""
    opens: bool = False
    functions: Mapping[str, str] = field(default_factory=dict)
    ways: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""


def becomes(path: Path) -> str:
    """Say in a few words what a file becomes, by its name alone; empty if nothing."""
    return next((words for words, suffixes, _ in _KINDS if path.suffix.lower() in suffixes), "")


def take_in(path: Path, folder: Path | None) -> Incoming:
    """Find out what a file becomes in a flow that stands in a folder (None: nowhere yet).

    Raises
    ------
    Untaken
        Nothing: the text says why.
    """
    if path.is_dir():
        raise Untaken(f"{path.name} is a folder: drop the files in it.")
    make = next((make for _, suffixes, make in _KINDS if path.suffix.lower() in suffixes), None)
    if make is None:
        known = ", ".join(suffixes[0] for _, suffixes, _ in _KINDS)
        raise Untaken(f"No node reads {path.name}. What can be dropped: {known}, and their like.")
    try:
        if not path.is_file():
            raise Untaken(f"{path.name} is no file, or is not there any more.")
        if path.stat().st_size == 0:
            raise Untaken(f"{path.name} is empty.")
        return make(path, folder)
    except PermissionError as error:
        raise Untaken(f"{path.name} may not be read: change its permissions.") from error
    except OSError as error:
        raise Untaken(f"{path.name} cannot be read: {error.strerror or error}.") from error


def named(path: Path, folder: Path | None) -> str:
    """Return how a flow in a folder names a file: by its way from there if it is inside, else as a whole."""
    whole = path.resolve()
    if folder is not None and whole.is_relative_to(folder.resolve()):
        return whole.relative_to(folder.resolve()).as_posix()
    return str(whole)


def _line(path: Path, call: str, imported: str, folder: Path | None, *more: str) -> Incoming:
    arguments = ", ".join([_quoted(named(path, folder)), *more])
    return Incoming(path, f"{imported}\n\n{identifier(path.stem)} = {call}({arguments})\n")


def _quoted(text: str) -> str:
    plain = text.isprintable() and '"' not in text and "\\" not in text
    return f'"{text}"' if plain else repr(text)


# ------------------------------------------------------------------ tables, texts, pictures
_OURS = "from flodesk.nodes import file"


def _csv(path: Path, folder: Path | None) -> Incoming:
    with path.open("rb") as stream:
        start = stream.read(_START)
    if b"\0" in start:
        raise Untaken(f"{path.name} is no text, so it is no CSV file.")
    encoding = _encoding(start)
    lines = codecs.getincrementaldecoder(encoding)("replace").decode(start).splitlines()
    first = next((line for line in lines if line.strip()), "")
    counts = {separator: first.count(separator) for separator in ",;\t|"}
    separator = max(counts, key=lambda s: counts[s])
    if not counts[separator]:
        separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    more = [f"separator={separator!r}".replace("'", '"')] if separator != "," else []
    more += [f'encoding="{encoding}"'] if encoding != "utf-8" else []
    table = _line(path, "file.read_csv", _OURS, folder, *more)
    columns = columns_of_csv(first) if separator == "," and encoding != "cp1252" else []
    if not columns:
        return table
    played = player(_quoted(named(path, folder)), path.stem, columns)
    return replace(table, ways={"Table": table.text, "Player": played}, about=_AS_TABLE)


_AS_TABLE = {"Table": "all rows at once", "Player": "a turn after the other, at its own pace"}


def _arrow(path: Path, folder: Path | None) -> Incoming:
    with path.open("rb") as stream:
        start = stream.read(_START)
    return Incoming(path, player(_quoted(named(path, folder)), path.stem, columns_of_arrow(start)))


def _recording(path: Path, folder: Path | None) -> Incoming:
    return Incoming(path, player(_quoted(named(path, folder)), path.stem, ()))


def _encoding(start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _text(path: Path, folder: Path | None) -> Incoming:
    with path.open("rb") as stream:
        start = stream.read(_START)
    if b"\0" in start:
        raise Untaken(f"{path.name} is no text.")
    encoding = _encoding(start)
    more = [f'encoding="{encoding}"'] if encoding != "utf-8" else []
    return _line(path, "file.read_text", _OURS, folder, *more)


def _json(path: Path, folder: Path | None) -> Incoming:
    return _line(path, "file.read_json", _OURS, folder)


def _image(path: Path, folder: Path | None) -> Incoming:
    return _line(path, "file.read_image", _OURS, folder)


def _of(call: str) -> Callable[[Path, Path | None], Incoming]:
    """Return what makes a node of a function of another package."""
    return lambda path, folder: _line(path, call, f"import {call.partition('.')[0]}", folder)


# ------------------------------------------------------------------ Python
def _notebook(path: Path, folder: Path | None) -> Incoming:
    _not_too_large(path)
    try:
        text, remark = text_of_notebook(path.read_bytes())
    except ValueError as error:
        raise Untaken(f"{path.name} {error}") from error
    return Incoming(path, text, remark=f"{path.name}: {remark}" if remark else "")


def _python(path: Path, folder: Path | None) -> Incoming:
    _not_too_large(path)
    try:
        flow = load(path)
    except ScriptError as error:
        raise Untaken(f"{path.name} cannot be read: {error}.") from error
    specs = {name: spec for name, spec in own_specs(flow).items() if not name.startswith("_")}
    names = list(specs)
    if flow.mains or not names:
        return Incoming(path, opens=True)
    module = named(path, folder).removesuffix(path.suffix).replace("/", ".") if folder else ""
    beside = module if all(part.isidentifier() for part in module.split(".")) and path.suffix == ".py" else ""
    try:
        texts = {name: function_text(flow, name, beside) for name in names}
    except Refused as problem:
        raise Untaken(f"{path.name}: {problem}") from problem
    away = "" if beside else f"{path.name} is not beside the flow's file, so its text was copied into the flow."
    about = {name: spec.summary or f"({', '.join(p.name for p in spec.parameters)})" for name, spec in specs.items()}
    return Incoming(path, functions=texts, about=about, remark=away)


def _not_too_large(path: Path) -> None:
    size = path.stat().st_size
    if size > _TEXT_MOST:
        raise Untaken(f"{path.name} has {size >> 20} MB: that is no script that somebody wrote.")


_KINDS: tuple[tuple[str, tuple[str, ...], Callable[[Path, Path | None], Incoming]], ...] = (
    ("a table", (".csv", ".tsv", ".tab"), _csv),
    ("an image", (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), _image),
    ("a flow, or functions as nodes", (".py", ".pyw"), _python),
    ("nodes", (".ipynb",), _notebook),
    ("text", (".txt", ".md", ".log"), _text),
    ("its data", (".json",), _json),
    ("a table", (".parquet", ".pq"), _of("pandas.read_parquet")),
    ("a player", (".arrows",), _arrow),
    ("a player", (".tdms", ".h5", ".hdf5", ".sqlite"), _recording),
    ("a table", (".feather",), _of("pandas.read_feather")),
    ("a table", (".xlsx", ".xls"), _of("pandas.read_excel")),
    ("an array", (".npy",), _of("numpy.load")),
)
"""What files of some endings become, in words, and how."""
