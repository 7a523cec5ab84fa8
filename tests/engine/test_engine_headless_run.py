"""A run for the command line: no Qt, a time limit, settings, indicators in words, Ctrl+C."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from flodesk.engine.events import LogLine, NodeFailed, RunStarted
from flodesk.engine.headless import run
from flodesk.engine.limits import Limits
from flodesk.resource import resource

LIVE = """
import flodesk
from flodesk.nodes import control, maths, show, timing


def flow():
    gain = control.slider(2.0, minimum=0.0, maximum=100.0)
    for tick in timing.every(0.01):
        loud = maths.multiply(tick, gain)
        meter = show.number(loud, title="Loud", unit="V")


if __name__ == "__main__":
    flodesk.main(flow)
"""


def test_a_live_flow_runs_for_its_time() -> None:
    start = time.monotonic()
    result = run(LIVE, limits=Limits(seconds=0.3))
    assert 0.3 <= time.monotonic() - start < 15
    assert (result.reason, result.limited, result.interrupted) == ("stopped", True, False)
    assert result.indicators["flow.meter"].value > 10
    assert "flow.loud" not in result.values, "it was dropped after its last reader"
    assert result.summary() == [f"flow.meter (Loud): {result.indicators['flow.meter'].summary()}"]
    assert isinstance(result.events[0], RunStarted)


def test_settings_are_in_force_from_the_start() -> None:
    settings = {"flow.gain.value": "50.0", "meter.digits": "2", "tick.period": "0.02"}
    result = run(LIVE, limits=Limits(seconds=0.2), settings=settings)
    assert result.values["flow.gain"] == 50.0
    assert result.indicators["flow.meter"].value in [50.0 * tick for tick in range(1000)]
    assert result.indicators["flow.meter"].digits == 2


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"gian.value": "1"}, "there is no node “gian” to set value of; there are: gain, loud, meter, tick"),
        ({"gain": "1"}, "“gain” is no setting: write node.parameter=value"),
        ({"gain.volume": "1"}, "flow.gain has no parameter “volume”; it has value, minimum"),
        ({"gain.value": "1 +"}, "'1 +' is no value for value of flow.gain"),
        ({"other.gain.value": "1"}, "there is no node “gain”"),
        ({"loud.left": "3.0"}, "loud"),
    ],
)
def test_a_wrong_setting_is_refused_in_words(setting: dict[str, str], words: str) -> None:
    result = run(LIVE, limits=Limits(seconds=0.2), settings=setting)
    assert result.reason == "failed"
    assert words in result.message


def test_events_are_told_and_may_be_forgotten() -> None:
    told: list[object] = []
    result = run(LIVE.replace("gain)", "gain, 'x')"), on_event=told.append, keep_events=False)
    assert result.events == ()
    assert result.reason == "failed"
    assert [e for e in told if isinstance(e, NodeFailed)] == list(result.failures)
    text = LIVE.replace("def flow", "def talk(x):\n    flodesk.context().log('hello')\n\n\ndef flow")
    result = run(text.replace("maths.multiply(tick, gain)", "talk(tick)"), limits=Limits(seconds=0.1))
    assert next(e for e in result.events if isinstance(e, LogLine)).text == "hello"


def test_what_nodes_print_goes_to_the_terminal(capsys) -> None:
    run(
        LIVE.replace("maths.multiply(tick, gain)", "print('tick', tick)").replace("show.number(loud", "show.number(1"),
        limits=Limits(seconds=0.1),
    )
    assert capsys.readouterr().out.startswith("tick 0\ntick 1\n")


def test_relative_files_count_from_the_flow(tmp_path) -> None:
    (tmp_path / "data.txt").write_text("here")
    text = LIVE.replace("control.slider(2.0, minimum=0.0, maximum=100.0)", "place('data.txt')").replace(
        "def flow", "def place(name):\n    return flodesk.context().path(name).read_text()\n\n\ndef flow"
    )
    text = text.replace("maths.multiply(tick, gain)", "len(gain)")
    result = run(text, str(tmp_path / "flow.py"), limits=Limits(seconds=0.1))
    assert result.values["flow.gain"] == "here", result.message


def test_connections_have_addresses() -> None:
    head = '# /// script\n# dependencies = ["flodesk"]\n#\n# [tool.flodesk]\n# version = 1\n#\n'
    head += '# [tool.flodesk.connections]\n# dmm = "TCPIP::1"\n# ///\n'
    body = "import flodesk\n\n\ndef address(name):\n    return flodesk.context().connection(name)\n\n\n"
    body += 'def flow():\n    a = address("dmm")\n    b = address("other")\n\n\n'
    result = run(head + body + 'if __name__ == "__main__":\n    flodesk.main(flow)\n')
    assert (result.values["flow.a"], result.values["flow.b"]) == ("TCPIP::1", "other")


def test_no_qt_is_loaded(tmp_path) -> None:
    """A run in a fresh process imports nothing of Qt."""
    script = textwrap.dedent(f"""
        import sys
        from flodesk.engine.headless import run
        path = {str(resource("examples/sunspots.py"))!r}
        result = run(open(path).read(), path)
        assert result.reason == "succeeded", result.message
        assert result.indicators
        assert not [name for name in sys.modules if "PySide" in name or "shiboken" in name]
        assert "flodesk.engine.host" not in sys.modules
    """)
    subprocess.run([sys.executable, "-W", "ignore::ResourceWarning", "-c", script], check=True, timeout=60)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_stops_softly(tmp_path) -> None:
    script = tmp_path / "run.py"
    script.write_text(
        textwrap.dedent(f"""
        from flodesk.engine.headless import run
        def look(ways):
            if any(way.iterations > 1 for way in ways):
                print("turned", flush=True)
        result = run({LIVE!r}, on_look=look)
        print(result.reason, result.interrupted, result.summary())
        """)
    )
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "turned\n"
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert "stopped True ['flow.meter (Loud)" in out


def test_a_node_that_does_not_stop_is_left_behind(tmp_path) -> None:
    script = tmp_path / "run.py"
    text = LIVE.replace("maths.multiply(tick, gain)", "time.sleep(60)").replace(
        "import flodesk", "import time\nimport flodesk"
    )
    script.write_text(
        "from flodesk.engine import limits\nfrom flodesk.engine.headless import run\nlimits.LOADING_SECONDS = 0.5\n"
        f"result = run({text!r}, limits=limits.Limits(seconds=0.3))\nprint(result.reason, result.message)\n"
    )
    start = time.monotonic()
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=30, check=True)
    assert time.monotonic() - start < 20  # the node would sleep for 60 s
    assert done.stdout == "failed “flow.loud” did not return when its time was over\n"


def test_the_time_of_a_run_does_not_count_while_libraries_are_imported(tmp_path) -> None:
    """One that is new to the computer, or a busy one, takes its time: longer than `LOADING_SECONDS` altogether."""
    for number in range(8):
        (tmp_path / f"slow{number}.py").write_text("import time\ntime.sleep(0.5)\n")
    (tmp_path / "slow.py").write_text("".join(f"import slow{number}\n" for number in range(8)))
    text = LIVE.replace("maths.multiply(tick, gain)", "load(tick)").replace(
        "def flow", "def load(x):\n    import slow\n\n    return x\n\n\ndef flow"
    )
    (tmp_path / "run.py").write_text(
        "from flodesk.engine import limits\nfrom flodesk.engine.headless import run\nlimits.LOADING_SECONDS = 1.5\n"
        f"result = run({text!r}, limits=limits.Limits(seconds=0.3))\nprint(result.reason, result.message)\n"
    )
    done = subprocess.run(
        [sys.executable, str(tmp_path / "run.py")], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("stopped"), done.stdout


@pytest.mark.parametrize("name", ["sunspots.py", "orders.py"])
def test_examples_give_the_same_as_the_plain_script(name: str, tmp_path: Path) -> None:
    for file in (name, "orders.csv"):  # it writes beside what it reads
        shutil.copy(resource(f"examples/{file}"), tmp_path)
    path = tmp_path / name
    result = run(path.read_text(), str(path))
    assert result.reason == "succeeded", result.message
    space = {"__name__": "plain", "__file__": str(path)}
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        text = path.read_text().replace("\ndef flow():", "\ndef flow():\n    global left")
        marker = '\n\nif __name__ == "__main__":'
        exec(text.replace(marker, "\n    left = dict(locals())" + marker), space)
        space["flow"]()
    finally:
        os.chdir(before)
    shown = {name: value for name, value in space["left"].items() if f"flow.{name}" in result.indicators}
    assert shown
    for name, value in shown.items():
        summary = result.indicators[f"flow.{name}"].summary()
        assert summary.replace(f"{tmp_path}{os.sep}", "") == value.summary()
