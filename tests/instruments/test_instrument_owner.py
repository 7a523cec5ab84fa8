from __future__ import annotations

import threading
from pathlib import Path

import pytest

from flodesk.instruments import owner as owners
from flodesk.instruments.address import Address
from flodesk.instruments.owner import InstrumentError, connected

SIMULATED = Path(__file__).parents[2] / "resources" / "examples" / "voltmeter.yaml"
ADDRESS = Address.parse(f"TCPIP0::voltmeter::inst0::INSTR {SIMULATED}@sim", Path)


def nobody_stops() -> None:
    pass


def test_an_address_names_resource_and_library():
    assert Address.parse("GPIB0::8::INSTR", Path) == Address("GPIB0::8::INSTR")
    assert Address.parse("GPIB0::8::INSTR  @ivi", Path) == Address("GPIB0::8::INSTR", "@ivi")
    here = Address.parse("ASRL1::INSTR voltmeter.yaml@sim", lambda name: SIMULATED.parent / name)
    assert here.library == f"{SIMULATED}@sim"
    assert str(Address("GPIB0::8::INSTR", "@ivi")) == "GPIB0::8::INSTR @ivi"


def test_users_share_an_owner_and_the_last_one_closes_it():
    with connected(ADDRESS, "dmm", nobody_stops) as first:
        with connected(ADDRESS, "the same", nobody_stops) as second:
            assert second is first
        assert first.query("*IDN?", 1.0, nobody_stops).startswith("flodesk")
    with connected(ADDRESS, "dmm", nobody_stops) as third:
        assert third is not first


def test_a_driver_that_hangs_is_left_behind_and_a_new_owner_takes_over(monkeypatch):
    monkeypatch.setattr(owners, "_GRACE", 0.1)
    returns = threading.Event()
    with connected(ADDRESS, "dmm", nobody_stops) as stuck:
        stuck._query = lambda command, deadline: returns.wait(20)
        with pytest.raises(InstrumentError, match=r"the driver of instrument 'dmm' .* hangs in 'READ\?': check"):
            stuck.query("READ?", 0.05, nobody_stops)
        with pytest.raises(InstrumentError, match="hangs since an earlier command: switch it off and on"):
            stuck.query("READ?", 0.05, nobody_stops)
        with connected(ADDRESS, "dmm", nobody_stops) as fresh:
            assert fresh is not stuck
            assert fresh.query("*IDN?", 1.0, nobody_stops).startswith("flodesk")
    returns.set()
    assert stuck.wait_closed(nobody_stops)


def test_who_comes_while_a_connection_closes_waits_for_it():
    busy, returns = threading.Event(), threading.Event()

    class Stopped(Exception):
        pass

    def stop() -> None:
        if busy.is_set():
            raise Stopped

    with connected(ADDRESS, "dmm", nobody_stops) as first:
        first._query = lambda command, deadline: busy.set() or returns.wait(20)
        with pytest.raises(Stopped):
            first.query("READ?", 5.0, stop)
    threading.Timer(0.2, returns.set).start()
    with connected(ADDRESS, "dmm", nobody_stops) as second:
        assert returns.is_set()
        assert second is not first
        assert second.query("*IDN?", 1.0, nobody_stops).startswith("flodesk")


def test_every_thread_is_gone_after_many_openings_at_once():
    def use() -> None:
        for _ in range(10):
            with connected(ADDRESS, "dmm", nobody_stops) as owner:
                assert owner.query("*IDN?", 2.0, nobody_stops).startswith("flodesk")

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert owners._owners == {}
