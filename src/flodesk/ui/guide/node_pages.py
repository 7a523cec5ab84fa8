"""Pages made from what node types say of themselves: one for each, one for a shelf, and the list of shelves."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from flodesk.flow.catalog import Catalog, shelf_rank
from flodesk.flow.example_flow import can_be_tried
from flodesk.flow.spec import NodeSpec
from flodesk.ui.guide.book import anchor
from flodesk.ui.guide.markup import NODE, PICTURE, SHELF, SHELVES
from flodesk.ui.help import example_html, ports_html, prose, rich
from flodesk.ui.library.shelves import shelf_title

TRY, CARD = "try:", f"{PICTURE}card"
"""The link that opens the example of a node type, and the name of the picture of its card."""


def node_html(spec: NodeSpec, card: tuple[int, int] | None) -> str:
    """Return the page of a node type; `card` is width and height in pixels of the picture of its card."""
    shelf = f"<a href='{SHELF}{escape(spec.category)}'>{escape(shelf_title(spec.category))}</a>"
    picture = (
        f"<p class='picture'><img src='{CARD}' width='{card[0]}' height='{card[1]}'></p>" if card is not None else ""
    )
    tried = f"<p><a href='{TRY}{escape(spec.path)}'>Try the example</a> in a window of its own.</p>"
    return "".join(
        (
            f"<p class='way'><a href='{SHELVES}'>Node types</a> › {shelf}</p>",
            f"<h1>{escape(spec.title)}</h1><p class='way'><code>{escape(spec.path)}</code></p>",
            picture,
            prose(spec.help or spec.summary) or "<p class='way'>It has no docstring.</p>",
            ports_html(spec),
            example_html(spec),
            tried if can_be_tried(spec) else "",
        )
    )


def shelf_html(shelf: str, catalog: Catalog) -> str:
    """Return the page of a shelf: its node types, each with what it does; empty if there is no such shelf."""
    specs = on_shelf(shelf, catalog)
    if not specs:
        return ""
    rows = "".join(
        f"<p><a href='{NODE}{escape(spec.path)}'><b>{escape(spec.title)}</b></a><br>{rich(spec.summary)}</p>"
        for spec in specs
    )
    title = escape(shelf_title(shelf))
    return f"<p class='way'><a href='{SHELVES}'>Node types</a></p><h1>{title}</h1>{rows}"


def shelves_html(catalog: Catalog) -> str:
    """Return the page of all shelves."""
    rows = "".join(
        f"<p><a href='{SHELF}{escape(name)}'><b>{escape(shelf_title(name))}</b></a> "
        f"<span class='way'>{_named(on_shelf(name, catalog))}</span></p>"
        for name in shelves(catalog)
    )
    told = "F1 shows the page of the node that is selected on the canvas, in the library or in quick add."
    return f"<h1>Node types</h1><p>{told}</p>{rows}"


def shelves(catalog: Catalog) -> list[str]:
    """Return the shelves that there are, in the order of the library."""
    return sorted({spec.category for spec in catalog.specs.values()}, key=shelf_rank)


def on_shelf(shelf: str, catalog: Catalog) -> list[NodeSpec]:
    """Return the node types of a shelf by their titles."""
    specs = (spec for spec in catalog.specs.values() if spec.category == shelf)
    return sorted(specs, key=lambda spec: spec.title.casefold())


def of_heading(shelf: str, heading: str, catalog: Catalog) -> NodeSpec | None:
    """Return the node type that a heading of the reference stands for."""
    return next((spec for spec in on_shelf(shelf, catalog) if anchor(spec.title) == heading), None)


def _named(specs: Iterable[NodeSpec]) -> str:
    titles = [escape(spec.title) for spec in specs]
    more = f" and {len(titles) - 6} more" if len(titles) > 6 else ""
    return ", ".join(titles[:6]) + more


__all__ = ["CARD", "TRY", "node_html", "of_heading", "on_shelf", "shelf_html", "shelves", "shelves_html"]
