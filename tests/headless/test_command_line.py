"""The command line as a user calls it: real processes. In the headless job PySide6 cannot be imported in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flodesk.flow.edit import from_json
from flodesk.flow.script import read, write

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"
OK, FAILED, USAGE, MISSING, BROKEN, STOPPED = 0, 1, 2, 3, 4, 130


def flodesk(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flodesk", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=100,
    )


def flow_file(folder: Path, body: str, before: str = "") -> Path:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    path = folder / "flow_of_test.py"
    path.write_text(
        f'import flodesk\n{before}\n\ndef flow():\n{lines}\n\nif __name__ == "__main__":\n    flodesk.main(flow)\n',
        encoding="utf-8",
    )
    return path


def test_the_headless_job_cannot_import_qt() -> None:
    if os.environ.get("FLODESK_WITHOUT_QT"):
        with pytest.raises(ModuleNotFoundError):
            __import__("PySide6")
        done = subprocess.run([sys.executable, "-c", "import PySide6"], capture_output=True, text=True, check=False)
        assert "made unimportable" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", EXAMPLES / "sunspots.py"),
        ("check", EXAMPLES / "noisy_sine.py"),
        ("nodes",),
        ("letters",),
        ("worker", "--help"),
    ],
)
def test_no_headless_path_imports_qt(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom flodesk.cli import main\n"
        f"try:\n    main({[str(a) for a in arguments]!r})\nexcept SystemExit:\n    pass\n"
        "bad = [m for m in sys.modules if m.partition('.')[0] in ('PySide6', 'pyqtgraph', 'NodeGraphQt')]\n"
        "assert not bad, bad\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_run_says_in_words_what_each_indicator_shows() -> None:
    done = flodesk("run", EXAMPLES / "sunspots.py")
    assert done.returncode == OK, done.stderr
    assert "flow.period (Length of a cycle): 11 years" in done.stdout


def test_the_script_itself_and_run_give_the_same_numbers() -> None:
    run = json.loads(flodesk("run", EXAMPLES / "sunspots.py", "--json").stdout)
    script = subprocess.run(
        [sys.executable, str(EXAMPLES / "sunspots.py"), "--json"], capture_output=True, text=True, check=True
    )
    assert json.loads(script.stdout)["values"] == run["values"]
    assert run["values"]["flow.period"] == pytest.approx(11.0, abs=0.1)


def test_a_live_flow_ends_at_its_time_limit_and_that_is_no_failure() -> None:
    begun = time.monotonic()
    done = flodesk("run", EXAMPLES / "noisy_sine.py", "--for", "4s", "--json")
    assert done.returncode == OK, done.stderr
    assert 4.0 <= time.monotonic() - begun < 60.0
    result = json.loads(done.stdout)
    assert result["reason"] == "stopped"
    assert "flow.chart" in result["shown"]


def test_set_changes_a_parameter_and_takes_texts_without_quotes(tmp_path: Path) -> None:
    file = flow_file(
        tmp_path,
        "a = control.number(2.0)\nb = maths.scale(a, factor=3.0)\nt = show.text('x')",
        "from flodesk.nodes import control, maths, show\n",
    )
    done = flodesk("run", file, "--json", "--set", "a.value=5", "--set", "flow.t.value=hello there")
    assert done.returncode == OK, done.stderr
    assert json.loads(done.stdout)["values"]["flow.b"] == 15.0
    assert json.loads(done.stdout)["shown"]["flow.t"] == "hello there"
    wrong = flodesk("run", file, "--set", "nothing.value=5")
    assert wrong.returncode == USAGE
    assert "there is no node “nothing”" in wrong.stderr
    wrong = flodesk("run", file, "--set", "a.value=many")
    assert wrong.returncode == USAGE
    assert "it takes a number" in wrong.stderr


def test_json_stands_alone_on_standard_output(tmp_path: Path) -> None:
    file = flow_file(tmp_path, "a = say(3)", "\ndef say(x: int) -> int:\n    print('hello')\n    return x\n")
    done = flodesk("run", file, "--json")
    assert json.loads(done.stdout)["values"] == {"flow.a": 3}
    assert "hello" in done.stderr
    assert flodesk("run", file).stdout.startswith("hello\n")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("where", ["import flodesk.engine.headless", "import numpy"])
def test_an_interrupted_command_says_so_without_a_traceback(tmp_path: Path, where: str) -> None:
    # the signal comes while the command is still being imported, and while it imports what the flow needs
    code = (
        "import builtins, os, signal, sys\nfrom flodesk.cli import main\nimport_, calls = builtins.__import__, []\n"
        "def late(name, *rest, **named):\n"
        f"    if name == {where.split()[1]!r} and not calls:\n"
        "        calls.append(1)\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return import_(name, *rest, **named)\n"
        "builtins.__import__ = late\n"
        f"sys.exit(main(['run', {str(EXAMPLES / 'noisy_sine.py')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == STOPPED
    assert "Traceback" not in done.stderr


def test_exit_codes_tell_a_bad_file_a_failed_check_and_a_failed_run_apart(tmp_path: Path) -> None:
    missing = flodesk("run", tmp_path / "missing.py")
    assert missing.returncode == MISSING
    assert "missing.py" in missing.stderr
    broken = tmp_path / "broken.py"
    broken.write_text("def flow(:\n", encoding="utf-8")
    done = flodesk("run", broken)
    assert done.returncode == BROKEN
    assert "line 1" in done.stderr
    broken.write_text("x = 3\n", encoding="utf-8")
    done = flodesk("run", broken)
    assert done.returncode == BROKEN
    assert "there is no flow to run" in done.stderr
    unknown = flodesk("run", flow_file(tmp_path, "a = maths.ad(1.0, 2.0)", "from flodesk.nodes import maths\n"))
    assert unknown.returncode == USAGE
    assert "add" in unknown.stderr
    assert "flow_of_test.py:6: error:" in unknown.stderr
    failing = flodesk("run", flow_file(tmp_path, "a = worse(3)", "\ndef worse(x: int) -> int:\n    return x // 0\n"))
    assert failing.returncode == FAILED
    assert "flow.a failed: ZeroDivisionError" in failing.stderr
    assert "return x // 0" in failing.stderr
    assert "x was" in failing.stderr


def test_a_missing_package_is_named_with_what_to_install(tmp_path: Path) -> None:
    done = flodesk("check", flow_file(tmp_path, "a = nowhere_to_be_found.make(1.0)", "import nowhere_to_be_found\n"))
    assert done.returncode == MISSING
    assert "nowhere_to_be_found" in done.stderr
    assert "install" in done.stderr


def test_check_as_json_lists_problems_with_lines(tmp_path: Path) -> None:
    done = flodesk("check", "--json", flow_file(tmp_path, "a = maths.add(b, 2.0)", "from flodesk.nodes import maths\n"))
    assert done.returncode == USAGE
    (problem,) = json.loads(done.stdout)
    assert problem["line"] == 6
    assert "b" in problem["message"]


def test_check_names_what_can_be_done(tmp_path: Path) -> None:
    file = flow_file(tmp_path, "a = maths.scale(2.0, factr=1.0)", "from flodesk.nodes import maths\n")
    assert "    fix: Write “factor” instead of “factr” in “a”\n" in flodesk("check", file).stderr
    (problem,) = json.loads(flodesk("check", "--json", file).stdout)
    assert [fix["kind"] for fix in problem["fixes"]] == ["rename", "remove"]
    flow = read(file.read_text())
    assert "maths.scale(2.0, factor=1.0)" in write(from_json(problem["fixes"][0]["edit"]).apply(flow)[0])


def test_nodes_lists_what_there_is_and_finds_by_words() -> None:
    listed = json.loads(flodesk("nodes", "--json").stdout)
    assert len(listed) >= 30
    assert all(spec["summary"] for spec in listed)
    assert flodesk("nodes", "spectrum").stdout.startswith("dsp.spectrum")


def test_a_word_is_searched_for_though_a_package_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = tmp_path / "ran"
    text = f"open({str(ran)!r}, 'w')\nimport math as _math\nroot = _math.sqrt\ndef zzplain(): 'Plain.'\n"
    for name in ("resample", "zzyxq"):
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("FLODESK_CACHE", str(tmp_path / "cache"))
    ours = flodesk("nodes", "resample")
    assert "dsp.resample" in ours.stdout
    assert "--import resample" in ours.stderr
    assert "zzyxq.zzplain" in flodesk("nodes", "zzyxq").stdout
    assert not ran.exists()
    assert "zzyxq.root" in flodesk("nodes", "--import", "zzyxq").stdout
    assert ran.exists()


def test_wrong_options_say_what_is_right() -> None:
    assert flodesk("run", EXAMPLES / "sunspots.py", "--for", "soon").returncode == USAGE
    wrong = flodesk("run", EXAMPLES / "sunspots.py", "--out", "nothing=plot.png")
    assert wrong.returncode == USAGE
    assert "history" in wrong.stderr
    assert flodesk("run", EXAMPLES / "sunspots.py", "--out", "history=plot.docx").returncode == USAGE


def test_no_server_and_no_display_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    done = flodesk("run", EXAMPLES / "sunspots.py", "--on", "rq", "--redis", "redis://127.0.0.1:1/0")
    assert done.returncode == MISSING
    assert "No Redis server answers" in done.stderr
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform.startswith("linux"):
        done = flodesk()
        assert done.returncode == USAGE
        assert "flodesk run" in done.stderr


def test_run_on_a_queue_gives_the_same_as_here() -> None:
    here = json.loads(flodesk("run", EXAMPLES / "sunspots.py", "--json").stdout)
    there = json.loads(flodesk("run", EXAMPLES / "sunspots.py", "--json", "--on", "rq").stdout)
    assert there["shown"] == here["shown"]
    assert there["values"]["flow.period"] == here["values"]["flow.period"]
    past = json.loads(flodesk("runs", "--json").stdout)
    assert [(run["id"], run["place"], run["state"]) for run in past] == [
        (there["run"], "rq", "succeeded"),
        (here["run"], "local", "succeeded"),
    ]
    kept = [json.loads(flodesk("runs", "show", run["id"], "--json").stdout) for run in past]
    nodes = [{node["node"]: (node["state"], node["count"]) for node in run["nodes"]} for run in kept]
    assert nodes[0] == nodes[1] != {}
    assert kept[0]["name"] == kept[1]["name"] == "sunspots"
