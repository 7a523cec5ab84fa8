"""What a file would import and could do, if it were run: read from its text, and from that of the files beside it.

Nothing is run or imported. It is what a careful reader would look for first, and no proof: code can hide what it does.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flodesk.flow.imported import absolute, identity, imports_of, is_there, package_of, places_of
from flodesk.flow.requires import is_installed
from flodesk.flow.script import ScriptError, content, decode
from flodesk.flow.syntax import parse_tree

Origin = Literal["beside", "package", "missing", "python"]

_DOES = {
    "starts other programs": (
        "subprocess", "os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn", "pty",
        "flodesk.nodes.system.command",
    ),
    "uses the network": (
        "socket", "urllib", "http", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "websockets", "paramiko",
        "flodesk.nodes.web", "flodesk.nodes.system.send_email", "flodesk.nodes.system.MqttPublish",
        "flodesk.nodes.system.mqtt_subscribe",
    ),
    "deletes or moves files": (
        "os.remove", "os.unlink", "os.rmdir", "os.rename", "os.replace", "shutil.rmtree", "shutil.move",
    ),
    "runs text as code": ("eval", "exec", "compile", "__import__", "importlib", "runpy", "code"),
    "calls into the system's libraries": ("ctypes", "cffi", "winreg", "mmap"),
    "reads pickles, which can run code": ("pickle", "dill", "joblib", "shelve", "marshal"),
    "reads the environment": (
        "os.environ", "os.getenv", "keyring", "getpass", "flodesk.nodes.system.environment_variable",
    ),
}  # fmt: skip
_METHODS = {
    "deletes or moves files": ("unlink", "rmdir", "rmtree"),
    "writes files": ("write_text", "write_bytes"),
}
"""Methods of objects whose type the text does not tell, by what they do for paths."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A module that is imported: its name, where from, and the lines (``file:line``) that do it."""

    name: str
    origin: Origin
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the text does or could do: in words, and where."""

    words: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """What was found.

    Attributes
    ----------
    imports : tuple of Imported
        Files beside it first, then packages, then what is not there, then Python's own.
    deeds : tuple of Deed
    unread : tuple of str
        Files beside it that could not be read, and why.
    """

    imports: tuple[Imported, ...] = ()
    deeds: tuple[Deed, ...] = ()
    unread: tuple[str, ...] = ()


def look_over(text: str, name: str, folder: Path | None) -> Foreign:
    """Read what a script, called `name`, imports and could do, with the files of its `folder` that it imports."""
    imports: dict[tuple[Origin, str], list[str]] = {}
    deeds: dict[str, list[str]] = {}
    unread: list[str] = []
    waiting, seen = [(name, text, "")], {identity(folder / name)} if folder else set()
    while waiting:
        file, source, package = waiting.pop(0)
        try:
            tree = parse_tree(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as why:
            unread.append(f"{file}: {why}")
            continue
        for module, line in imports_of(tree, package):
            beside = [path for path in places_of(folder, module) if is_there(path)] if folder else []
            origin = _origin(module, bool(beside))
            if origin != "missing" or not _is_folder(folder, module):  # a folder by itself runs nothing
                listed = _module_of(beside[-1], folder) if folder and beside else module.partition(".")[0]
                imports.setdefault((origin, listed), []).append(f"{file}:{line}")
            for path in beside:
                if folder is not None and (key := identity(path)) not in seen:
                    seen.add(key)
                    called = path.relative_to(folder).as_posix()
                    try:
                        waiting.append((called, _text_of(path), package_of(path, folder)))
                    except (ScriptError, OSError) as why:
                        unread.append(f"{called}: {why}")
        for words, line in _deeds(tree, package):
            deeds.setdefault(words, []).append(f"{file}:{line}")
    order: tuple[Origin, ...] = ("beside", "package", "missing", "python")
    keys = sorted(imports, key=lambda key: (order.index(key[0]), key[1]))
    return Foreign(
        tuple(Imported(module, origin, _once(imports[origin, module])) for origin, module in keys),
        tuple(Deed(words, _once(where)) for words, where in deeds.items()),
        tuple(unread),
    )


def _once(lines: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))


def _is_folder(folder: Path | None, module: str) -> bool:
    try:
        return folder is not None and folder.joinpath(*module.split(".")).is_dir()
    except OSError:
        return False


def _text_of(file: Path) -> str:
    if file.suffix != ".py":
        raise ScriptError("it is compiled: what it does cannot be read", 0)
    return decode(content(file))[0]


def _module_of(file: Path, folder: Path) -> str:
    *packages, name = file.relative_to(folder).parts
    stem = name.partition(".")[0]
    return ".".join(packages if stem == "__init__" else (*packages, stem))


def _origin(module: str, beside: bool) -> Origin:
    head = module.partition(".")[0]
    if beside:
        return "beside"
    if head in sys.stdlib_module_names:
        return "python"
    return "package" if is_installed(head) else "missing"


def _names(tree: ast.AST, package: str) -> dict[str, str]:
    """Return what the imported names of a file stand for, by dotted path."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{absolute(node, package)}.{alias.name}" for alias in node.names}
    return found


def _deeds(tree: ast.AST, package: str) -> Iterator[tuple[str, int]]:
    known = _names(tree, package)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module, line in imports_of(node, package):
                for words, paths in _DOES.items():
                    if any(_at(module, path) for path in paths if "." not in path or isinstance(node, ast.ImportFrom)):
                        yield words, line
        elif isinstance(node, ast.Attribute | ast.Name):
            path = _path(node, known)
            for words, paths in _DOES.items():
                if path and any(_at(path, wanted) for wanted in paths):
                    yield words, node.lineno
        if isinstance(node, ast.Call):
            yield from _calls(node)


def _calls(node: ast.Call) -> Iterator[tuple[str, int]]:
    if isinstance(node.func, ast.Attribute):
        for words, methods in _METHODS.items():
            if node.func.attr in methods:
                yield words, node.lineno
    if isinstance(node.func, ast.Name) and node.func.id == "open":
        mode = next((k.value for k in node.keywords if k.arg == "mode"), node.args[1] if len(node.args) > 1 else None)
        text = mode.value if isinstance(mode, ast.Constant) else "r" if mode is None else "?"
        if isinstance(text, str) and set(text) & set("wax+?"):
            yield "writes files", node.lineno


def _path(node: ast.expr, known: dict[str, str]) -> str:
    """Return the dotted path of an expression; empty where it does not begin with a name of a module or of Python."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    head = known.get(node.id)
    if head is None:
        bare = not parts and node.id in ("eval", "exec", "compile", "__import__")
        return node.id if bare else ""
    return ".".join([head, *reversed(parts)])


def _at(path: str, wanted: str) -> bool:
    """Whether a path is what is wanted, or in it; ``os.exec`` stands for all of that beginning."""
    return path == wanted or path.startswith(f"{wanted}.") or ("." in wanted and path.startswith(wanted))
