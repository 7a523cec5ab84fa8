"""What is dropped on the panel: it shows where it would lie, asks for the form, and two actions are enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from flodesk.engine.preview import Preview
from flodesk.flow import forms
from flodesk.flow.model import View
from flodesk.flow.script import write
from flodesk.ui.panel import ControlPanel
from flodesk.ui.panel.layout.grid import Cells
from flodesk.ui.panel.setting import Setting
from flodesk.ui.subject import NODE_MIME, VIEW_MIME, Subject, packed

BODY = [
    "gain = control.slider(1.0)",
    "wave = source.sine(frequency=5.0, rate=1000.0, amplitude=gain)",
    "loud = maths.scale(wave, factor=3.0)",
    "seen = show.line(loud)",
]
VIEWS = ["gain = [0, 0, 6, 2]", "seen = [6, 0, 6, 6]"]
OpenPanel = Callable[[str], ControlPanel]
HOW = (Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def panel(open_panel: OpenPanel, flow_text: Callable[..., str]) -> ControlPanel:
    return open_panel(flow_text(BODY, VIEWS))


def enter(panel: ControlPanel, data: QMimeData, at: QPoint) -> bool:
    """Drag to a point of the board; whether a drop would be taken there."""
    action, button, keys = HOW
    entered = QDragEnterEvent(at, action, data, button, keys)
    QApplication.sendEvent(panel.board, entered)
    if not entered.isAccepted():
        return False  # Qt sends no moves then
    event = QDragMoveEvent(at, action, data, button, keys)
    QApplication.sendEvent(panel.board, event)
    return event.isAccepted()


def drop(qtbot: QtBot, panel: ControlPanel, *subjects: Subject, at: QPoint | None = None) -> QMenu | None:
    """Drag to a point of the board and let go; the menu that asks for the form, if one does."""
    at = at if at is not None else QPoint(40, 300)
    data = packed(subjects)
    enter(panel, data, at)
    action, button, keys = HOW
    with qtbot.waitSignal(panel.dropping.asked):
        QApplication.sendEvent(panel.board, QDropEvent(QPointF(at), action, data, button, keys))
    return panel.dropping.menu


def views(panel: ControlPanel) -> dict[str, View]:
    return dict(panel.document.flow.header.panel["flow"])


def titles(menu: QMenu | None) -> list[str]:
    assert menu is not None
    return [action.text() for action in menu.actions() if action.text()]


def choose(qtbot: QtBot, panel: ControlPanel, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Press a key in the menu, and wait for what comes of it."""
    menu = panel.dropping.menu
    assert menu is not None
    qtbot.keyClick(menu, key)
    qtbot.waitUntil(lambda: panel.dropping.menu is None and not panel.dropping.ghost.isVisible())


def test_a_port_is_dropped_and_enter_shows_it_in_the_best_form(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    menu = drop(qtbot, panel, Subject("output", "flow", "wave"))
    assert titles(menu)[:2] == ["Plot", "Scatter plot"]
    choose(qtbot, panel)
    added = views(panel)["wave"]
    assert (added.shows, added.options) == ("wave", (("as", "show.line"),))
    assert (added.column, added.row, added.width, added.height) == (0, 6, 8, 6)
    qtbot.waitUntil(lambda: panel.board.cards["flow.wave"].variable == "flow.wave")
    panel.document.undo()
    assert write(panel.document.flow) == before


def test_the_best_form_lies_under_the_mouse_and_a_click_takes_it(panel: ControlPanel, qtbot: QtBot) -> None:
    at = QPoint(40, 300)
    menu = drop(qtbot, panel, Subject("output", "flow", "wave"), at=at)
    assert menu is not None
    here = menu.mapFromGlobal(panel.board.mapToGlobal(at))
    assert menu.actionAt(here) is menu.activeAction() is menu.actions()[0]
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=here)
    qtbot.waitUntil(lambda: "wave" in views(panel))


@pytest.mark.parametrize("x", [60, 740])
def test_at_the_lower_edge_of_the_screen_the_menu_keeps_its_order_beside_the_mouse(
    panel: ControlPanel, qtbot: QtBot, x: int
) -> None:
    room = panel.screen().availableGeometry()
    in_order = titles(drop(qtbot, panel, Subject("output", "flow", "wave")))
    panel.dropping.menu.close()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: panel.dropping.menu is None)
    panel.move(room.right() - 759 if x > 400 else 0, room.bottom() - 400)
    at = panel.board.mapFromGlobal(QPoint(panel.x() + x, room.bottom() - 30))
    menu = drop(qtbot, panel, Subject("output", "flow", "wave"), at=at)
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    assert titles(menu) == in_order
    assert menu.activeAction() is menu.actions()[0], "Enter takes what fits best"
    assert room.contains(menu.geometry())
    assert not menu.geometry().contains(panel.board.mapToGlobal(at)), "a click takes no other entry unawares"
    choose(qtbot, panel)
    assert dict(views(panel)["wave"].options) == {"as": "show.line"}


