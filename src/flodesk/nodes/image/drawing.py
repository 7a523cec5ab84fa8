"""Drawing: what was found, on the picture that it was found in."""

from __future__ import annotations

from typing import Annotated, Any

from flodesk.nodes.image.colors import to_color
from flodesk.nodes.image.inputs import at_least, compact, eight_bits, picture, same_size
from flodesk.nodes.image.inputs import labels as numbered
from flodesk.public import Array, Picture, Range, Table, Unit, node

_taken = picture
"""What the nodes here call a parameter of theirs."""

_SHADES = (
    (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0), (204, 121, 167),
    (154, 205, 50), (255, 105, 97), (148, 103, 189),
)  # fmt: skip
"""Colors that are told apart by nearly all eyes (M. Okabe, K. Ito, 2008), and three more."""

Stroke = Annotated[int, Unit("px"), Range(1, 100)]


@node(
    title="Overlay", tags=("labels", "segmentation", "label2rgb", "outline", "mark", "boundary", "highlight"), pure=True
)
def overlay(
    picture: Picture,
    labels: Picture,
    opacity: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 40.0,
    outline: bool = True,
) -> Picture:
    """Color the objects of a picture, each in a color of its own.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    labels : Picture
        Labels, as `label` and `watershed` give them, or a mask, shape (rows, columns).
    opacity : float
        How much the colors cover, in %: 0 for outlines alone.
    outline : bool
        Draw the edge of each object, in its color.

    Returns
    -------
    Picture
        The picture in color, of 8 bits, shape (rows, columns, 3).

    Raises
    ------
    TypeError, ValueError
        One is no picture, they differ in size, or the opacity is not from 0 % to 100 %.

    Examples
    --------
    >>> image.overlay(np.zeros((1, 2)), np.array([[0, 1]]), opacity=100.0).tolist()
    [[[0, 0, 0], [230, 159, 0]]]
    """
    import numpy

    if not 0.0 <= opacity <= 100.0:
        raise ValueError(f"the opacity is {opacity:g} %: choose one from 0 % to 100 %")
    base = eight_bits(to_color(picture))
    found = numbered(labels)
    same_size(base, found, ("picture", "labels"))
    at = compact(found)[1]
    shades = numpy.array(_SHADES, float)[(at - 1) % len(_SHADES)]
    part = numpy.where(at > 0, opacity / 100.0, 0.0)
    if outline:
        part[_rims(at)] = 1.0
    return numpy.rint(base + part[..., None] * (shades - base)).astype(numpy.uint8)


def _rims(at: Array) -> Array:
    """Return where an object has another one, or the ground, beside it."""
    import numpy

    rim = numpy.zeros(at.shape, bool)
    for one, other in ((numpy.s_[1:, :], numpy.s_[:-1, :]), (numpy.s_[:, 1:], numpy.s_[:, :-1])):
        differ = at[one] != at[other]
        rim[one] |= differ
        rim[other] |= differ
    return rim & (at > 0)


def _canvas(value: Any, color: str) -> tuple[Any, Any, tuple[int, ...]]:
    """Return a picture of Pillow in color, what draws on it, and the color as numbers."""
    from PIL import Image, ImageColor, ImageDraw

    made = Image.fromarray(eight_bits(to_color(_taken(value))))
    try:
        shade = ImageColor.getrgb(color)[:3]
    except (ValueError, AttributeError) as error:
        raise ValueError(f"{color!r} is no color: give a name such as yellow, or numbers such as #ffd400") from error
    return made, ImageDraw.Draw(made), shade


def _against(shade: tuple[int, ...]) -> tuple[int, ...]:
    """Return the color of a rim on which letters of that color are read on any ground."""
    return (0, 0, 0) if sum(shade) > 380 else (255, 255, 255)


