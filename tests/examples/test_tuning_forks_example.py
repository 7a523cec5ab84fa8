from __future__ import annotations

import numpy as np
import pytest


def test_each_fork_rings_as_long_as_it_was_made_to_and_the_empty_record_is_named(run_plainly):
    (values,) = run_plainly("tuning_forks")
    pitches = [220.0 * 2 ** (step / 12) for step in range(12)]
    good = [pitch for pitch in pitches if round(pitch) != 311]
    assert values["points"].pitch == pytest.approx(good)
    # the time constant that the record was made with, found from the record alone
    assert values["points"].seconds == pytest.approx([0.9 * 220.0 / pitch for pitch in good], rel=0.03)
    assert [(error.item, error.error) for error in values["rings"].errors] == [(7, "ValueError")]
    assert values["failed"] == "Fork 7: the record at 311 Hz is empty"
    assert "311" in values["report"].summary()


def test_another_way_finds_the_same_time(run_plainly):
    (values,) = run_plainly("tuning_forks")
    sound, seconds = values["sounds"][0], values["points"].seconds[0]
    early, late = sound[:2000] ** 2, sound[4000:6000] ** 2  # half a second apart
    assert 2 * 0.5 / np.log(early.sum() / late.sum()) == pytest.approx(seconds, rel=0.02)
