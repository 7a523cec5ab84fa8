"""Surfaces and dots in three dimensions."""

from __future__ import annotations

from typing import Any

from flodesk.public import Array, Scatter3D, Surface, node

__all__ = ["scatter3d", "surface"]


@node(title="3-D surface", tags=("3d", "three dimensions", "landscape", "relief", "mesh", "plot", "matrix"))
def surface(
    values: Array,
    title: str = "",
    x_start: float = 0.0,
    x_step: float = 1.0,
    y_start: float = 0.0,
    y_step: float = 1.0,
    x_label: str = "",
    x_unit: str = "",
    y_label: str = "",
    y_unit: str = "",
    z_label: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Surface:
    """Show values over two axes as a surface that a hand turns.

    Parameters
    ----------
    values : Array
        The values, shape (rows, columns): a height each. Of more than 65 rows or columns a screen is given the values
        that stand out most.
    title : str
        Title of the plot; empty for the node's name.
    x_start, x_step : float
        Where the first column is, and how far it is from one column to the next, in the unit of the axis.
    y_start, y_step : float
        Where the first row is, and how far it is from one row to the next, in the unit of the axis.
    x_label, y_label, z_label : str
        What the axes are; z is that of the values.
    x_unit, y_unit, unit : str
        Units of the axes, and of the values.
    minimum, maximum : float, optional
        What the first and the last colour stand for, in the unit of the values; None for the least and the greatest
        value.

    Returns
    -------
    Surface
        The surface.

    Raises
    ------
    ValueError
        The value is no array with two axes, or a step is 0.

    Examples
    --------
    >>> show.surface([[0.0, 1.0, 0.0], [1.0, 2.0, 1.0]], unit="mm").summary()
    '3 × 2 values from 0 to 2 mm'
    """
    import numpy

    if not x_step or not y_step:
        raise ValueError("the step of an axis is 0: all columns, or rows, would be at one place")
    made = numpy.asarray(values)
    if made.dtype.kind not in "biuf" or made.ndim != 2:
        raise ValueError(f"a surface is an array of numbers of shape (rows, columns), and got {_what(made)}")
    return Surface(
        title, made, x_start, x_step, y_start, y_step, x_label, x_unit, y_label, y_unit, unit, minimum, maximum,
        z_label=z_label,
    )  # fmt: skip


@node(title="3-D scatter plot", tags=("3d", "three dimensions", "dots", "points", "cloud", "space"))
def scatter3d(
    x: Array,
    y: Array,
    z: Array,
    colors: Array | None = None,
    title: str = "",
    x_label: str = "",
    x_unit: str = "",
    y_label: str = "",
    y_unit: str = "",
    z_label: str = "",
    z_unit: str = "",
    label: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
) -> Scatter3D:
    """Show dots in space that a hand turns.

    Parameters
    ----------
    x, y, z : Array
        Where each dot is, each of shape (n,), in the units given below. Of more than 3000 a screen is given every n-th.
    colors : Array, optional
        What the colour of each dot stands for, shape (n,), in the unit given below; None for `z`.
    title : str
        Title of the plot; empty for the node's name.
    x_label, y_label, z_label, label : str
        What the axes are, and the colours.
    x_unit, y_unit, z_unit, unit : str
        Units of the axes, and of the colours.
    minimum, maximum : float, optional
        What the first and the last colour stand for, in the unit of the colours; None for the least and the greatest
        value.

    Returns
    -------
    Scatter3D
        The dots.

    Raises
    ------
    ValueError
        Lengths differ, or a value is no array of numbers with one axis.

    Examples
    --------
    >>> show.scatter3d([0.0, 1.0], [0.0, 2.0], [0.0, 3.0]).summary()
    '2 dots'
    """
    import numpy

    arrays = {"x": x, "y": y, "z": z} | ({} if colors is None else {"colors": colors})
    made = {name: numpy.asarray(value) for name, value in arrays.items()}
    for name, array in made.items():
        if array.dtype.kind not in "biuf" or array.ndim != 1:
            raise ValueError(f"{name} is an array of numbers with one axis, and got {_what(array)}")
        if len(array) != len(made["x"]):
            raise ValueError(f"x has {len(made['x'])} dots and {name} has {len(array)}: give each as many")
    if colors is None:
        label, unit = label or z_label, unit or z_unit
    return Scatter3D(
        title, made["x"], made["y"], made["z"], made.get("colors"), x_label, x_unit, y_label, y_unit, z_label, z_unit,
        label, unit, minimum, maximum,
    )  # fmt: skip


def _what(array: Any) -> str:
    return f"shape {array.shape} of {array.dtype}"
