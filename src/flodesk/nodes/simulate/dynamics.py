"""Systems in time: differential equations, transfer functions, state space."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes._assignments import equations_of, values_of
from flodesk.nodes._numbers import numbers
from flodesk.nodes.simulate.solving import solved
from flodesk.public import Array, Range, Signal, Table, Unit, Waveform, node

Seconds = Annotated[float, Unit("s"), Range(0.0)]
Points = Annotated[int, Range(2, 1_000_000)]


class Course(NamedTuple):
    """How the states of a system go in time."""

    signal: Signal
    table: Table


@node(
    title="Differential equations",
    tags=("ode", "ode45", "initial value problem", "integrate", "dynamics", "solver", "runge kutta"),
    pure=True,
)
def ode(
    equations: str = "dx = v\ndv = -k * x",
    start: str = "x = 1, v = 0",
    parameters: str = "k = 1",
    duration: Seconds = 10.0,
    points: Points = 501,
    method: Literal["RK45", "DOP853", "Radau", "LSODA"] = "RK45",
) -> Course:
    """Solve differential equations that are typed as formulas.

    Parameters
    ----------
    equations : str
        A line for each state, with ``d`` before its name: ``dx = v``. It may read the states, the parameters and the
        time ``t``.
    start : str
        The value of each state at the start, as ``x = 1, v = 0``; their order is that of the results.
    parameters : str
        Values of the other names, as ``k = 1``.
    duration : float
        Length of time in s.
    points : int
        Number of results, at equal distances in time.
    method : str
        ``RK45`` for most, ``DOP853`` for high accuracy, ``Radau`` and ``LSODA`` for stiff equations.

    Returns
    -------
    signal : Waveform
        The states in time, shape (states, points).
    table : Table
        The same with a column ``t`` in s and one for each state.

    Raises
    ------
    ValueError
        A text cannot be read, states and equations do not belong together, a formula reads what is not there, or the
        solution runs away.

    Notes
    -----
    Relative error 1e-8 a step. Reference: E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations
    I, 2nd ed., 1993, section II.5.

    Examples
    --------
    >>> found = simulate.ode("dx = -x", start="x = 1", duration=1.0, points=2)
    >>> found.signal.y.round(4)
    array([[1.    , 0.3679]])
    """
    import pandas

    formulas, begin = equations_of(equations, "equations"), values_of(start, "start")
    known = values_of(parameters, "parameters")
    names = list(begin)
    if set(formulas) != {f"d{name}" for name in names}:
        raise ValueError(
            f"the equations give {', '.join(formulas)}, and start has {', '.join(names) or 'nothing'}: for each state"
            " x write a line dx = ..., and its start value"
        )
    slopes = [formulas[f"d{name}"] for name in names]
    for formula in slopes:
        formula.value({**known, **begin, "t": 0.0})  # what it reads and is not there is told here

    def change(t: float, states: Array) -> list[Any]:
        here = {**known, **dict(zip(names, states, strict=True)), "t": t}
        return [formula.value(here) for formula in slopes]

    signal = solved(change, list(begin.values()), duration, points, method)
    table = pandas.DataFrame(signal.y.T, columns=names)
    table.insert(0, "t" if "t" not in names else "time", signal.time)
    return Course(signal, table)


def _system(numerator: Array, denominator: Array) -> tuple[Array, Array]:
    """Return the polynomials of a transfer function without leading zeros."""
    import numpy

    top, bottom = (
        numpy.trim_zeros(numbers(part, name).ravel(), "f")
        for part, name in ((numerator, "numerator"), (denominator, "denominator"))
    )
    if not bottom.size or not top.size:
        raise ValueError("numerator and denominator each need a factor other than 0, the highest power of s first")
    if top.size > bottom.size:
        raise ValueError("the numerator has a higher power of s than the denominator: no real system does that")
    return top, bottom


def _axis(duration: float, points: int) -> tuple[Array, float]:
    import numpy

    if not duration > 0.0 or points < 2:
        raise ValueError(f"a response of {duration:g} s in {points} points has no course: give both more")
    return numpy.linspace(0.0, duration, points), duration / (points - 1)


@node(tags=("transfer function", "control", "step", "overshoot", "settling", "lti"), pure=True)
def step_response(numerator: Array, denominator: Array, duration: Seconds = 10.0, points: Points = 501) -> Signal:
    """Give the answer of a linear system to a step from 0 to 1.

    Parameters
    ----------
    numerator, denominator : Array
        Factors of its transfer function, the highest power of s first, shape (n,): ``[1]`` and ``[1, 2, 5]`` are
        1/(s² + 2s + 5).
    duration : float
        Length of time in s.
    points : int
        Number of samples.

    Returns
    -------
    Waveform
        The answer, shape (points,), in the unit of the output over that of the input.

    Raises
    ------
    ValueError
        The transfer function or the length makes no sense.

    Notes
    -----
    Reference: K. J. Åström, R. M. Murray, Feedback Systems, 2nd ed., 2021, section 6.3.

    Examples
    --------
    >>> simulate.step_response([1.0], [1.0, 1.0], duration=1.0, points=2).y.round(4)
    array([0.    , 0.6321])
    """
    import scipy.signal

    t, dt = _axis(duration, points)
    return Waveform(scipy.signal.step(_system(numerator, denominator), T=t)[1], dt)


@node(tags=("transfer function", "control", "weighting function", "dirac", "lti"), pure=True)
def impulse_response(numerator: Array, denominator: Array, duration: Seconds = 10.0, points: Points = 501) -> Signal:
    """Give the answer of a linear system to a short push with the area 1.

    Parameters
    ----------
    numerator, denominator : Array
        Factors of its transfer function, the highest power of s first, shape (n,).
    duration : float
        Length of time in s.
    points : int
        Number of samples.

    Returns
    -------
    Waveform
        The answer, shape (points,), in the unit of the output over that of the input and per s.

    Raises
    ------
    ValueError
        The transfer function or the length makes no sense, or the system passes a part of the push on at once.

    Examples
    --------
    >>> simulate.impulse_response([1.0], [1.0, 1.0], duration=1.0, points=2).y.round(4)
    array([1.    , 0.3679])
    """
    import scipy.signal

    top, bottom = _system(numerator, denominator)
    if top.size == bottom.size:
        raise ValueError("the powers of s are the same above and below: the answer begins with an endless peak")
    t, dt = _axis(duration, points)
    return Waveform(scipy.signal.impulse((top, bottom), T=t)[1], dt)


class Bode(NamedTuple):
    """The frequency response of a linear system."""

    frequency: Annotated[Array, Unit("Hz")]
    magnitude: Annotated[Array, Unit("dB")]
    phase: Annotated[Array, Unit("°")]


@node(title="Bode", tags=("transfer function", "frequency response", "gain", "phase", "freqs", "control"), pure=True)
def bode(
    numerator: Array,
    denominator: Array,
    lower: Annotated[float, Unit("Hz"), Range(0.0)] = 0.01,
    upper: Annotated[float, Unit("Hz"), Range(0.0)] = 100.0,
    points: Points = 200,
) -> Bode:
    """Give gain and phase of a linear system over the frequency.

    Parameters
    ----------
    numerator, denominator : Array
        Factors of its transfer function, the highest power of s first, shape (n,).
    lower, upper : float
        Ends of the frequencies in Hz, above 0.
    points : int
        Number of frequencies, at equal ratios.

    Returns
    -------
    frequency : Array
        Frequencies in Hz, shape (points,).
    magnitude : Array
        Gain in dB, shape (points,).
    phase : Array
        Phase in °, without jumps, shape (points,).

    Raises
    ------
    ValueError
        The transfer function makes no sense, or the ends are not above 0 and in order.

    Examples
    --------
    >>> found = simulate.bode([1.0], [1.0, 1.0], lower=1 / (2 * np.pi), upper=10.0, points=2)
    >>> round(found.magnitude[0], 2), round(found.phase[0], 2)
    (-3.01, -45.0)
    """
    import numpy
    import scipy.signal

    top, bottom = _system(numerator, denominator)
    if not 0.0 < lower < upper or points < 2:
        raise ValueError(f"frequencies from {lower:g} Hz to {upper:g} Hz: give two above 0 Hz, the lower one first")
    frequency = numpy.geomspace(lower, upper, points)
    _, answer = scipy.signal.freqs(top, bottom, 2.0 * numpy.pi * frequency)
    phase = numpy.degrees(numpy.unwrap(numpy.angle(answer)))
    with numpy.errstate(divide="ignore"):
        return Bode(frequency, 20.0 * numpy.log10(numpy.abs(answer)), phase)


@node(title="State space", tags=("lti", "linear system", "matrix", "lsim", "control", "transfer function"), pure=True)
def state_space(signal: Signal, a: Array, b: Array, c: Array, d: float = 0.0) -> Signal:
    """Give the answer of a linear system to a signal: x' = A x + B u, y = C x + D u, from rest.

    Parameters
    ----------
    signal : Waveform
        What goes in, shape (n,).
    a : Array
        Matrix of the states, shape (k, k).
    b, c : Array
        How the input moves the states, and how these make the output, each of k numbers.
    d : float
        Share of the input that goes straight to the output, in the unit of the output over that of the input.

    Returns
    -------
    Waveform
        The output, shape (n,), on the same time axis. Between samples the input is taken to go in a straight line.

    Raises
    ------
    TypeError
        The signal has no sample rate.
    ValueError
        The shapes do not fit each other.

    Notes
    -----
    Reference: K. J. Åström, R. M. Murray, Feedback Systems, 2nd ed., 2021, section 6.3.

    Examples
    --------
    >>> step = Waveform(np.ones(3), 1.0)
    >>> simulate.state_space(step, [[-1.0]], [1.0], [1.0]).y.round(4)
    array([0.    , 0.6321, 0.8647])
    """
    import numpy
    import scipy.signal

    if not isinstance(signal, Waveform):
        raise TypeError(f"signal is {type(signal).__name__} and has no sample rate: wire a signal (Waveform) to it")
    matrix, into, out = (numpy.asarray(part, dtype=float) for part in (a, b, c))
    size = matrix.shape[0] if matrix.ndim == 2 else 0
    if not size or matrix.shape != (size, size) or into.size != size or out.size != size or signal.y.ndim != 1:
        raise ValueError(
            f"a has the shape {matrix.shape}, b holds {into.size} numbers, c {out.size}, and the signal has the shape"
            f" {signal.y.shape}: a must be square, b and c of its size, and the signal of one channel"
        )
    system = (matrix, into.reshape(size, 1), out.reshape(1, size), numpy.array([[float(d)]]))
    _, answer, _ = scipy.signal.lsim(system, signal.y, signal.dt * numpy.arange(len(signal)))
    return signal.with_y(numpy.asarray(answer).reshape(-1), "")


class Plant:
    """A linear system that is driven turn by turn: what a controller is tried on.

    Parameters
    ----------
    numerator, denominator : Array
        Factors of its transfer function, the highest power of s first, shape (n,): ``[1]`` and ``[1, 2, 5]`` are
        1/(s² + 2s + 5).
    interval : float
        Time from one turn to the next in s.

    Raises
    ------
    ValueError
        The transfer function makes no sense, or the interval is not above 0.

    Notes
    -----
    Exact for an input that is held from turn to turn. Reference: K. J. Åström, B. Wittenmark, Computer-Controlled
    Systems, 3rd ed., 1997, section 2.3.

    Examples
    --------
    >>> plant = simulate.Plant([1.0], [1.0, 1.0], interval=1.0)
    >>> [round(plant(1.0), 4) for _ in range(3)]
    [0.6321, 0.8647, 0.9502]
    """

    def __init__(self, numerator: Array, denominator: Array, interval: Seconds = 0.01) -> None:
        import numpy
        import scipy.signal

        if not interval > 0.0:
            raise ValueError(f"the interval is {interval:g} s: it must be above 0 s")
        top, bottom = _system(numerator, denominator)
        parts = scipy.signal.cont2discrete(scipy.signal.tf2ss(top, bottom), interval)
        self._a, self._b, self._c, self._d = (numpy.asarray(part) for part in parts[:4])
        self._state = numpy.zeros((self._a.shape[0], 1))

    def __call__(self, value: float) -> float:
        """Drive it for one interval.

        Parameters
        ----------
        value : float
            What goes in during the interval, in any unit.

        Returns
        -------
        float
            What comes out at its end, in the unit of the output.
        """
        self._state = self._a @ self._state + self._b * float(value)
        return float((self._c @ self._state + self._d * float(value)).item())