def test_a_field_becomes_a_control_with_limits_that_make_sense(panel: ControlPanel, qtbot: QtBot) -> None:
    menu = drop(qtbot, panel, Subject("field", "flow", "loud", "factor"))
    assert titles(menu)[:3] == ["Number field", "Slider", "Knob"]
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    choose(qtbot, panel)
    added = views(panel)["loud_factor"]
    assert added.shows == "loud.factor"
    assert dict(added.options) == {"as": "control.slider", "minimum": 0.0, "maximum": 10.0}
    qtbot.waitUntil(lambda: "flow.loud_factor" in panel.board.cards)
    panel.board.cards["flow.loud_factor"].turned.emit(7.5)
    panel.hand.settle()
    assert "factor=7.5" in write(panel.document.flow)


def test_a_wired_field_says_so_and_shows_what_comes(panel: ControlPanel, qtbot: QtBot) -> None:
    menu = drop(qtbot, panel, Subject("field", "flow", "wave", "amplitude"))
    assert menu is not None
    assert (
        menu.accessibleDescription()
        == "“wave.amplitude” is set by a wire from “gain”: no hand can turn it on the panel."
    )
    assert titles(menu)[0] == "Number"
    choose(qtbot, panel)
    qtbot.waitUntil(lambda: panel.board.cards["flow.wave_amplitude"].variable == "flow.gain")


def test_while_it_is_dragged_the_panel_shows_where_it_will_lie(panel: ControlPanel, qtbot: QtBot) -> None:
    before = panel.board.places()
    data = packed([Subject("output", "flow", "wave")])
    assert enter(panel, data, QPoint(20, 20))
    ghost = panel.dropping.ghost
    assert ghost.isVisible()
    assert ghost.geometry() == QRect(*panel.board.metrics().rectangle(Cells(0, 0, 8, 6)))
    assert (ghost.title, ghost.lines) == ("wave", ("Plot", "or Scatter plot, Text, Histogram …"))
    assert panel.board.places()["flow.gain"] == Cells(0, 6, 6, 2), "it makes room"
    QApplication.sendEvent(panel.board, QDragLeaveEvent())
    assert not ghost.isVisible()
    assert panel.board.places() == before
    assert not panel.document.dirty


def test_escape_shows_nothing_and_puts_all_back(panel: ControlPanel, qtbot: QtBot) -> None:
    before = panel.board.places()
    drop(qtbot, panel, Subject("output", "flow", "wave"), at=QPoint(20, 20))
    choose(qtbot, panel, Qt.Key.Key_Escape)
    assert panel.board.places() == before
    assert not panel.document.dirty


def test_what_fits_nothing_says_why_and_is_not_taken(panel: ControlPanel, qtbot: QtBot) -> None:
    assert not enter(panel, packed([Subject("output", "flow", "lost")]), QPoint(20, 20))
    ghost = panel.dropping.ghost
    assert ghost.refuses
    assert "no node “lost”" in ghost.lines[0]
    with qtbot.waitSignal(panel.refused) as told:
        panel.dropping.drop([Subject("output", "flow", "lost")], QPoint(20, 20))
    assert "no node “lost”" in told.args[0]
    assert not ghost.isVisible()


@pytest.mark.parametrize("bytes_", [b"", b"flow.wave", b"[1]", b'[["node", 3, 4, 5]]', b'{"a": 1}'])
def test_what_is_no_subject_is_left_alone(panel: ControlPanel, bytes_: bytes) -> None:
    data = QMimeData()
    data.setData(VIEW_MIME, bytes_)
    assert not enter(panel, data, QPoint(20, 20))
    assert not panel.dropping.ghost.isVisible()


def test_a_value_of_unknown_type_is_told_by_the_run(panel: ControlPanel, qtbot: QtBot) -> None:
    subject = Subject.of_value("flow.loud")
    menu = drop(qtbot, panel, subject)
    assert titles(menu) == ["What suits its values", "Text"]
    choose(qtbot, panel, Qt.Key.Key_Escape)
    panel.dropping.fitting.known = lambda name: Preview("signal", "") if name == "flow.loud" else None
    assert titles(drop(qtbot, panel, subject))[0] == "Plot"
    choose(qtbot, panel)
    assert dict(views(panel)["loud"].options) == {"as": "show.line"}


