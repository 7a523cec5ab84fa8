"""The pages of the control panel: ``pages`` of ``[tool.flodesk]``, which keeps their order, and those without views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.edit.header import SetPanel, with_header, with_table
from flodesk.flow.model import Flow, View

PAGES = "pages"


def pages(flow: Flow) -> tuple[str, ...]:
    """Return the names of the panel's pages in their order; that of the one without a name is empty.

    A page that the header does not list is there if a view stands on it: the one without a name before the others, all
    else behind them, as their views stand in the file. There is always one page at least.
    """
    listed = flow.header.settings.get(PAGES)
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list | tuple) else []
    panel = flow.header.panel
    used = dict.fromkeys(view.page for function in panel_functions(flow) for view in panel[function].values())
    first = [""] if "" in used and "" not in names else []
    return tuple(dict.fromkeys((*first, *names, *used))) or ("",)


def panel_functions(flow: Flow) -> tuple[str, ...]:
    """Return the functions that the panel shows something of, as they are run and then as they are written.

    The tables of the header may come and go in another order before it is written and read again.
    """
    known = (*flow.mains, *flow.functions, *sorted(flow.header.panel))
    return tuple(name for name in dict.fromkeys(known) if name in flow.header.panel)


@dataclass(frozen=True, slots=True)
class SetPages:
    """Give the panel these pages, in this order.

    Attributes
    ----------
    moved : mapping
        For pages that are not what they were: the page that their views stand on from now on, or None to take the
        views off the panel.
    """

    pages: tuple[str, ...]
    title: str
    moved: Mapping[str, str | None] = field(default_factory=dict)

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Write the pages and what stands on them into the header.

        Raises
        ------
        EditError
            The header has something else under that name, which would be lost.
        """
        before = flow.header.settings.get(PAGES, ())
        if not isinstance(before, list | tuple) or not all(isinstance(name, str) for name in before):
            raise EditError(f"The header has something else under “{PAGES}”: write a list of names there first.")
        settings = {name: value for name, value in flow.header.settings.items() if name != PAGES}
        if self.pages not in ((), ("",)):
            settings[PAGES] = list(self.pages)
        panel: Mapping[str, Mapping[str, View]] = flow.header.panel
        for function, views in flow.header.panel.items():
            kept = {name: now for name, view in views.items() if (now := self._placed(view)) is not None}
            if kept != views:
                panel = with_table(panel, function, kept)
        changes: dict[str, Any] = {"settings": settings, "panel": panel}
        return with_header(flow, **changes), SetPanel(flow.header, self.title)

    def _placed(self, view: View) -> View | None:
        page = self.moved.get(view.page, view.page)
        return None if page is None else view if page == view.page else replace(view, page=page)
