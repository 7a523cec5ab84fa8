"""Presets in the header: one line each, written exactly, taken back exactly, and kept when a node gets another name."""

from __future__ import annotations

import pytest

from flodesk.flow.edit import EditError, Rename, RenameFunction, SetPreset, from_json, presets, to_json
from flodesk.flow.script import read, write

TEXT = """# /// script
# requires-python = ">=3.11"
#
# [tool.flodesk]
# version = 1
# ///
import flodesk
from flodesk.nodes import control


def flow():
    gain = control.slider(2.0)
    on = control.switch(True)


if __name__ == "__main__":
    flodesk.main(flow)
"""
LINE = '# calm = { "flow.gain.value" = 2.0, "flow.on.on" = true }\n'


def test_a_preset_is_one_line_and_undone_to_the_letter() -> None:
    flow = read(TEXT)
    edit = SetPreset("calm", {"flow.gain.value": 2.0, "flow.on.on": True})
    new, back = from_json(to_json(edit)).apply(flow)
    assert f"# [tool.flodesk.presets]\n{LINE}" in write(new)
    again = read(write(new))
    assert presets(again) == {"calm": {"flow.gain.value": 2.0, "flow.on.on": True}}
    assert write(again) == write(new)
    assert write(back.apply(new)[0]) == TEXT
    second, _ = SetPreset("loud voice", {"flow.gain.value": 9.5}).apply(again)
    assert write(second).count(LINE) == 1
    gone, back = SetPreset("calm", None).apply(second)
    assert list(presets(read(write(gone)))) == ["loud voice"]
    assert write(back.apply(gone)[0]) == write(second)
    assert write(SetPreset("loud voice", None).apply(gone)[0]) == TEXT


def test_presets_go_by_the_new_name_of_a_node_and_of_a_function() -> None:
    flow, _ = SetPreset("calm", {"flow.gain.value": 2.0, "flow.on.on": True}).apply(read(TEXT))
    named, back = Rename("flow", "gain", "level").apply(flow)
    assert presets(named)["calm"] == {"flow.level.value": 2.0, "flow.on.on": True}
    assert write(back.apply(named)[0]) == write(flow)
    moved, _ = RenameFunction("flow", "main").apply(named)
    assert presets(moved)["calm"] == {"main.level.value": 2.0, "main.on.on": True}


def test_something_else_under_that_name_is_not_lost() -> None:
    odd = read(TEXT.replace("# version = 1\n", "# version = 1\n# presets = 3\n"))
    assert presets(odd) == {}
    with pytest.raises(EditError, match="something else"):
        SetPreset("calm", {}).apply(odd)
