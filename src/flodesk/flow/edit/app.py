"""The settings of a flow as an app: ``[tool.flodesk.app]``, one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flodesk.flow.app import APP
from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.edit.header import SetHeader, with_header
from flodesk.flow.model import Flow


@dataclass(frozen=True, slots=True)
class SetApp:
    """Write lines about the app; None takes a line out. What else stands in the table stays."""

    lines: Mapping[str, str | bool | None]

    @property
    def title(self) -> str:
        """In words."""
        return "Change the app"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write them.

        Raises
        ------
        EditError
            The header has something else under that name, which would be lost.
        """
        before = flow.header.settings.get(APP, {})
        if not isinstance(before, Mapping):
            raise EditError(f"The header has something else under “{APP}”: give that another name first.")
        table: dict[str, Any] = {name: value for name, value in before.items() if name not in self.lines}
        table |= {name: value for name, value in self.lines.items() if value is not None}
        settings = {name: value for name, value in flow.header.settings.items() if name != APP or table}
        if table:
            settings[APP] = table
        return with_header(flow, settings=settings), SetHeader(flow.header, self.title)
