"""Lines of a document replaced by others, so that cursor, selection and view stay where they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from PySide6.QtGui import QTextCursor, QTextDocument

from flodesk.ui.script.editor import ScriptEditor

Changes: TypeAlias = Sequence[tuple[int, int, tuple[str, ...]]]
"""Lines to replace (first, and the one after the last, from 0) and by what; from the last to the first."""


def bring(editor: ScriptEditor, changes: Changes) -> None:
    """Replace lines of an editor; what is seen stays where it is seen."""
    bar, across = editor.verticalScrollBar().value(), editor.horizontalScrollBar().value()
    first = editor.firstVisibleBlock().blockNumber()
    replace_lines(editor.document(), changes)
    editor.fold.find()
    header = editor.fold.lines
    if not editor.fold.on or header is None or first > header[1]:
        hidden = editor.fold.on and header is not None and all(end <= header[1] for _, end, _ in changes)
        above = 0 if hidden else sum(len(lines) - (end - start) for start, end, lines in changes if end <= first)
        editor.verticalScrollBar().setValue(bar + above)
    editor.horizontalScrollBar().setValue(across)


def replace_lines(document: QTextDocument, changes: Changes) -> None:
    """Replace lines, as one step of the document's own history."""
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for start, end, lines in changes:
        _replace(document, cursor, start, end, lines)
    cursor.endEditBlock()


def _replace(document: QTextDocument, cursor: QTextCursor, start: int, end: int, lines: tuple[str, ...]) -> None:
    """Put lines into the place of others; within a single line only what differs, so that a cursor in it stays."""
    count = document.blockCount()
    if end - start == len(lines):
        for number, line in zip(range(start, end), lines, strict=True):
            _replace_line(document, cursor, number, line)
        return
    both = min(end - start, len(lines))
    if both:
        _replace(document, cursor, start, start + both, lines[:both])
        start, lines = start + both, lines[both:]
    if lines:  # whole lines go in before `start`
        if start < count:
            cursor.setPosition(document.findBlockByNumber(start).position())
            cursor.insertText("".join(f"{line}\n" for line in lines))
        else:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText("".join(f"\n{line}" for line in lines))
        return
    if end < count:
        cursor.setPosition(document.findBlockByNumber(start).position())
        cursor.setPosition(document.findBlockByNumber(end).position(), QTextCursor.MoveMode.KeepAnchor)
    else:
        before = document.findBlockByNumber(start - 1)
        cursor.setPosition(before.position() + before.length() - 1 if before.isValid() else 0)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()


def _replace_line(document: QTextDocument, cursor: QTextCursor, number: int, line: str) -> None:
    block = document.findBlockByNumber(number)
    old = block.text()
    if old == line:
        return
    top, shorter = 0, min(len(old), len(line))
    while top < shorter and old[top] == line[top]:
        top += 1
    below = 0
    while below < shorter - top and old[-1 - below] == line[-1 - below]:
        below += 1
    cursor.setPosition(block.position() + _units(old[:top]))
    cursor.setPosition(block.position() + _units(old[: len(old) - below]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(line[top : len(line) - below])


def _units(text: str) -> int:
    """Return how many places a text takes in Qt's documents, which count in UTF-16."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)
