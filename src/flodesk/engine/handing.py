"""Parts of a value that a screen asks for, and the whole of it into a file: what is big stays where it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flodesk.engine.calls import UNBOUND
from flodesk.engine.held_past import HeldPast, Of
from flodesk.engine.newest import newest
from flodesk.engine.run import Run
from flodesk.engine.threads import spawn_thread
from flodesk.engine.values import Buffers, encode
from flodesk.engine.zooming import zoomed
from flodesk.indicators import Lines, Sheet
from flodesk.indicators.as_text import text_as
from flodesk.indicators.columns import arranged, columns, write

MOST = 500
"""Rows of one answer: so many as a value has that nobody asked for."""


class Handing:
    """Answers questions about a value, each in a thread of its own, since to sort and to write takes its time.

    Parameters
    ----------
    send : callable
        Takes (head, buffers) of each frame.
    newest : callable
        Gives the newest run, None where there was none.
    past : HeldPast
        Has what is not the newest.
    """

    def __init__(
        self, send: Callable[[dict[str, Any], Buffers], None], newest: Callable[[], Run | None], past: HeldPast
    ) -> None:
        self._send = send
        self._newest = newest
        self._past = past
        self._order: tuple[Any, tuple[Any, ...], Any] | None = None
        """The table that was sorted last, by what, and the order: who scrolls asks for one page after the other."""

    def rows(
        self, q: int, name: str, start: int, count: int, sort: Sequence[Any] | None = None, find: str = "",
        of: Of | None = None,
    ) -> None:  # fmt: skip
        """Give some rows of the table that a port has, in an order, and how many there are."""

        def answer(value: Any) -> tuple[dict[str, Any], Buffers]:
            table = value.table if isinstance(value, Sheet) else value
            if not hasattr(table, "iloc"):
                return {"error": "it is no table any more"}, []
            order = self._ordered(table, (int(sort[0]), bool(sort[1])) if sort else None, find)
            total = len(table) if order is None else len(order)
            stop = start + min(count, MOST)
            part = table.iloc[start:stop] if order is None else table.iloc[order[start:stop]]
            head, buffers = encode(part)
            return {"part": head, "total": total, "whole": len(table)}, buffers

        self._beside(q, name, of, answer)

    def give(self, q: int, name: str, path: str, of: Of | None = None) -> None:
        """Write all of the value that a port has to a file."""

        def answer(value: Any) -> tuple[dict[str, Any], Buffers]:
            return {"written": write(columns(value), Path(path))}, []

        self._beside(q, name, of, answer)

    def text(self, q: int, name: str, how: dict[str, Any], of: Of | None = None) -> None:
        """Give cells of the table that a port has, or all of its value, as text; see `flodesk.indicators.as_text`."""

        def answer(value: Any) -> tuple[dict[str, Any], Buffers]:
            made = text_as(value, how, self._ordered)
            return {"rows": made.rows, "total": made.total}, [made.text.encode(errors="surrogatepass")]

        self._beside(q, name, of, answer)

    def zoom(self, q: int, name: str, of: Of, left: float, right: float, whole: bool = False) -> None:
        """Give the part of the curves that a port has between two places; see `flodesk.engine.zooming`."""
        self._beside(q, name, of, lambda value: zoomed(value, left, right, whole=whole))

    def lines(self, q: int, name: str, of: Of, start: int, count: int) -> None:
        """Give lines of the log that a port has, from the one with a number on; of those that are gone, none."""

        def answer(value: Any) -> tuple[dict[str, Any], Buffers]:
            if not isinstance(value, Lines):
                return {"error": "it is no log any more"}, []
            part = value.part(start, count)
            head, buffers = encode(part)
            return {"part": head}, buffers

        self._beside(q, name, of, answer)

    def _ordered(self, table: Any, sort: tuple[int, bool] | None, find: str) -> Any:
        if sort is None and not find:
            return None
        kept = self._order
        if kept is None or kept[0] is not table or kept[1] != (sort, find):
            self._order = kept = (table, (sort, find), arranged(table, sort, find))
        return kept[2]

    def _beside(
        self, q: int, name: str, of: Of | None, answer: Callable[[Any], tuple[dict[str, Any], Buffers]]
    ) -> None:
        value, why = self._value(name, of or {})
        if value is UNBOUND:
            self._send({"f": "answer", "q": q, "error": why}, [])
            return

        def work() -> None:
            try:
                head, buffers = answer(value)
            except Exception as error:  # noqa: BLE001 - values are foreign, and whoever asks waits for an answer
                head, buffers = {"error": str(error) or type(error).__name__}, []
            self._send({"f": "answer", "q": q, **head}, buffers)

        spawn_thread(work, f"flodesk part of {name}")

    def _value(self, name: str, of: Of) -> tuple[Any, str]:
        """Return the value that is meant, unbound where it is not there, and then why."""
        found = self._past.find(name, of)
        if found is not None:
            return found.value, ""
        if "mark" in of or "number" in of:
            return UNBOUND, "this value of the past is not held any more"
        run = self._newest()
        return newest(run.runners, name)[0] if run is not None else UNBOUND, "there is no value yet"