def test_a_view_of_unknown_type_has_room_for_a_plot_and_one_of_a_declared_type_that_of_its_form(
    panel: ControlPanel, qtbot: QtBot
) -> None:
    drop(qtbot, panel, Subject.of_value("flow.loud"))
    choose(qtbot, panel)
    assert Cells.of(views(panel)["loud"]) == Cells(0, 2, 6, 4)
    panel.views.add("flow.wave")
    added = views(panel)["wave"]
    assert not added.options
    assert (added.width, added.height) == forms.FORMS[[form.key for form in forms.FORMS].index("show.line")].size


def test_a_value_of_a_node_with_state_goes_by_the_name_that_was_dropped(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    body = ["lowpass = statistics.RunningMean(window=3)", "wave = source.constant(1.0)", "clean = lowpass(wave)"]
    panel = open_panel(flow_text(body, []).replace("source, timing", "source, statistics, timing"))
    drop(qtbot, panel, Subject.of_value("flow.clean"))
    choose(qtbot, panel)
    card = next(iter(panel.board.cards.values()))
    assert card.variable == "flow.clean"
    assert card.title == "clean"


def test_several_nodes_lie_below_each_other_in_one_step(panel: ControlPanel, qtbot: QtBot) -> None:
    steps = panel.document.steps
    nodes = [Subject("node", "flow", "gain"), Subject("node", "flow", "wave")]
    assert drop(qtbot, panel, *nodes, at=QPoint(20, 20)) is None
    made = views(panel)
    assert panel.document.steps == steps + 1
    assert Cells.of(made["gain_2"]) == Cells(0, 0, 5, 2)
    assert Cells.of(made["wave"]) == Cells(0, 2, 8, 6)
    boxes = [Cells.of(view) for view in made.values()]
    assert not any(a.overlaps(b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


def test_what_has_to_remember_comes_with_a_node_of_its_own(panel: ControlPanel, qtbot: QtBot) -> None:
    drop(qtbot, panel, Subject("output", "flow", "wave"))
    menu = panel.dropping.menu
    assert menu is not None
    below = next(action.menu() for action in menu.actions() if action.text() == "With a node of its own")
    assert isinstance(below, QMenu)
    scope = next(action for action in below.actions() if action.text() == "Scope")
    scope.trigger()
    menu.close()
    qtbot.waitUntil(lambda: "scope" in views(panel))
    assert "scope(wave)" in write(panel.document.flow)
    assert Cells.of(views(panel)["scope"]) == Cells(0, 6, 8, 6)
    panel.document.undo()
    assert "Scope" not in write(panel.document.flow)


def test_a_control_of_the_library_brings_its_node_along(panel: ControlPanel, qtbot: QtBot) -> None:
    panel.dropping.fitting.selected = lambda: ("flow", ["loud"])
    data = QMimeData()
    data.setData(NODE_MIME, b"flodesk.nodes.control.knob")
    assert enter(panel, data, QPoint(40, 300))
    action, button, keys = HOW
    with qtbot.waitSignal(panel.dropping.asked):
        QApplication.sendEvent(panel.board, QDropEvent(QPointF(40, 300), action, data, button, keys))
    assert titles(panel.dropping.menu)[:1] == ["Knob for loud.factor"]
    choose(qtbot, panel)
    text = write(panel.document.flow)
    assert "knob = control.knob(3.0, maximum=10.0)" in text, "it begins where the field stood"
    assert "factor=knob" in text
    assert Cells.of(views(panel)["knob"]) == Cells(0, 2, 2, 4)


def test_an_indicator_of_the_library_asks_what_it_is_to_show(panel: ControlPanel, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setData(NODE_MIME, b"flodesk.nodes.show.gauge")
    enter(panel, data, QPoint(40, 300))
    action, button, keys = HOW
    with qtbot.waitSignal(panel.dropping.asked):
        QApplication.sendEvent(panel.board, QDropEvent(QPointF(40, 300), action, data, button, keys))
    assert titles(panel.dropping.menu) == ["Gauge of gain", "Gauge of loud", "Wired to nothing"]
    choose(qtbot, panel)
    assert "gauge = show.gauge(gain)" in write(panel.document.flow)
    data.setData(NODE_MIME, b"flodesk.nodes.maths.add")
    assert not enter(panel, data, QPoint(40, 300))
    assert panel.dropping.ghost.lines == ("Add is no control and no indicator: drop it on the canvas.",)


def cells_of(panel: ControlPanel) -> dict[str, tuple[int, int, int, int]]:
    return {name: (v.column, v.row, v.width, v.height) for name, v in views(panel).items()}


def test_the_first_drops_leave_no_gaps(open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot) -> None:
    panel = open_panel(flow_text(BODY[:3], []))
    metrics = panel.board.metrics()

    def at(column: int, row: int) -> QPoint:
        return QPoint(*metrics.rectangle(Cells(column, row, 1, 1))[:2]) + QPoint(4, 4)

    enter(panel, packed([Subject("node", "flow", "gain")]), at(4, 4))
    ghost = panel.dropping.ghost.geometry().topLeft()
    assert ghost == QPoint(*metrics.rectangle(Cells(0, 0, 1, 1))[:2]), "it shows where it will lie"
    for subject, where in (
        (Subject("node", "flow", "gain"), at(4, 4)),
        (Subject("field", "flow", "loud", "factor"), at(8, 1)),
        (Subject("field", "flow", "loud", "offset"), at(9, 8)),
    ):
        drop(qtbot, panel, subject, at=where)
        choose(qtbot, panel)
    assert cells_of(panel) == {"gain": (0, 0, 5, 2), "loud_factor": (5, 0, 3, 2), "loud_offset": (8, 0, 3, 2)}


def test_a_page_with_gaps_keeps_what_is_dropped_where_it_was_let_go(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    panel = open_panel(flow_text(BODY, ["gain = [2, 3, 6, 2]"]))
    at = QPoint(*panel.board.metrics().rectangle(Cells(5, 8, 1, 1))[:2]) + QPoint(4, 4)
    drop(qtbot, panel, Subject("field", "flow", "loud", "factor"), at=at)
    choose(qtbot, panel)
    assert cells_of(panel)["loud_factor"] == (5, 8, 3, 2)


def test_what_fits_best_comes_first_among_many_values(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    body = [
        "gain = control.slider(1.0)", "maybe = maths.sqrt(gain)", "first = maths.mean(gain)",
        "second = maths.mean(first)", "third = maths.mean(second)",
    ]  # fmt: skip
    panel = open_panel(
        flow_text(body, ['f = { at = [3, 0, 3, 2], shows = "first", options = { as = "show.number" } }'])
    )
    panel.dropping.fitting.selected = lambda: ("flow", ["third"])
    panel.dropping.drop([Subject("type", "", "flodesk.nodes.show.gauge")], QPoint(40, 300))
    found = titles(panel.dropping.menu)
    wanted = [f"Gauge of {name}" for name in ("third", "second", "first", "gain", "maybe")]
    assert found == [*wanted, "Wired to nothing"], "chosen, a number, seen already, a control, anything"
    panel.dropping.menu.close()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: panel.dropping.menu is None)


def test_one_literal_has_many_views_and_all_of_them_follow(panel: ControlPanel, qtbot: QtBot) -> None:
    for _ in range(2):
        drop(qtbot, panel, Subject("field", "flow", "loud", "factor"))
        choose(qtbot, panel)
    qtbot.waitUntil(lambda: "flow.loud_factor_2" in panel.board.cards)
    cards = panel.board.cards
    cards["flow.loud_factor"].turned.emit(8.0)
    panel.hand.settle()
    values = {key: cards[key].shown.value for key in ("flow.loud_factor", "flow.loud_factor_2")}  # type: ignore[union-attr]
    assert values == {"flow.loud_factor": 8.0, "flow.loud_factor_2": 8.0}


def test_a_new_control_takes_value_unit_and_limits_of_the_field(panel: ControlPanel, qtbot: QtBot) -> None:
    before = write(panel.document.flow)
    panel.dropping.fitting.selected = lambda: ("flow", ["wave"])
    subject = Subject("type", "", "flodesk.nodes.control.slider")
    panel.dropping.drop([subject], QPoint(40, 300))
    menu = panel.dropping.menu
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Slider for wave.frequency").trigger()
    menu.close()
    qtbot.waitUntil(lambda: "slider" in views(panel))
    assert 'slider = control.slider(5.0, maximum=10.0, unit="Hz")' in write(panel.document.flow)
    panel.document.undo()
    assert write(panel.document.flow) == before


@pytest.mark.parametrize(
    ("factor", "limits"),
    [
        ("1e308", (0.0, 1e308)), ("-1e308", (-1e308, 0.0)), ("6e307", (0.0, 1e308)),
        ("5e-324", (0.0, 1.0)), (str(10**400), (0.0, 1.0)),
    ],
    ids=["large", "below", "near", "small", "long"],
)  # fmt: skip
def test_a_new_view_of_a_number_at_the_edge_of_floats_has_two_ends(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot, factor: str, limits: tuple[float, float]
) -> None:
    panel = open_panel(flow_text([f"loud = maths.scale([1.0], factor={factor})"], []))
    panel.dropping.fitting.selected = lambda: ("flow", ["loud"])
    panel.dropping.drop([Subject("type", "", "flodesk.nodes.control.slider")], QPoint(40, 300))
    menu = panel.dropping.menu
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Slider for loud.factor").trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(panel.board.cards) == 1)
    (card,) = panel.board.cards.values()
    assert isinstance(card.shown, Setting)
    assert (card.shown.minimum, card.shown.maximum) == limits


class FromHere(QDropEvent):
    """The end of a drag that began in this program."""

    def source(self) -> QObject:
        return QApplication.instance() or QObject()


def test_the_late_release_of_a_drag_takes_no_entry_of_the_menu(panel: ControlPanel, qtbot: QtBot) -> None:
    """Qt sends the release of the mouse when the drag is over: a menu that is open by then takes it for a click."""
    panel.dropping.fitting.selected = lambda: ("flow", ["loud"])
    data = QMimeData()
    data.setData(NODE_MIME, b"flodesk.nodes.control.knob")
    assert enter(panel, data, QPoint(40, 300))
    QApplication.sendEvent(panel.board, FromHere(QPointF(40, 300), HOW[0], data, HOW[1], HOW[2]))
    QApplication.processEvents()
    assert panel.dropping.menu is None, "the hand has not let go yet"
    with qtbot.waitSignal(panel.dropping.asked):
        qtbot.mouseRelease(panel, Qt.MouseButton.LeftButton)
    menu = panel.dropping.menu
    assert menu is not None
    assert menu.isVisible()
    assert titles(menu) == ["Knob for loud.factor", "Knob for loud.offset", "Wired to nothing"]
    assert not panel.document.dirty
    choose(qtbot, panel, Qt.Key.Key_Escape)
    assert not panel.document.dirty


def test_add_view_offers_values_and_fields_where_all_else_is_shown(panel: ControlPanel, qtbot: QtBot) -> None:
    menu = panel.bar.menu
    menu.popup(panel.mapToGlobal(QPoint(10, 10)))
    assert titles(menu) == [
        "All controls and indicators are shown",
        "Values and fields",
        "gain",
        "wave",
        "loud",
        "seen",
    ]
    below = next(action.menu() for action in menu.actions() if action.text() == "loud")
    assert isinstance(below, QMenu)
    below.popup(panel.mapToGlobal(QPoint(60, 60)))
    field = next(action.menu() for action in below.actions() if action.text() == "Set factor")
    assert isinstance(field, QMenu)
    next(action for action in field.actions() if action.text() == "Knob").trigger()
    below.close()
    menu.close()
    assert views(panel)["loud_factor"].shows == "loud.factor"


def test_the_last_values_are_shown_as_a_table_and_a_single_number_is_not(
    open_panel: OpenPanel, flow_text: Callable[..., str], qtbot: QtBot
) -> None:
    body = ["level = source.constant(1.0)", "recent = statistics.Recent(number=5)", "last = recent(level)"]
    panel = open_panel(flow_text(body, []).replace("source, timing", "source, statistics, timing"))
    before = write(panel.document.flow)

    def own(name: str) -> dict[str, QAction]:
        menu = drop(qtbot, panel, Subject.of_value(f"flow.{name}"))
        assert menu is not None
        below = next((a.menu() for a in menu.actions() if a.text() == "With a node of its own"), None)
        return {action.text(): action for action in below.actions()} if isinstance(below, QMenu) else {}

    panel.dropping.fitting.known = lambda name: Preview("number", "") if name == "flow.level" else None
    offered = own("level")
    assert "Strip chart" in offered or "Plot" in offered
    assert "Table" not in offered
    choose(qtbot, panel, Qt.Key.Key_Escape)
    own("last")["Table"].trigger()
    assert panel.dropping.menu is not None
    panel.dropping.menu.close()
    qtbot.waitUntil(lambda: "= show.table(last)" in write(panel.document.flow))
    panel.document.undo()
    assert write(panel.document.flow) == before
