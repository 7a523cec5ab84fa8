from __future__ import annotations

import itertools
import sys
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from flodesk.instruments.owner import InstrumentError
from flodesk.nodes import visa
from flodesk.public import PlainContext, context, enter_context

_spec = spec_from_file_location("voltmeters", Path(__file__).parents[1] / "instruments" / "voltmeters.py")
voltmeters = module_from_spec(_spec)
_spec.loader.exec_module(voltmeters)


class Stopped(Exception):
    pass


class Run(PlainContext):
    """A run with one named connection, that can be stopped."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def connection(self, name: str) -> str:
        return voltmeters.ADDRESS if name == "dmm" else name

    def check(self) -> None:
        if self.stopped.is_set():
            raise Stopped

    def sleep(self, seconds: float) -> None:
        self.stopped.wait(seconds)
        self.check()


@pytest.fixture
def run():
    before, run = context(), Run()
    enter_context(run)
    yield run
    enter_context(before)


@pytest.fixture
def tcp():
    with voltmeters.voltmeter() as address:
        yield address


@pytest.mark.node("visa.poll")
def test_readings_come_at_their_beat_and_the_connection_closes_with_the_loop(run):
    readings = visa.poll("dmm", period=0.02)
    began = time.monotonic()
    values = list(itertools.islice(readings, 11))
    assert 0.19 < time.monotonic() - began < 15
    assert all(4.0 <= value <= 6.0 for value in values)
    assert len(set(values)) > 5
    assert [t.name for t in threading.enumerate() if t.name.startswith("instrument")] == ["instrument dmm"]
    readings.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith("instrument")]


@pytest.mark.node("visa.Query", "visa.poll")
def test_a_query_and_a_poll_share_one_owner(run):
    readings, ask = visa.poll("dmm", period=0.001), visa.Query("dmm")
    for value, _ in zip(readings, range(20), strict=False):
        assert 4.0 <= value <= 6.0
        assert ask() == "flodesk,simulated voltmeter,0,1.0"
        assert len([t for t in threading.enumerate() if t.name.startswith("instrument")]) == 1
    readings.close()
    assert ask("still open") == "flodesk,simulated voltmeter,0,1.0"
    ask.close()


@pytest.mark.node("visa.Query")
def test_replies_go_to_whoever_asked(run, tcp):
    wrong = []

    def ask_often(number: int) -> None:
        enter_context(run)
        query = visa.Query(tcp, command=f"ECHO? {number}")
        wrong.extend(reply for reply in (query() for _ in range(100)) if reply != str(number))
        query.close()

    threads = [threading.Thread(target=ask_often, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.node("visa.Query")
def test_a_late_reply_is_not_the_answer_to_the_next_command(run, tcp):
    slow, echo = visa.Query(tcp, command="SLOW? 0.3 late", deadline=0.1), visa.Query(tcp, command="ECHO? mine")
    with pytest.raises(InstrumentError, match=r"did not reply to 'SLOW\? 0.3 late' within 0.1 s: check that it is on"):
        slow()
    time.sleep(0.4)
    assert [echo(), echo()] == ["mine", "mine"]
    slow.close()
    echo.close()


@pytest.mark.node("visa.poll")
def test_stop_does_not_wait_for_the_deadline(run, tcp):
    readings = visa.poll(tcp, command="SLOW? 2.0 5", deadline=3.0)
    threading.Timer(0.2, run.stopped.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        next(readings)
    assert time.monotonic() - began < 2.0  # when the reply would have come


@pytest.mark.node("visa.poll")
def test_an_instrument_that_goes_away_is_an_error_in_words(run, tcp):
    with pytest.raises(InstrumentError, match=r"instrument 'TCPIP0.*' (failed at|did not reply to) 'BYE\?'.*check"):
        next(visa.poll(tcp, command="BYE?", deadline=0.3))


@pytest.mark.parametrize(
    ("instrument", "error", "says"),
    [
        ("", ValueError, "no instrument is named: enter the name of a connection"),
        ("dnn", ValueError, "'dnn' is no address of an instrument: write a VISA resource name"),
        ("TCPIP0::a::INSTR x y", ValueError, "is no address"),
        ("TCPIP0::a::INSTR nowhere.yaml@sim", FileNotFoundError, r"there is no file nowhere\.yaml, which the address"),
        (
            f"ASRL9::INSTR {voltmeters.SIMULATED}@sim",
            InstrumentError,
            r"is not among the simulated .*TCPIP0::voltmeter",
        ),
        ("GPIB0::1::INSTR @nothing", InstrumentError, "the VISA library '@nothing' .* cannot be loaded"),
        ("TCPIP0::127.0.0.1::1::SOCKET @py", InstrumentError, r"(cannot be opened|failed at).*refused.*check"),
    ],
)
@pytest.mark.node("visa.poll")
def test_what_is_wrong_with_an_instrument_is_said(run, instrument, error, says):
    with pytest.raises(error, match=says):
        next(visa.poll(instrument, deadline=0.5))


@pytest.mark.node("visa.poll")
def test_a_reply_that_is_no_number_is_shown(run):
    with pytest.raises(ValueError, match=r"'dmm' replied 'flodesk,simulated.*which is no number: check the command"):
        next(visa.poll("dmm", command="*IDN?"))
    with pytest.raises(ValueError, match="above 0 s"):
        next(visa.poll("dmm", period=0.0))


def test_a_missing_package_is_named_with_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyvisa", None)
    with pytest.raises(InstrumentError, match=r"package pyvisa.* is missing: install flodesk with its extra 'visa'"):
        next(visa.poll("dmm"))
