from __future__ import annotations

import itertools

import numpy as np
import pytest


def quiet(run_plainly, turns):
    return run_plainly("eight_channels", turns, ("control.knob(0.05", "control.knob(0.0"))


def test_peak_hold_knows_how_strong_each_channel_is(run_plainly):
    turns = quiet(run_plainly, 10)
    assert turns[-1]["signals"].y.shape == (8, 200)
    assert turns[-1]["held"] == pytest.approx(1.0 - 0.1 * np.arange(8), rel=1e-3)


def test_what_was_held_stays_when_the_signal_falls(run_plainly):
    loud = run_plainly("eight_channels", 10, ("control.knob(0.05", "control.knob(0.5"))
    assert all((later["held"] >= earlier["held"]).all() for earlier, later in itertools.pairwise(loud))
    assert (loud[-1]["held"] > loud[-1]["highest"]).any()
    anew = run_plainly("eight_channels", 3, ('control.button(label="Hold anew")', "control.button(True)"))
    assert anew[-1]["held"].tolist() == anew[-1]["highest"].tolist()


def test_the_trigger_holds_the_picture_still(run_plainly):
    turns = quiet(run_plainly, 12)
    sweeps = [turn["sweep"] for turn in turns if turn["sweep"].traces]
    assert len(sweeps) > 8
    for sweep in sweeps:
        first = sweep.traces[0]
        x = np.asarray(first.x)
        assert len(sweep.traces) == 8
        # 0.4 on the way up, at the time 0: the sine is there whenever the sweep was taken
        assert np.interp(0.0, x, first.y) == pytest.approx(0.4, abs=0.01)
        wanted = np.sin(2.0 * np.pi * 40.0 * x + np.arcsin(0.4))
        assert first.y == pytest.approx(wanted, abs=0.01)


def test_the_channels_come_an_eighth_of_a_turn_later(run_plainly):
    y = quiet(run_plainly, 4)[-1]["signals"].y
    phases = np.angle(np.fft.rfft(y, axis=1)[:, 2])  # 40 Hz in blocks of 0.05 s
    assert np.diff(np.unwrap(phases)) == pytest.approx(-2.0 * np.pi / 8.0, abs=1e-6)
