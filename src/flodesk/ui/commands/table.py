"""Every command of the window, as one table: menus, tool bar, shortcuts and the command palette are made from it.

`do` and `when` are paths from the window (``"files.save"``, ``"document.dirty"``): the verbs have their homes there,
and a test walks the table and finds each of them.
"""

from __future__ import annotations

from flodesk.ui.commands.arranging import ARRANGING
from flodesk.ui.commands.comparing import COMPARING
from flodesk.ui.commands.filing import CLOSING, FILING, WINDOWS
from flodesk.ui.commands.finding import FINDING
from flodesk.ui.commands.moving import MOVING
from flodesk.ui.commands.one import Command
from flodesk.ui.commands.running import RUNNING
from flodesk.ui.commands.seeing import SEEING

COMMANDS: tuple[Command, ...] = (
    Command("file.new", "New", "files.new", "File", ("Ctrl+N",), icon="new", tip="Start an empty flow"),
    Command(
        "file.open", "Open…", "files.ask_open", "File", ("Ctrl+O",), icon="open", tip="Open a flow: any Python file"
    ),
    *WINDOWS,
    Command("file.example", "Open the live example", "files.open_example", "File", tip="Open a copy of the noisy sine"),
    Command(
        "file.save",
        "Save",
        "files.save",
        "File",
        ("Ctrl+S",),
        icon="save",
        tip="Write the flow to its file",
        line_before=True,
    ),
    Command(
        "file.save_as", "Save as…", "files.save_as", "File", ("Ctrl+Shift+S",), tip="Write the flow to another file"
    ),
    *FILING,
    *CLOSING,
    Command(
        "edit.undo",
        "Undo",
        "editing.undo",
        "Edit",
        ("Ctrl+Z",),
        "editing.can_undo",
        suffix="document.undo_title",
        icon="undo",
        tip="Take the last change back",
    ),
    Command(
        "edit.redo",
        "Redo",
        "editing.redo",
        "Edit",
        ("Ctrl+Y", "Ctrl+Shift+Z"),
        "editing.can_redo",
        suffix="document.redo_title",
        icon="redo",
        tip="Make it again",
    ),
    Command(
        "edit.cut",
        "Cut",
        "editing.cut",
        "Edit",
        ("Ctrl+X",),
        "editing.has_selection",
        tip="Copy the selected nodes and delete them",
        line_before=True,
    ),
    Command(
        "edit.copy",
        "Copy",
        "editing.copy",
        "Edit",
        ("Ctrl+C",),
        "editing.has_selection",
        icon="copy",
        tip="Copy the selected nodes as Python",
    ),
    Command("edit.paste", "Paste", "editing.paste", "Edit", ("Ctrl+V",), tip="Insert the nodes that were copied"),
    Command(
        "edit.duplicate",
        "Duplicate",
        "editing.duplicate",
        "Edit",
        ("Ctrl+D",),
        "editing.has_selection",
        tip="Copy the selected nodes beside themselves",
    ),
    Command(
        "edit.delete",
        "Delete",
        "editing.delete",
        "Edit",
        ("Del",),
        "editing.has_selection",
        icon="trash",
        tip="Delete the selected nodes with their wires",
    ),
    Command(
        "edit.subflow",
        "Make a subflow",
        "editing.make_subflow",
        "Edit",
        ("Ctrl+G",),
        "editing.has_selection",
        tip="Move the selected nodes into a function of their own, which is called in their place",
    ),
    Command(
        "edit.apart",
        "Take apart",
        "editing.take_apart",
        "Edit",
        ("Ctrl+Alt+G",),
        "editing.one_selected",
        tip="A subflow becomes its nodes",
    ),
    Command(
        "edit.function",
        "New function",
        "editing.new_function",
        "Edit",
        tip="Start a function that runs side by side with the others: a second loop, with a queue between them",
    ),
    Command(
        "edit.rename",
        "Rename…",
        "editing.rename",
        "Edit",
        ("F2",),
        "editing.has_selection",
        tip="Give the selected node another name",
    ),
    Command(
        "edit.rename_function",
        "Rename the function…",
        "canvases.rename_function",
        "Edit",
        tip="Give the function on this canvas another name, wherever it is called",
    ),
    Command(
        "edit.select_all",
        "Select all",
        "editing.select_all",
        "Edit",
        ("Ctrl+A",),
        tip="Select every node of this canvas",
    ),
    Command(
        "edit.add",
        "Add a node…",
        "editing.quick_add",
        "Edit",
        ("Ctrl+Space",),
        icon="add",
        tip="Search a node and put it on the canvas",
        line_before=True,
    ),
    Command(
        "edit.add_files",
        "Add files…",
        "taking_in.ask",
        "Edit",
        tip="Make nodes of files: tables, images, Python functions, notebooks; they can be dropped on the canvas, too",
    ),
    *FINDING,
    *ARRANGING,
    *RUNNING,
    Command(
        "view.palette",
        "All commands…",
        "show_palette",
        "View",
        ("Ctrl+Shift+P",),
        icon="keyboard",
        tip="Search a command by its name",
    ),
    Command(
        "view.fit",
        "Zoom to fit",
        "canvases.fit",
        "View",
        ("Ctrl+1",),
        icon="fit",
        tip="Show the whole flow",
        line_before=True,
    ),
    Command(
        "view.actual",
        "Actual size",
        "canvases.current.zoom_actual",
        "View",
        ("Ctrl+0",),
        tip="Show the canvas at 100 %",
    ),
    Command(
        "view.zoom_in",
        "Zoom in",
        "canvases.current.zoom_in",
        "View",
        ("Ctrl++", "Ctrl+="),
        tip="Show the canvas larger",
    ),
    Command(
        "view.zoom_out", "Zoom out", "canvases.current.zoom_out", "View", ("Ctrl+-",), tip="Show the canvas smaller"
    ),
    *MOVING,
    *COMPARING,
    Command(
        "view.library",
        "Library",
        "docks.toggle_library",
        "View",
        ("Ctrl+Shift+L",),
        checked="docks.library_open",
        tip="Show or hide the library",
        line_before=True,
    ),
    Command(
        "view.inspector",
        "Inspector",
        "docks.toggle_inspector",
        "View",
        ("Ctrl+Shift+I",),
        checked="docks.inspector_open",
        tip="Show or hide the fields of the selected node",
    ),
    Command(
        "view.panel",
        "Control panel",
        "docks.toggle_panel",
        "View",
        ("Ctrl+Shift+C",),
        checked="docks.panel_open",
        icon="panel",
        tip="Show or hide the control panel",
    ),
    Command(
        "view.script",
        "Script",
        "docks.script.toggle",
        "View",
        ("Ctrl+Shift+E",),
        checked="docks.script.is_open",
        icon="script",
        tip="Show or hide the script beside the canvas",
    ),
    Command(
        "view.minimap",
        "Map of the canvas",
        "canvases.toggle_minimap",
        "View",
        checked="canvases.minimap_shown",
        tip="Show or hide the small map in the corner of the canvas",
    ),
    Command(
        "view.activity",
        "Activity on wires",
        "turning.toggle_lit",
        "View",
        checked="turning.lit",
        tip="Let wires light up when values pass; where the system reduces motion they do so calmly",
    ),
    Command(
        "view.log",
        "Log",
        "docks.toggle_log",
        "View",
        ("Ctrl+Shift+G",),
        checked="docks.log_open",
        icon="log",
        tip="Show or hide what the run says",
    ),
    Command(
        "view.problems",
        "Problems",
        "docks.toggle_problems",
        "View",
        ("Ctrl+Shift+M",),
        checked="docks.problems_open",
        icon="warning",
        tip="Show or hide what the checker finds",
    ),
    Command(
        "view.runs",
        "Runs",
        "docks.toggle_runs",
        "View",
        ("Ctrl+Shift+H",),
        checked="docks.runs_open",
        icon="history",
        tip="Show or hide the runs of the past",
    ),
    Command(
        "view.letters",
        "Dead letters",
        "docks.toggle_letters",
        "View",
        ("Ctrl+Shift+K",),
        checked="docks.letters_open",
        icon="letter",
        tip="Show or hide the turns that failed and were kept",
    ),
    Command(
        "view.layout",
        "Panel beside the canvas",
        "docks.toggle_panel_side",
        "View",
        ("Ctrl+Shift+B",),
        checked="docks.panel_beside",
        icon="layout",
        tip="Put the control panel beside or below the canvas",
    ),
    Command("view.reset", "Reset the layout", "docks.reset", "View", tip="Put every dock back to its place"),
    Command(
        "view.dark",
        "Dark theme",
        "looks.dark",
        "View/Theme",
        checked="looks.chose_dark",
        icon="moon",
        tip="Use the dark theme",
        line_before=True,
    ),
    Command(
        "view.light",
        "Light theme",
        "looks.light",
        "View/Theme",
        checked="looks.chose_light",
        icon="sun",
        tip="Use the light theme",
    ),
    Command(
        "view.system",
        "Theme of the system",
        "looks.system",
        "View/Theme",
        checked="looks.chose_system",
        tip="Follow the system's theme",
    ),
    Command(
        "view.toggle_theme",
        "Dark or light",
        "looks.toggle",
        "",
        ("Ctrl+Shift+D",),
        icon="sun",
        tip="Change between the dark and the light theme",
    ),
    Command(
        "view.size",
        "Size of everything…",
        "choose_size",
        "View",
        tip="Choose how large text, symbols and distances are",
    ),
    Command("help.about", "About flodesk", "show_about", "Help", tip="Version and licence"),
    *SEEING,
)
"""In the order in which they stand in their menus."""

MENUS = ("File", "Edit", "Canvas", "Run", "View", "Help")


def command(name: str) -> Command:
    """Return the command of that id.

    Raises
    ------
    KeyError
        There is none.
    """
    for entry in COMMANDS:
        if entry.id == name:
            return entry
    raise KeyError(name)
