"""Sets of values for controls, kept with the flow: ``[tool.flodesk.presets]``, one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.edit.header import PRESETS, SetHeader, with_header
from flodesk.flow.model import Flow


def presets(flow: Flow) -> dict[str, Mapping[str, Any]]:
    """Return the presets of a flow by name: values by ``function.node.parameter``; what is none is left out."""
    table = flow.header.settings.get(PRESETS)
    return {n: line for n, line in table.items() if isinstance(line, Mapping)} if isinstance(table, Mapping) else {}


@dataclass(frozen=True, slots=True)
class SetPreset:
    """Keep values under a name, or, with None, forget them."""

    name: str
    values: Mapping[str, Any] | None

    @property
    def title(self) -> str:
        """In words."""
        return f"{'Keep' if self.values is not None else 'Remove'} the preset “{self.name}”"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write its line.

        Raises
        ------
        EditError
            The header has something else under that name, which would be lost.
        """
        before = flow.header.settings.get(PRESETS, {})
        if not isinstance(before, Mapping):
            raise EditError(f"The header has something else under “{PRESETS}”: give that another name first.")
        table = {name: line for name, line in before.items() if name != self.name or self.values is not None}
        if self.values is not None:
            table[self.name] = dict(self.values)
        settings = {name: value for name, value in flow.header.settings.items() if name != PRESETS or table}
        if table:
            settings[PRESETS] = table
        return with_header(flow, settings=settings), SetHeader(flow.header, self.title)
