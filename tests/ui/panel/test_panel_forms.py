"""The table of forms and the widgets behind it say the same; a view can ask for another form than its node has."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from flodesk.engine.client import Sample
from flodesk.flow import forms
from flodesk.flow.catalog import Catalog
from flodesk.public import Lamp, Number, Tank
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.controls.control import Control
from flodesk.ui.panel.controls.slider import Slider
from flodesk.ui.panel.controls.switches import NumberControl
from flodesk.ui.panel.faces.dials.bars import TankFace
from flodesk.ui.panel.faces.face import Face
from flodesk.ui.panel.faces.lamp import LampFace
from flodesk.ui.panel.faces.small_faces import NumberFace, TextFace
from flodesk.ui.panel.kinds import CONTROLS, FACES, control_class, face_class
from flodesk.ui.panel.setting import Gone

OpenPanel = Callable[[str], ControlPanel]


def test_every_form_has_a_widget_and_every_widget_a_form() -> None:
    assert {form.name for form in forms.FORMS if form.role == "control"} == set(CONTROLS)
    assert {form.name for form in forms.FORMS if form.role == "indicator"} == set(FACES)
    assert len({form.key for form in forms.FORMS}) == len(forms.FORMS), "a key is of one form"


@pytest.mark.parametrize("form", forms.FORMS, ids=lambda form: form.key)
def test_a_form_is_whole(form: forms.Form, catalog: Catalog) -> None:
    if form.role == "control":
        assert issubclass(control_class(form.name), Control)
    else:
        assert issubclass(face_class(form.name), Face)
        assert form.kind is not None
        assert forms.of_value(form.kind) is form, "a value of its kind finds it"
        assert form.shows(form.kind)
    assert form.title
    assert 1 <= form.size[0] <= 12
    assert form.size[1] >= 1
    kept = form.kind is not None and form.role == "indicator"
    own = form.role == "control"  # one that sets what no other has: it comes with its node alone
    assert form.types or kept or own, "it is offered for some type of value, or a node makes what it shows"
    for name in (form.name, *form.nodes):
        spec = catalog.find(f"flodesk.nodes.{form.key.partition('.')[0]}.{name}")
        if spec is not None:
            assert forms.of_node(spec) is form
    assert len({option.name for option in form.options} | {"as"}) == len(form.options) + 1


def test_every_node_of_the_panel_has_a_form(catalog: Catalog) -> None:
    shelves = ("flodesk.nodes.show.", "flodesk.nodes.control.")
    mine = [spec for path, spec in catalog.specs.items() if path.startswith(shelves)]
    assert mine
    assert [spec.path for spec in mine if forms.of_node(spec) is None] == []


def view(key: str, panel: ControlPanel) -> Control | Face:
    content = panel.board.cards[f"flow.{key}"].content
    assert isinstance(content, Control | Face)
    return content


def test_a_view_asks_for_another_form(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    body = ["level = control.slider(2.0, minimum=0.0, maximum=5.0)", "shown = show.number(level)"]
    views = [
        "level = [0, 0, 4, 2]",
        'typed = { at = [4, 0, 3, 2], shows = "level", options = { as = "control.number" } }',
        'told = { at = [7, 0, 3, 2], shows = "level", options = { as = "show.number" } }',
        'words = { at = [0, 2, 3, 2], shows = "shown", options = { as = "show.text" } }',
        'odd = { at = [3, 2, 3, 2], shows = "shown", options = { as = "show.line" } }',
        'unknown = { at = [6, 2, 3, 2], shows = "shown", options = { as = "show.crystal_ball" } }',
    ]
    panel = open_panel(flow_text(body, views))
    assert type(view("level", panel)) is Slider
    assert type(view("typed", panel)) is NumberControl
    assert type(view("told", panel)) is NumberFace, "a control that is shown only"
    panel.show_values({"flow.level": Sample(1, 2.0), "flow.shown": Sample(1, Number(value=2.5, unit="V"))})
    told, words = view("told", panel), view("words", panel)
    assert isinstance(told, NumberFace)
    assert told.text == "2.000"
    assert isinstance(words, TextFace)
    assert words.edit.toPlainText() == "2.5 V"
    assert type(view("odd", panel)) is NumberFace, "a plot shows no single number: the value decides"
    assert type(view("unknown", panel)) is NumberFace


def test_what_a_view_says_of_its_looks_changes_no_flow_and_keeps_the_face(
    open_panel: OpenPanel, flow_text: Callable[..., str]
) -> None:
    text = flow_text(["shown = show.number(3)"], ['shown = { at = [0, 0, 3, 2], options = { as = "show.text" } }'])
    panel = open_panel(text)
    assert type(view("shown", panel)) is TextFace
    assert panel.document.flow.header.panel["flow"]["shown"].options == (("as", "show.text"),)


STATEFUL = '''

class Trend:
    """Remember the last values."""

    def __init__(self) -> None:
        self.seen = []

    def __call__(self, value: float) -> Line:
        """Take a value."""
        self.seen.append(value)
        return Line()
'''


def test_an_indicator_that_remembers_is_offered_and_shown(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    body = ["trend = Trend()", "for turn in timing.every(0.1):", "    chart = trend(turn)"]
    text = flow_text(body, []).replace("import flodesk\n", "import flodesk\nfrom flodesk.public import Line\n")
    panel = open_panel(text.replace("\n\n\ndef flow", f"{STATEFUL}\n\ndef flow"))
    assert [node.id for node in panel.views.available()["flow"]] == ["trend"]
    panel.views.add("flow.trend")
    panel.refresh()
    card = panel.board.cards["flow.trend"]
    assert card.variable == "flow.chart"
    panel.show_values({"flow.chart": Sample(1, Lamp(on=True))})
    assert type(card.content) is LampFace


def test_the_page_of_the_forms_says_what_the_table_says(gallery: ModuleType) -> None:
    assert set(gallery.SCENES) == {form.key for form in forms.FORMS}, "each has a scene of which pictures are made"
    wanted = {f"{key}-{name}.png" for key in gallery.SCENES for name in ("dark", "light")}
    assert {path.name for path in gallery.PICTURES.glob("*.png")} == wanted, "run tests/ui/panel/gallery.py"
    assert gallery.PAGE.read_text(encoding="utf-8") == gallery.page(), "run tests/ui/panel/gallery.py"


def test_a_view_shows_what_code_binds(open_panel: OpenPanel, flow_text: Callable[..., str]) -> None:
    body = ["wanted = control.number(2.0)", "level = show.tank(wanted * 90.0)", "high = wanted > 7.0"]
    panel = open_panel(flow_text(body, ["level = [0, 0, 3, 5]", "high = [3, 0, 2, 2]", "gone = [5, 0, 3, 2]"]))
    cards = panel.board.cards
    assert (cards["flow.level"].variable, cards["flow.high"].variable) == ("flow.level", "flow.high")
    panel.show_values({"flow.level": Sample(1, Tank(value=180.0)), "flow.high": Sample(1, False)})
    assert isinstance(view("level", panel), TankFace)
    assert isinstance(view("high", panel), LampFace)
    assert isinstance(cards["flow.gone"].shown, Gone)
