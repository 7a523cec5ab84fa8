"""Several pictures: how far one has moved, laid on one another, averaged, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

from flodesk.nodes.image.inputs import alike, each_color, finite, held, known, package, picture, real, same_size
from flodesk.public import Array, Picture, Range, Unit, node

_taken = picture
"""What the nodes here call a parameter of theirs."""

Way = Literal["mean", "median", "maximum", "minimum", "sum", "deviation"]


class Shift(NamedTuple):
    """How far a picture has moved.

    Attributes
    ----------
    x : float
        How far to the right, in px.
    y : float
        How far down, in px.
    """

    x: Annotated[float, Unit("px")]
    y: Annotated[float, Unit("px")]


@node(
    tags=("registration", "phase correlation", "drift", "displacement", "motion", "imregcorr", "translation"), pure=True
)
def shift_between(
    picture: Picture, reference: Picture, precision: Annotated[float, Unit("px"), Range(0.001, 1.0)] = 0.1
) -> Shift:
    """Find how far a picture has moved against another, finer than a px.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns); one in color is made gray.
    reference : Picture
        The picture that it is compared with, of the same size.
    precision : float
        How fine the answer is, in px.

    Returns
    -------
    x : float
        How far what is seen has moved to the right, in px.
    y : float
        How far it has moved down, in px.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        One is no picture, points are no numbers, they differ in size, one is all the same, or the precision is not
        between 0.001 px and 1 px.

    Notes
    -----
    Reference: M. Guizar-Sicairos, S. T. Thurman, J. R. Fienup, Efficient subpixel image registration algorithms, Opt.
    Lett. 33 (2008) 156.

    Examples
    --------
    >>> coins = source.picture("coins")
    >>> image.shift_between(coins[20:220, 30:330], coins[25:225, 40:340])
    Shift(x=10.0, y=5.0)
    """
    made, fixed = real(finite(picture)), real(finite(reference, "reference"))
    same_size(made, fixed, ("picture", "reference"))
    if not 0.001 <= precision <= 1.0:
        raise ValueError(f"the precision is {precision:g} px: choose one from 0.001 px to 1 px")
    find = package("registration").phase_cross_correlation
    fixed, made = _centered(fixed, "reference"), _centered(made, "picture")
    (down, right), *_ = find(fixed, made, upsample_factor=round(1.0 / precision))
    return Shift(0.0 - float(right), 0.0 - float(down))


def _centered(made: Array, name: str) -> Array:
    """Return a picture on a scale from -1 to 1 about its mean."""
    span = float(made.max() - made.min())
    if not span:
        raise ValueError(f"{name} is all the same: nothing in it says where it is")
    return made / span - (made / span).mean()


class Aligned(NamedTuple):
    """A picture that was laid on another.

    Attributes
    ----------
    picture : Picture
        The picture, moved back.
    x : float
        How far it had moved to the right, in px.
    y : float
        How far it had moved down, in px.
    """

    picture: Picture
    x: Annotated[float, Unit("px")]
    y: Annotated[float, Unit("px")]


@node(tags=("register", "registration", "stabilize", "drift correction", "imregister", "overlay", "stack"), pure=True)
def align(picture: Picture, reference: Picture, outside: float = 0.0) -> Aligned:
    """Lay a picture on another, by moving it: drift and vibration go.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    reference : Picture
        The picture that it is laid on, of the same size.
    outside : float
        The value of points that were not on the picture, in its unit: 0 is black.

    Returns
    -------
    picture : Picture
        The picture, moved back to 0.1 px, of the same shape and kind.
    x : float
        How far it had moved to the right, in px.
    y : float
        How far it had moved down, in px.

    Raises
    ------
    ImportError
        The package scikit-image is missing.
    TypeError, ValueError
        One is no picture, points are no numbers, they differ in size, one is all the same, or points cannot have the
        value. For turns and scales find points and use `matrix_from_points` and `warp`.

    Examples
    --------
    >>> coins = source.picture("coins")
    >>> moved = image.align(coins[20:220, 30:330], coins[25:225, 40:340])
    >>> bool((moved.picture[:195, :290] == coins[25:220, 40:330]).all())
    True
    """
    import scipy.ndimage

    made = known(picture)
    right, down = shift_between(made, reference)
    beyond = held(outside, made, "outside")

    def back(part: Array) -> Array:
        order = 0 if made.dtype.kind == "b" else 1
        moved = scipy.ndimage.shift(real(part), (-down, -right), order=order, mode="constant", cval=beyond)
        return moved > 0.5 if made.dtype.kind == "b" else alike(moved, made)

    return Aligned(each_color(made, back, opacity=True), right, down)


@node(tags=("subtract", "motion", "change", "imabsdiff", "compare", "background", "defect"), pure=True)
def difference(picture: Picture, reference: Picture, signed: bool = False) -> Picture:
    """Find what differs between two pictures, point by point.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    reference : Picture
        The picture that it is compared with, of the same size; gray for a gray one.
    signed : bool
        Give what is brighter as above 0 and what is darker as below, as real numbers; off gives how much it is.

    Returns
    -------
    Picture
        The difference, in the unit of the pictures, of the same shape; of masks true where they differ.

    Raises
    ------
    TypeError, ValueError
        One is no picture, they differ in size, or one is in color and the other is not.

    Examples
    --------
    >>> image.difference(np.array([[10, 200]], dtype=np.uint8), np.array([[30, 190]], dtype=np.uint8))
    array([[20, 10]], dtype=uint8)
    """
    import numpy

    made, other = _pair(picture, reference, "reference")
    if made.dtype.kind == "b" and other.dtype.kind == "b" and not signed:
        return made ^ other
    with numpy.errstate(invalid="ignore"):  # of two infinite points
        if signed:
            return made.astype(float) - other.astype(float)
        return numpy.maximum(made, other) - numpy.minimum(made, other)  # which whole numbers without a sign hold


def _pair(first: Any, second: Any, name: str) -> tuple[Array, Array]:
    made, other = _taken(first), _taken(second, name)
    same_size(made, other, ("picture", name))
    if made.shape != other.shape:
        raise ValueError(f"the shapes are {made.shape} and {other.shape}: make both gray, or both color")
    return made, other


@node(tags=("mix", "fade", "alpha", "imfuse", "weighted sum", "cross-fade"), pure=True)
def blend(picture: Picture, other: Picture, share: Annotated[float, Unit("%"), Range(0.0, 100.0)] = 50.0) -> Picture:
    """Lay a picture over another, so that both are seen.

    Parameters
    ----------
    picture : Picture
        The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color.
    other : Picture
        The other picture, of the same shape.
    share : float
        How much of the other is seen, in %.

    Returns
    -------
    Picture
        The mix, of the same shape, in the kind of numbers of the first; of masks real numbers.

    Raises
    ------
    TypeError, ValueError
        One is no picture, they differ in size, one is in color and the other is not, or the share is not from 0 % to
        100 %.

    Examples
    --------
    >>> image.blend([[0.0, 1.0]], [[1.0, 1.0]], share=25.0)
    array([[0.25, 1.  ]])
    """
    if not 0.0 <= share <= 100.0:
        raise ValueError(f"the share is {share:g} %: choose one from 0 % to 100 %")
    made, second = _pair(picture, other, "other")
    part = share / 100.0
    return alike((1.0 - part) * real(made) + part * real(second), made)


@node(
    title="Combine pictures", tags=("stack", "average", "merge", "mean", "maximum projection", "z project"), pure=True
)
def combine(*pictures: Picture, how: Way = "mean") -> Picture:
    """Combine pictures of one size to one, point by point: the mean of many has less noise.

    Parameters
    ----------
    *pictures : Picture
        The pictures, all of the same shape.
    how : str
        ``"mean"``, ``"median"`` (what moves through goes), ``"maximum"`` (the brightest), ``"minimum"``, ``"sum"`` or
        ``"deviation"`` (where something changes).

    Returns
    -------
    Picture
        The combination, of the same shape; sums and deviations as real numbers, all else in the kind of the first.

    Raises
    ------
    TypeError, ValueError
        There is none, one is no picture, or they differ in shape.

    Examples
    --------
    >>> image.combine([[1.0, 4.0]], [[3.0, 8.0]])
    array([[2., 6.]])
    """
    import numpy

    if not pictures:
        raise ValueError("there is no picture to combine: wire one or more to this node")
    first = _taken(pictures[0], "picture 1")
    parts = [first]
    for at, value in enumerate(pictures[1:], 2):
        part = _taken(value, f"picture {at}")
        if part.shape != first.shape:
            raise ValueError(f"picture {at} has the shape {part.shape} and the first {first.shape}: resize or crop one")
        parts.append(part)
    whole = numpy.stack([real(part) for part in parts])
    ways: dict[str, Callable[..., Array]] = {
        "mean": numpy.mean, "median": numpy.median, "maximum": numpy.max, "minimum": numpy.min, "sum": numpy.sum,
        "deviation": numpy.std,
    }  # fmt: skip
    made = ways[how](whole, axis=0)
    return made if how in ("sum", "deviation") else alike(made, first)


@node(tags=("stack", "accumulate", "long exposure", "mean", "noise reduction", "maximum projection", "gather"))
class Stack:
    """Combine the pictures of a loop to one: the mean of many has less noise, the maximum shows all that passed.

    Parameters
    ----------
    how : str
        ``"mean"``, ``"sum"``, ``"maximum"``, ``"minimum"`` or ``"deviation"``, point by point.

    Examples
    --------
    >>> frames = image.Stack()
    >>> for level in (1.0, 2.0, 6.0):
    ...     frames.add([[level]])
    >>> frames.result()
    array([[3.]])
    """

    def __init__(self, how: Literal["mean", "sum", "maximum", "minimum", "deviation"] = "mean") -> None:
        self.how = how
        self._count = 0
        self._value: Any = None  # the mean, or what was greatest or least
        self._squares: Any = None
        self._first: Any = None

    def add(self, picture: Picture) -> None:
        """Take in a picture.

        Parameters
        ----------
        picture : Picture
            The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color, each of the same shape.

        Raises
        ------
        TypeError, ValueError
            It is no picture, or of another shape than the first.
        """
        import numpy

        made = _taken(picture)
        if self._first is None:
            self._first = made[:1].copy()
            self._value, self._squares = numpy.zeros(made.shape), numpy.zeros(made.shape)
        elif made.shape != self._value.shape:
            raise ValueError(
                f"this picture has the shape {made.shape} and the first {self._value.shape}: resize or crop"
            )
        self._count += 1
        if self.how in ("maximum", "minimum"):
            most = numpy.maximum if self.how == "maximum" else numpy.minimum
            self._value = made.astype(float) if self._count == 1 else most(self._value, made)
            return
        off = made - self._value  # Welford: no sum of squares that grows until the digits are gone
        self._value = self._value + off / self._count
        if self.how == "deviation":
            self._squares += off * (made - self._value)

    def result(self) -> Picture:
        """Give the combination.

        Returns
        -------
        Picture
            One picture of the same shape; sums and deviations as real numbers, all else in the kind of the first.

        Raises
        ------
        ValueError
            No picture has come.
        """
        import numpy

        if self._first is None:
            raise ValueError("no picture has come: see that the loop runs once or more")
        if self.how == "sum":
            return self._value * self._count
        if self.how == "deviation":
            return numpy.sqrt(self._squares / self._count)
        return alike(self._value, self._first)


@node(tags=("live", "noise reduction", "exponential", "recursive", "camera", "smooth", "background", "frames"))
class RunningAverage:
    """Average the last pictures of a stream: less noise in a live picture, or the ground behind what moves.

    Parameters
    ----------
    frames : float
        Over how many pictures it is averaged (number of): each new one counts that part. 1 leaves it as it is.

    Raises
    ------
    ValueError
        It is below 1.

    Examples
    --------
    >>> average = image.RunningAverage(frames=4.0)
    >>> average([[1.0]]), average([[2.0]]), average([[3.0]])
    (array([[1.]]), array([[1.5]]), array([[2.]]))
    """

    def __init__(self, frames: Annotated[float, Range(1.0)] = 8.0) -> None:
        if not frames >= 1.0:
            raise ValueError(f"an average over {frames:g} pictures is none: set it to 1 or more")
        self.frames = frames
        self._mean: Any = None
        self._count = 0

    def __call__(self, picture: Picture) -> Picture:
        """Take in the next picture.

        Parameters
        ----------
        picture : Picture
            The picture, shape (rows, columns), or (rows, columns, 3 or 4) in color. One of another shape begins anew.

        Returns
        -------
        Picture
            The average, of the same shape and kind; of the first pictures over as many as there were.

        Raises
        ------
        TypeError, ValueError
            It is no picture.
        """
        import numpy

        made = _taken(picture)
        if self._mean is None or self._mean.shape != made.shape:
            self._mean, self._count = made.astype(float), 0
        self._count += 1
        with numpy.errstate(invalid="ignore"):  # of infinite points
            self._mean = self._mean + (made - self._mean) / min(self._count, self.frames)
        return alike(self._mean, made)
