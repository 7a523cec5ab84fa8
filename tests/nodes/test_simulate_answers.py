"""Models against closed forms, conservation laws and textbooks."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.special

from flodesk.nodes import simulate
from flodesk.public import Waveform


@pytest.mark.node("simulate.ode")
def test_an_oscillator_by_formulas():
    found = simulate.ode("dx = v; dv = -w^2 * x", start="x = 1, v = 0", parameters="w = 2", duration=3.0, points=31)
    t = np.linspace(0.0, 3.0, 31)
    assert found.signal.y[0] == pytest.approx(np.cos(2 * t), abs=1e-6)
    assert found.signal.dt == pytest.approx(0.1)
    assert found.table.columns.tolist() == ["t", "x", "v"]
    assert found.table["v"].to_numpy() == pytest.approx(-2 * np.sin(2 * t), abs=1e-6)
    # a stiff one, whose answer follows the cosine closely behind
    for method in ("Radau", "LSODA"):
        stiff = simulate.ode("dx = -k * (x - cos(t))", "x = 0", "k = 10000", 2.0, 21, method).signal
        t = stiff.time[1:]
        assert stiff.y[0][1:] == pytest.approx((1e8 * np.cos(t) + 1e4 * np.sin(t)) / (1e8 + 1.0), abs=1e-6)


@pytest.mark.node("simulate.ode")
def test_what_is_no_equation_is_said():
    for texts, said in (
        (("dx = -x", "y = 1", ""), "for each state"),
        (("dx = -q * x", "x = 1", ""), "reads q"),
        (("x' = 2", "x = 1", ""), "does not begin with a name"),
        (("", "x = 1", ""), "equations is empty"),
        (("dx = x^2", "x = 1", ""), "runs away"),
        (("dx = -x", "x = one", ""), "no number"),
        (("dx = x.real", "x = 1", ""), "nothing that a formula may hold"),
    ):
        with pytest.raises(ValueError, match=said):
            simulate.ode(*texts, duration=2.0)
    with pytest.raises(ValueError, match="more than 0 s"):
        simulate.ode(duration=0.0)


@pytest.mark.node("simulate.step_response", "simulate.impulse_response")
def test_a_damped_system_of_second_order():
    # 1/(s² + 2s + 5): poles -1 ± 2i; overshoot exp(-π/2) at t = π/2
    step = simulate.step_response([1.0], [1.0, 2.0, 5.0], duration=10.0, points=2001)
    t = step.time
    assert step.y == pytest.approx(0.2 * (1 - np.exp(-t) * (np.cos(2 * t) + 0.5 * np.sin(2 * t))), abs=1e-9)
    assert step.y.max() == pytest.approx(0.2 * (1 + math.exp(-math.pi / 2)), abs=1e-6)
    push = simulate.impulse_response([1.0], [1.0, 2.0, 5.0], duration=10.0, points=2001)
    assert push.y == pytest.approx(0.5 * np.exp(-t) * np.sin(2 * t), abs=1e-9)
    with pytest.raises(ValueError, match="higher power"):
        simulate.step_response([1.0, 0.0], [1.0])
    with pytest.raises(ValueError, match="endless peak"):
        simulate.impulse_response([1.0, 0.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="other than 0"):
        simulate.step_response([0.0], [1.0])
    with pytest.raises(ValueError, match="no course"):
        simulate.step_response([1.0], [1.0, 1.0], duration=0.0)


@pytest.mark.node("simulate.bode")
def test_three_first_order_lags():
    # each has half of the power at its corner and 45°
    found = simulate.bode([1.0], [1.0, 3.0, 3.0, 1.0], lower=1 / (2 * math.pi), upper=1000.0, points=300)
    assert found.magnitude[0] == pytest.approx(-30 * math.log10(2.0))
    assert found.phase[0] == pytest.approx(-135.0)
    assert found.phase[-1] == pytest.approx(-270.0, abs=0.1)
    assert (found.frequency[0], found.frequency[-1]) == pytest.approx((1 / (2 * math.pi), 1000.0))
    with pytest.raises(ValueError, match="lower one first"):
        simulate.bode([1.0], [1.0, 1.0], lower=1.0, upper=0.1)


@pytest.mark.node("simulate.state_space")
def test_states_give_what_the_transfer_function_gives():
    step = Waveform(np.ones(501), 0.02, 5.0, "V")
    found = simulate.state_space(step, [[0.0, 1.0], [-5.0, -2.0]], [0.0, 1.0], [1.0, 0.0])
    t = 0.02 * np.arange(501)
    assert found.y == pytest.approx(0.2 * (1 - np.exp(-t) * (np.cos(2 * t) + 0.5 * np.sin(2 * t))), abs=1e-9)
    assert (found.dt, found.t0) == (0.02, 5.0)
    assert simulate.state_space(step, [[-1.0]], [0.0], [0.0], d=3.0).y == pytest.approx(np.full(501, 3.0))
    with pytest.raises(ValueError, match="must be square"):
        simulate.state_space(step, [[1.0, 2.0]], [1.0], [1.0])
    with pytest.raises(TypeError, match="no sample rate"):
        simulate.state_space(np.ones(3), [[-1.0]], [1.0], [1.0])


@pytest.mark.node("simulate.Plant")
def test_a_plant_turn_by_turn_is_exact_whatever_the_interval():
    for interval in (0.01, 0.5):
        plant = simulate.Plant([1.0], [1.0, 2.0, 5.0], interval=interval)
        for _ in range(round(2.0 / interval)):
            last = plant(1.0)
        assert last == pytest.approx(0.2 * (1 - math.exp(-2.0) * (math.cos(4.0) + 0.5 * math.sin(4.0))))
    with pytest.raises(ValueError, match="above 0 s"):
        simulate.Plant([1.0], [1.0, 1.0], interval=0.0)


@pytest.mark.node("simulate.lotka_volterra")
def test_hares_and_lynxes_come_back_every_10_79():
    signal = simulate.lotka_volterra(duration=50.0, points=50001)
    hares, lynxes = signal.y
    kept = 0.1 * hares - 0.4 * np.log(hares) + 0.4 * lynxes - 1.1 * np.log(lynxes)
    assert np.ptp(kept) < 1e-5
    peaks = signal.time[1:-1][(hares[1:-1] > hares[:-2]) & (hares[1:-1] >= hares[2:])]
    assert np.diff(peaks) == pytest.approx(10.79, abs=0.01)


@pytest.mark.node("simulate.pendulum")
def test_a_wide_swing_takes_longer():
    # T = 4 √(l/g) K(sin²(θ/2)): at 2 rad 33.8 % longer than a small one
    signal = simulate.pendulum(angle=2.0, length=0.5, duration=4.0, points=4001)
    falls = signal.time[1:][(signal.y[0][:-1] > 0.0) & (signal.y[0][1:] <= 0.0)]
    period = 4.0 * math.sqrt(0.5 / 9.80665) * scipy.special.ellipk(math.sin(1.0) ** 2)
    assert np.diff(falls)[0] == pytest.approx(period, abs=0.002)
    assert simulate.pendulum(angle=1.0, damping=5.0, duration=20.0).y[0][-1] == pytest.approx(0.0, abs=1e-3)
    with pytest.raises(ValueError, match="does not swing"):
        simulate.pendulum(length=0.0)


@pytest.mark.node("simulate.oscillator")
def test_critical_damping_has_no_overshoot():
    signal = simulate.oscillator(2.0, 50.0, damping=20.0, start=0.1, duration=2.0, points=201)
    t = signal.time
    assert signal.y[0] == pytest.approx(0.1 * (1 + 5 * t) * np.exp(-5 * t), abs=1e-7)
    with pytest.raises(ValueError, match="0 kg"):
        simulate.oscillator(mass=0.0)


@pytest.mark.node("simulate.HeatPlate")
def test_a_sine_on_a_plate_decays_as_the_heat_equation_says():
    across = np.sin(np.pi * np.linspace(0.0, 1.0, 41))
    start = 100.0 * np.outer(across, across)
    plate = simulate.HeatPlate(diffusivity=1e-4, spacing=0.025, interval=50.0)
    for _ in range(10):
        last = plate(start)
    # exp(-2 π² D t / L²) on a plate of 1 m
    assert last[20, 20] == pytest.approx(100.0 * math.exp(-2 * math.pi**2 * 1e-4 * 500.0), rel=2e-3)
    assert last[0].tolist() == pytest.approx(start[0].tolist())
    closed = simulate.HeatPlate(interval=1.0, edge="insulated")
    assert closed(start).sum() == pytest.approx(start.sum())
    with pytest.raises(ValueError, match="three rows"):
        plate([1.0, 2.0])
    with pytest.raises(ValueError, match="above 0"):
        simulate.HeatPlate(spacing=0.0)


@pytest.mark.node("simulate.diffusion")
def test_a_drop_spreads_as_a_gaussian():
    line = np.zeros(401)
    line[200] = 1.0
    spread = simulate.diffusion(line, diffusivity=2.0, spacing=1.0, duration=100.0, ends="closed")
    place = np.arange(-200, 201)
    assert spread == pytest.approx(np.exp(-(place**2) / 800.0) / math.sqrt(800.0 * math.pi), abs=1e-4)
    assert (spread * place**2).sum() == pytest.approx(2 * 2.0 * 100.0)
    fixed = simulate.diffusion(line + 5.0, diffusivity=2.0, spacing=1.0, duration=100.0)
    assert fixed == pytest.approx(5.0 + spread, abs=1e-6)
    # between two ends that are held it becomes a straight line
    assert simulate.diffusion([1.0, 9.0, 9.0, 4.0], duration=1e6) == pytest.approx([1.0, 2.0, 3.0, 4.0])
    with pytest.raises(ValueError, match="3 to 5000"):
        simulate.diffusion([1.0, 2.0])
    with pytest.raises(ValueError, match="0 or more"):
        simulate.diffusion([1.0, 2.0, 3.0], duration=-1.0)


@pytest.mark.node("simulate.random_walks")
def test_a_walk_goes_as_far_as_the_root_of_its_steps():
    walks = simulate.random_walks(walks=2000, steps=400, size=0.5, drift=0.1)
    assert walks.shape == (2000, 401)
    assert (walks[:, 0] == 0.0).all()
    assert walks[:, -1].std() == pytest.approx(0.5 * 20.0, rel=0.05)
    assert walks[:, -1].mean() == pytest.approx(40.0, abs=1.0)
    with pytest.raises(ValueError, match="one or more"):
        simulate.random_walks(walks=0)


@pytest.mark.node("simulate.monte_carlo", "simulate.uncertainty")
def test_the_uncertainty_of_a_resistance():
    # of a quotient the relative uncertainties add as squares: √(0.01² + 0.01²) of 5
    budget = simulate.uncertainty()
    assert budget[:2] == pytest.approx((5.0, 5.0 * math.sqrt(2e-4)))
    assert budget.table["share"].tolist() == pytest.approx([0.5, 0.5])
    assert budget.table["sensitivity"].tolist() == pytest.approx([0.5, -2.5])
    drawn = simulate.monte_carlo()
    assert drawn.uncertainty == pytest.approx(budget.uncertainty, rel=0.02)
    assert (drawn.lower, drawn.upper) == pytest.approx(
        (5.0 - 1.96 * drawn.uncertainty, 5.0 + 1.96 * drawn.uncertainty), abs=0.004
    )
    # of a square at 0 the first order sees nothing: mean σ², deviation √2 σ²
    assert simulate.uncertainty("x^2", "x = 0", "x = 3").uncertainty == 0.0
    square = simulate.monte_carlo("x^2", "x = 0", "x = 3", samples=400_000)
    assert (square.value, square.uncertainty) == pytest.approx((9.0, math.sqrt(2.0) * 9.0), rel=0.02)
    with pytest.raises(ValueError, match="no value"):
        simulate.uncertainty("a", "a = 1", "b = 1")
    with pytest.raises(ValueError, match="below 0"):
        simulate.uncertainty("a", "a = 1", "a = -1")
    with pytest.raises(ValueError, match="no finite"):
        simulate.monte_carlo("sqrt(x)", "x = 0", "x = 1")


@pytest.mark.node("simulate.erlang_c", "simulate.simulate_queue")
def test_queues():
    # two calls a unit and three agents: 4/9 wait, 8/9 wait on average
    found = simulate.erlang_c(arrivals=2.0, service=1.0, servers=3)
    assert found == pytest.approx((2 / 3, 4 / 9, 8 / 9, 4 / 9))
    seen = simulate.simulate_queue(arrivals=2.0, service=1.0, servers=3, customers=200_000)
    assert seen.waits == pytest.approx(4 / 9, abs=0.02)
    assert seen.time == pytest.approx(4 / 9, abs=0.04)
    assert simulate.erlang_c(arrivals=990.0, service=1.0, servers=1000).load == pytest.approx(0.99)
    for queue in (simulate.erlang_c, simulate.simulate_queue):
        with pytest.raises(ValueError, match="grows for ever"):
            queue(arrivals=3.0, service=1.0, servers=3)
        with pytest.raises(ValueError, match="above 0"):
            queue(arrivals=0.0)


ROSENBROCK = "100 * (y - x^2)^2 + (1 - x)^2"


@pytest.mark.node("simulate.minimise")
def test_rosenbrocks_valley():
    for method in ("slopes", "simplex"):
        found = simulate.minimise(ROSENBROCK, start="x = -1.2, y = 1", method=method)
        assert found.point == pytest.approx([1.0, 1.0], abs=1e-3)
        assert found.value < 1e-6
    with pytest.raises(ValueError, match="no lowest place"):
        simulate.minimise("x", start="x = 0")
    with pytest.raises(ValueError, match="start is empty"):
        simulate.minimise("x^2", start="")
    with pytest.raises(ValueError, match="no finite value"):
        simulate.minimise("log(x)", start="x = -1")


@pytest.mark.node("simulate.ParticleSwarm", "simulate.DifferentialEvolution", "simulate.Annealing")
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_three_searches_find_the_bottom_of_rastrigins_hills(seed):
    for search in (
        simulate.ParticleSwarm(seed=seed),
        simulate.DifferentialEvolution(seed=seed),
        simulate.Annealing(seed=seed),
    ):
        values = [search().value for _ in range(200)]
        assert values == sorted(values, reverse=True)
        last = search()
        # the next best hollow is at 0.995
        assert last.value < 0.5
        assert last.point == pytest.approx([0.0, 0.0], abs=0.06)
        assert last.places.shape[1] == 2
        assert (abs(last.places) <= 5.12).all()


@pytest.mark.node("simulate.ParticleSwarm", "simulate.DifferentialEvolution", "simulate.Annealing")
def test_searches_that_cannot_be_are_refused():
    for search in (simulate.ParticleSwarm, simulate.DifferentialEvolution, simulate.Annealing):
        with pytest.raises(ValueError, match="swap"):
            search(lower=1.0, upper=0.0)
        with pytest.raises(ValueError, match="no variable"):
            search("2 + pi")
    with pytest.raises(ValueError, match="2 or more"):
        simulate.ParticleSwarm(particles=1)
    with pytest.raises(ValueError, match="4 or more"):
        simulate.DifferentialEvolution(members=3)
    with pytest.raises(ValueError, match="cooling"):
        simulate.Annealing(cooling=1.0)


@pytest.mark.node("simulate.root")
def test_a_root():
    assert simulate.root("cos(x) - x", 0.0, 1.0) == pytest.approx(0.7390851332151607, abs=1e-12)
    with pytest.raises(ValueError, match="where its signs differ"):
        simulate.root("x^2 + 1")


@pytest.mark.node("simulate.linear_program")
def test_the_factory_of_hillier_and_lieberman():
    # Introduction to Operations Research, section 3.1 (Wyndor Glass): 2 doors and 6 windows for a profit of 36
    found = simulate.linear_program([3, 5], [[1, 0], [0, 2], [3, 2]], [4, 12, 18], maximise=True)
    assert found.point == pytest.approx([2.0, 6.0])
    assert found.value == pytest.approx(36.0)
    assert simulate.linear_program([1, 1], [[-1, -1]], [-5]).value == pytest.approx(5.0)
    with pytest.raises(ValueError, match="a limit is missing"):
        simulate.linear_program([1.0], [[-1.0]], [1.0], maximise=True)
    with pytest.raises(ValueError, match="no plan"):
        simulate.linear_program([1.0], [[1.0]], [-1.0])
    with pytest.raises(ValueError, match="a row for each limit"):
        simulate.linear_program([1.0], [[1.0, 2.0]], [1.0])


@pytest.mark.node("simulate.assignment")
def test_workers_and_jobs():
    found = simulate.assignment([[82, 83, 69, 92], [77, 37, 49, 92], [11, 69, 5, 86], [8, 9, 98, 23]])
    assert (found.column.tolist(), found.cost) == ([2, 1, 0, 3], 140.0)
    assert simulate.assignment([[1.0, 2.0]], maximise=True).cost == 2.0
    with pytest.raises(ValueError, match="no more rows"):
        simulate.assignment([[1.0], [2.0]])