def _columns(table: Any, *names: str) -> Array:
    """Return columns of a table as numbers, shape (n, columns); rows with a gap are left out."""
    import numpy

    missing = [name for name in names if name not in getattr(table, "columns", ())]
    if missing:
        kind = "" if hasattr(table, "columns") else f", and this is {type(table).__name__}"
        raise ValueError(
            f"a table with the columns {', '.join(names)} is needed: {', '.join(missing)} is missing{kind}"
        )
    try:
        values = numpy.asarray(table[list(names)], dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the columns {', '.join(names)} cannot be read as numbers: {error}") from error
    return values[numpy.isfinite(values).all(axis=1)]


@node(tags=("markers", "crosses", "circles", "annotate", "insertMarker", "overlay", "show positions"), pure=True)
def draw_points(
    picture: Picture,
    points: Table,
    color: str = "#ffd400",
    size: Annotated[float, Unit("px"), Range(1.0)] = 6.0,
    stroke: Stroke = 1,
) -> Picture:
    """Draw a cross at each place of a table, or a circle where it has a radius.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    points : Table
        A row for each place, ``x`` and ``y`` in px, as `corners`, `blobs`, `find_circles` and `regions` give them; with
        a column ``radius`` in px circles are drawn.
    color : str
        The color, as a name (``"yellow"``) or numbers (``"#ffd400"``).
    size : float
        How far the arms of a cross reach, in px.
    stroke : int
        Width of the lines in px.

    Returns
    -------
    Picture
        The picture in color, of 8 bits, shape (rows, columns, 3).

    Raises
    ------
    TypeError, ValueError
        It is no picture, no such table, or no color.

    Examples
    --------
    >>> spot = image.draw_points(np.zeros((5, 5)), pd.DataFrame({"x": [2], "y": [2]}), "red", size=1)
    >>> np.argwhere(spot[..., 0]).tolist()
    [[1, 2], [2, 1], [2, 2], [2, 3], [3, 2]]
    """
    import numpy

    made, pen, shade = _canvas(picture, color)
    at_least(stroke, 1, "stroke")
    at_least(size, 1, "size")
    if "radius" in getattr(points, "columns", ()):
        for x, y, radius in _columns(points, "x", "y", "radius"):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=shade, width=stroke)
    else:
        for x, y in _columns(points, "x", "y"):
            pen.line((x - size, y, x + size, y), fill=shade, width=stroke)
            pen.line((x, y - size, x, y + size), fill=shade, width=stroke)
    return numpy.asarray(made)


@node(tags=("rectangles", "bounding boxes", "annotate", "insertShape", "frames", "detections"), pure=True)
def draw_boxes(picture: Picture, boxes: Table, color: str = "#ffd400", stroke: Stroke = 1, text: str = "") -> Picture:
    """Draw a frame around each object of a table, with what one of its columns says.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    boxes : Table
        A row for each, ``left``, ``top``, ``width`` and ``height`` in px, as `regions` and `match_template` give them.
    color : str
        The color, as a name (``"yellow"``) or numbers (``"#ffd400"``).
    stroke : int
        Width of the lines in px.
    text : str
        The column that is written at each frame, ``label`` or ``area`` for example; empty for none.

    Returns
    -------
    Picture
        The picture in color, of 8 bits, shape (rows, columns, 3).

    Raises
    ------
    TypeError, ValueError
        It is no picture, no such table, or no color.

    Examples
    --------
    >>> found = image.draw_boxes(np.zeros((5, 5)), image.regions(np.eye(5)[1:4, 1:4] > 0), "red")
    >>> int((found[..., 0] > 0).sum())
    8
    """
    import numpy

    made, pen, shade = _canvas(picture, color)
    at_least(stroke, 1, "stroke")
    if text and text not in getattr(boxes, "columns", ()):
        raise ValueError(
            f"the table has no column {text!r} to write: choose one of {', '.join(map(str, boxes.columns))}"
        )
    places = _columns(boxes, "left", "top", "width", "height")
    words = boxes[text] if text and len(places) == len(boxes) else [""] * len(places)
    for (left, top, width, height), word in zip(places, words, strict=True):
        right, bottom = left + max(width, 1) - 1, top + max(height, 1) - 1
        pen.rectangle((left, top, right, bottom), outline=shade, width=stroke)
        if text:
            shown = f"{word:.4g}" if isinstance(word, float) else str(word)
            pen.text((left + stroke + 1, top + stroke), shown, fill=shade, stroke_width=1, stroke_fill=_against(shade))
    return numpy.asarray(made)


@node(tags=("annotate", "caption", "label", "time stamp", "insertText", "legend"), pure=True)
def draw_text(
    picture: Picture,
    text: str,
    x: Annotated[float, Unit("px")] = 5.0,
    y: Annotated[float, Unit("px")] = 5.0,
    size: Annotated[float, Unit("px"), Range(4.0, 1000.0)] = 16.0,
    color: str = "#ffd400",
) -> Picture:
    """Write a text on a picture: a time, a number, a name.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    text : str
        The text, of one or several lines.
    x, y : float
        Where its upper left corner is, in px from that of the picture.
    size : float
        Height of the letters, in px.
    color : str
        The color, as a name (``"yellow"``) or numbers (``"#ffd400"``).

    Returns
    -------
    Picture
        The picture in color, of 8 bits, shape (rows, columns, 3).

    Raises
    ------
    TypeError, ValueError
        It is no picture, no text, or no color.

    Examples
    --------
    >>> written = image.draw_text(np.zeros((30, 60)), "42 mV", size=12)
    >>> written.shape, bool(written[:20].any()), bool(written[25:].any())
    ((30, 60, 3), True, False)
    """
    import numpy
    from PIL import ImageFont

    made, pen, shade = _canvas(picture, color)
    at_least(size, 4.0, "size")
    if not isinstance(text, str | int | float):
        raise TypeError(f"text is {type(text).__name__}: wire a text to it")
    font = ImageFont.load_default(size)
    pen.text((x, y), str(text), fill=shade, font=font, stroke_width=1, stroke_fill=_against(shade))
    return numpy.asarray(made)
