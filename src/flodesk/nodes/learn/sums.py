"""Models that tell numbers by a weighted sum of the columns: each is one node, and gives the trained model."""

from __future__ import annotations

from typing import Annotated

from flodesk.nodes.learn.cases import Model
from flodesk.nodes.learn.training import regressor, scaled
from flodesk.public import Range, Table, node


@node(
    title="Linear regression model",
    tags=(
        "regressor",
        "train",
        "ols",
        "least squares",
        "fitlm",
        "multiple regression",
    ),
    pure=True,
)
def linear_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    intercept: bool = True,
) -> Model:
    """Train a linear regression: a weighted sum of the columns by least squares.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    intercept : bool
        Also look for a constant.

    Returns
    -------
    Model
        The trained model, to predict with.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing or infinite, or there are no rows.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 3.2.
    *Regression* of the shelf Fit tells the errors of the weights, too.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
    >>> model = learn.linear_regressor(points)
    >>> round(learn.predict_one(model, [4.0]), 3)
    9.0
    """
    from sklearn.linear_model import LinearRegression

    return regressor(LinearRegression(fit_intercept=intercept), table, target, columns)


@node(
    title="Ridge regression",
    tags=(
        "regressor",
        "train",
        "tikhonov",
        "l2",
        "regularised",
        "shrinkage",
    ),
    pure=True,
)
def ridge_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    alpha: Annotated[float, Range(0, 1e9)] = 1.0,
    scale: bool = True,
) -> Model:
    """Train a linear regression that holds all weights small: for columns that say nearly the same.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    alpha : float
        How much large weights cost (dimensionless); 0 is least squares.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.

    Returns
    -------
    Model
        The trained model, to predict with.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing or infinite, or there are no rows.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 3.4.1.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
    >>> model = learn.ridge_regressor(points, alpha=4.0)
    >>> round(learn.predict_one(model, [4.0]), 3)
    6.5
    """
    from sklearn.linear_model import Ridge

    return regressor(scaled(Ridge(alpha=alpha), scale), table, target, columns)


@node(
    title="Lasso",
    tags=(
        "regressor",
        "train",
        "l1",
        "sparse",
        "feature selection",
        "regularised",
    ),
    pure=True,
)
def lasso_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    alpha: Annotated[float, Range(1e-9, 1e9)] = 1.0,
    rounds: Annotated[int, Range(1, 1000000)] = 1000,
    scale: bool = True,
) -> Model:
    """Train a linear regression that does without most columns: their weights are 0.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    alpha : float
        How much weights cost, in the unit of `target` when the columns are scaled: more leaves fewer columns.
    rounds : int
        Number of rounds to look for the best weights, at most; the log tells if they were too few.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.

    Returns
    -------
    Model
        The trained model, to predict with.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        No table came, or a column holds no numbers.
    ValueError
        A value is missing or infinite, or there are no rows.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 3.4.2.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
    >>> model = learn.lasso_regressor(points, alpha=0.5)
    >>> round(learn.predict_one(model, [4.0]), 3)
    7.882
    """
    from sklearn.linear_model import Lasso

    return regressor(scaled(Lasso(alpha=alpha, max_iter=rounds), scale), table, target, columns)
