"""Numbers and data sets to start from."""

from __future__ import annotations

from typing import Annotated

from flodesk.nodes.source.axis import Count
from flodesk.public import Array, Range, Signal, Table, Unit, Waveform, node


def linspace(start: float = 0.0, stop: float = 1.0, number: Count = 101) -> Array:
    """Make a ramp of evenly spaced numbers.

    Parameters
    ----------
    start : float
        The first number, in any unit.
    stop : float
        The last number, in the same unit as the first.
    number : int
        Number of values, both ends included.

    Returns
    -------
    Array
        Shape (number,).

    Raises
    ------
    ValueError
        The number of values is below 1.

    Examples
    --------
    >>> source.linspace(0.0, 1.0, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    import numpy

    if number < 1:
        raise ValueError(f"a ramp of {number} values is empty: set number to 1 or more")
    return numpy.linspace(start, stop, number)


def constant(value: float = 1.0) -> float:
    """Give a number.

    Parameters
    ----------
    value : float
        The number, in any unit.

    Returns
    -------
    float
        The number.

    Examples
    --------
    >>> source.constant(4.2)
    4.2
    """
    return value


def sunspots() -> Table:
    """Give the yearly mean number of sunspots from 1700 to 2008, measured data that ships with statsmodels.

    Returns
    -------
    Table
        Columns ``year`` (a whole number) and ``sunspots`` (dimensionless), 309 rows.

    Raises
    ------
    ImportError
        The package statsmodels is missing.

    Notes
    -----
    Source: SIDC-team, World Data Center for the Sunspot Index, Royal Observatory of Belgium, as the data set
    ``sunspots`` of statsmodels.

    Examples
    --------
    >>> len(source.sunspots())
    309
    """
    try:
        from statsmodels.datasets import sunspots as data
    except ImportError as error:
        raise ImportError("the sunspot data come with the package statsmodels, which is missing: install it") from error
    table = data.load_pandas().data.rename(columns={"YEAR": "year", "SUNACTIVITY": "sunspots"})
    return table.astype({"year": int})


@node(title="Signal of an array", tags=("build waveform", "waveform", "timeseries", "from array"), pure=True)
def signal(
    values: Array,
    rate: Annotated[float, Unit("Hz"), Range(0.001)] = 1000.0,
    start: Annotated[float, Unit("s")] = 0.0,
    unit: str = "",
) -> Signal:
    """Make a signal of an array and its sample rate.

    Parameters
    ----------
    values : Array
        Samples, shape (n,) or (channels, n).
    rate : float
        Sample rate in Hz.
    start : float
        Time of the first sample in s.
    unit : str
        Unit of the samples.

    Returns
    -------
    Waveform
        The samples on their time axis.

    Raises
    ------
    ValueError
        The sample rate is not above 0, or it is a single number.

    Examples
    --------
    >>> source.signal([1.0, 2.0, 4.0], rate=10.0, unit="V")
    Waveform(3 samples, V, 10 Hz, from 0 s)
    """
    import numpy

    y = numpy.asarray(values)
    if not rate > 0.0:
        raise ValueError(f"the sample rate is {rate:g} Hz: it must be above 0 Hz")
    if y.ndim == 0:
        raise ValueError("a single number is no signal: give an array of samples")
    return Waveform(y, 1.0 / rate, start, unit)


@node(title="CO₂", tags=("carbon dioxide", "Mauna Loa", "Keeling curve", "climate", "data set", "co2"))
def co2() -> Table:
    """Give the weekly carbon dioxide in the air of Mauna Loa from 1958 to 2001, which ships with statsmodels.

    Returns
    -------
    Table
        Columns ``date`` and ``co2`` (in ppm; NaN where nothing was measured), 2284 rows.

    Raises
    ------
    ImportError
        The package statsmodels is missing.

    Notes
    -----
    Source: C. D. Keeling, T. P. Whorf, Atmospheric CO2 concentrations from in situ air samples at Mauna Loa, as the
    data set ``co2`` of statsmodels.

    Examples
    --------
    >>> len(source.co2())
    2284
    """
    try:
        from statsmodels.datasets import co2 as data
    except ImportError as error:
        raise ImportError("the CO₂ data come with the package statsmodels, which is missing: install it") from error
    return data.load_pandas().data.rename_axis("date").reset_index()


@node(tags=("river", "flow", "data set", "time series"))
def nile() -> Table:
    """Give the yearly flow of the Nile at Aswan from 1871 to 1970, which ships with statsmodels.

    Returns
    -------
    Table
        Columns ``year`` (a whole number) and ``volume`` (in 10⁸ m³), 100 rows.

    Raises
    ------
    ImportError
        The package statsmodels is missing.

    Notes
    -----
    Source: G. W. Cobb, The problem of the Nile: conditional solution to a changepoint problem, Biometrika 65 (1978)
    243, as the data set ``nile`` of statsmodels.

    Examples
    --------
    >>> source.nile().volume.max()
    1370.0
    """
    try:
        from statsmodels.datasets import nile as data
    except ImportError as error:
        raise ImportError(
            "the data of the Nile come with the package statsmodels, which is missing: install it"
        ) from error
    return data.load_pandas().data.astype({"year": int})
