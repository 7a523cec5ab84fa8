"""What keys do to source text: indentation, comments, whole lines. Works on the lines that a cursor selects."""

from __future__ import annotations

from PySide6.QtGui import QTextBlock, QTextCursor

STEP = "    "


def blocks_of(cursor: QTextCursor) -> list[QTextBlock]:
    """Return the lines that a cursor selects; one at whose beginning the selection ends is not of them."""
    document = cursor.document()
    first = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if last.blockNumber() > first.blockNumber() and cursor.selectionEnd() == last.position():
        last = last.previous()
    found = [first]
    while found[-1].blockNumber() < last.blockNumber():
        found.append(found[-1].next())
    return found


def indent(cursor: QTextCursor) -> None:
    """Put blanks in up to the next stop; several lines go in by one step."""
    blocks = blocks_of(cursor)
    if len(blocks) == 1 and not _whole(cursor, blocks[0]):
        start = min(cursor.position(), cursor.anchor()) - blocks[0].position()
        cursor.insertText(" " * (len(STEP) - start % len(STEP)))
        return
    cursor.beginEditBlock()
    for block in blocks:
        if block.text().strip():
            QTextCursor(block).insertText(STEP)
    cursor.endEditBlock()


def dedent(cursor: QTextCursor) -> None:
    """Take one step of blanks off the beginning of the lines."""
    cursor.beginEditBlock()
    for block in blocks_of(cursor):
        text = block.text()
        blanks = len(text) - len(text.lstrip(" "))
        _cut(block, 0, (blanks - 1) % len(STEP) + 1 if blanks else 1 if text.startswith("\t") else 0)
    cursor.endEditBlock()


def new_line(cursor: QTextCursor) -> None:
    """Begin a line, indented as the one before; after a colon or an open bracket one step more."""
    first = cursor.document().findBlock(cursor.selectionStart())
    text = first.text()[: cursor.selectionStart() - first.position()]
    blanks = text[: len(text) - len(text.lstrip())]
    code = text.partition("#")[0].rstrip()
    more = STEP if code.endswith((":", "(", "[", "{")) else ""
    cursor.insertText(f"\n{blanks}{more}")


def back(cursor: QTextCursor) -> bool:
    """Take blanks before the cursor away, to the stop before; False if there is something else."""
    if cursor.hasSelection():
        return False
    before = cursor.block().text()[: cursor.positionInBlock()]
    if not before or before.strip(" "):
        return False
    for _ in range((len(before) - 1) % len(STEP) + 1):
        cursor.deletePreviousChar()
    return True


def comment(cursor: QTextCursor) -> None:
    """Make the lines comments; where all of them are, take the signs out."""
    blocks = [block for block in blocks_of(cursor) if block.text().strip()]
    if not blocks:
        return
    cursor.beginEditBlock()
    if all(block.text().lstrip().startswith("#") for block in blocks):
        for block in blocks:
            at = block.text().index("#")
            _cut(block, at, 2 if block.text()[at + 1 : at + 2] == " " else 1)
    else:
        at = min(len(block.text()) - len(block.text().lstrip()) for block in blocks)
        for block in blocks:
            place = QTextCursor(block)
            place.setPosition(block.position() + at)
            place.insertText("# ")
    cursor.endEditBlock()


def whole_lines(cursor: QTextCursor) -> QTextCursor:
    """Return a cursor that selects the line with its end; the last one of a text with the end of the one before."""
    block = cursor.block()
    found = QTextCursor(block)
    if block.next().isValid():
        found.setPosition(block.next().position(), QTextCursor.MoveMode.KeepAnchor)
    else:
        found.setPosition(max(block.position() - 1, 0))
        found.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
    return found


def _whole(cursor: QTextCursor, block: QTextBlock) -> bool:
    """Whether all of a line that is not blank is selected."""
    chosen = cursor.selectionEnd() - cursor.selectionStart()
    return bool(block.text().strip()) and chosen >= len(block.text())


def _cut(block: QTextBlock, at: int, count: int) -> None:
    cursor = QTextCursor(block)
    cursor.setPosition(block.position() + at)
    cursor.setPosition(block.position() + at + count, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
