"""Floors that the import linter cannot see: which part of Qt, and imports that hide inside functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "flodesk"
MODULES = sorted(SOURCE.rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 100


def test_qt_stays_in_the_window_and_qtcore_in_the_engines_own_process() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line} imports {name}"
        for path in MODULES
        for name, line in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in {"PySide6", "pyqtgraph", "NodeGraphQt", "shiboken6"}
        and path.relative_to(SOURCE).parts[0] not in {"ui", "app.py"}
        and not (path.name == "host.py" and name.startswith("PySide6.QtCore"))
    ]
    assert found == []


def test_nodegraphqt_comes_in_through_the_canvas_alone() -> None:
    found = {
        path.relative_to(SOURCE).parent.as_posix()
        for path in MODULES
        for name, _ in imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in {"NodeGraphQt", "Qt"}
    }
    assert found == {"ui/canvas"}


def test_no_import_of_ours_hides_inside_a_function() -> None:
    found = []
    for path in MODULES:
        if path.relative_to(SOURCE).parts[0] == "cli" or path == SOURCE / "__init__.py":
            continue  # the two that may, so that a headless run loads no window
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found += [f"{path}:{line}" for name, line in imports(function) if name.split(".")[0] == "flodesk"]
    assert found == []


def test_no_import_is_for_types_alone() -> None:
    assert [str(p) for p in MODULES if "TYPE_CHECKING" in p.read_text(encoding="utf-8")] == []


def test_every_painter_ends_with_its_block() -> None:
    """A painter in the traceback of a failure may outlive what it paints on; when it ends then, so does the program."""
    found = []
    for path in MODULES:
        if "QPainter" not in (text := path.read_text(encoding="utf-8")):
            continue
        tree = ast.parse(text)
        held = {item.context_expr for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
        found += [
            f"{path.relative_to(SOURCE)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ((getattr(node.func, "id", "") == "QPainter" and node not in held) or _ends_a_painter(node))
        ]
    assert found == []


def _ends_a_painter(call: ast.Call) -> bool:
    """Say whether a painter is ended by hand: the end of its block would do that again, and Qt says so each time."""
    target = call.func
    return isinstance(target, ast.Attribute) and target.attr == "end" and getattr(target.value, "id", "") == "painter"
