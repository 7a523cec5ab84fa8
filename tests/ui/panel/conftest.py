"""A panel on a document that was read from a file, as the window has it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from pytestqt.qtbot import QtBot

from flodesk.flow.catalog import Catalog
from flodesk.flow.document import Document
from flodesk.ui.panel import ControlPanel

OpenPanel = Callable[[str], ControlPanel]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.builtin()


@pytest.fixture
def open_panel(qtbot: QtBot, tmp_path: Path, catalog: Catalog) -> OpenPanel:
    """Return a function that opens a flow's text and shows its panel, 760 × 620 pixels large."""

    def opened(text: str) -> ControlPanel:
        path = tmp_path / "flow.py"
        path.write_text(text, encoding="utf-8")
        document = Document()
        document.open(path)
        panel = ControlPanel(document, catalog)
        qtbot.addWidget(panel)
        panel.resize(760, 620)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return opened


@pytest.fixture
def flow_text() -> Callable[..., str]:
    """Return a function that writes a flow's text from lines of its body and lines of its panel table."""

    def made(body: list[str], views: list[str], rest: str = "") -> str:
        table = "".join(f"# {line}\n" for line in ["[tool.flodesk.panel.flow]", *views]) if views else ""
        return (
            '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["flodesk"]\n#\n'
            + "# [tool.flodesk]\n# version = 1\n#\n"
            + table
            + "# ///\nimport flodesk\nfrom flodesk.nodes import control, maths, show, source, timing\n\n\n"
            + "def flow():\n"
            + "".join(f"    {line}\n" for line in body)
            + f'{rest}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n'
        )

    return made


@pytest.fixture(scope="session")
def gallery() -> ModuleType:
    """Return the program that makes the pictures of all forms: tests show the same cards."""
    name = "flodesk_panel_gallery"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
