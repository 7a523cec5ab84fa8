"""Models of decision trees, for classes and for numbers: single ones, forests and boosted ones."""

from __future__ import annotations

from typing import Annotated

from flodesk.nodes.learn.cases import Model, Seed
from flodesk.nodes.learn.training import classifier, regressor
from flodesk.public import Range, Table, node


@node(
    title="Decision tree, classes",
    tags=(
        "cart",
        "classifier",
        "train",
        "fitctree",
        "rules",
    ),
    pure=True,
)
def tree_classifier(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    depth: Annotated[int, Range(1, 1000)] | None = None,
    leaf: Annotated[int, Range(1, 100000)] = 1,
    seed: Seed = 0,
) -> Model:
    """Train a decision tree: questions about one column each that lead to a class.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    depth : int, optional
        Number of questions one after the other, at most; None asks until all is told.
    leaf : int
        Number of cases in a leaf, at least: more gives a simpler tree.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

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
        A value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: L. Breiman, J. Friedman, R. Olshen, C. Stone, Classification and Regression Trees, 1984.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.tree_classifier(flowers, depth=2)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.95
    True
    """
    from sklearn.tree import DecisionTreeClassifier

    return classifier(
        DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=seed), table, target, columns
    )


@node(
    title="Random forest, classes",
    tags=(
        "bagging",
        "ensemble",
        "classifier",
        "train",
        "treebagger",
        "trees",
    ),
    pure=True,
)
def forest_classifier(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    trees: Annotated[int, Range(1, 10000)] = 100,
    depth: Annotated[int, Range(1, 1000)] | None = None,
    leaf: Annotated[int, Range(1, 100000)] = 1,
    seed: Seed = 0,
) -> Model:
    """Train a random forest: many trees, each on cases and columns drawn by chance, that vote.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    trees : int
        Number of trees.
    depth : int, optional
        Number of questions one after the other, at most; None asks until all is told.
    leaf : int
        Number of cases in a leaf, at least: more gives a simpler tree.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

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
        A value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: L. Breiman, Random forests, Machine Learning 45 (2001) 5.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.forest_classifier(flowers, trees=20)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.98
    True
    """
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(trees, max_depth=depth, min_samples_leaf=leaf, random_state=seed)

    return classifier(forest, table, target, columns)


@node(
    title="Gradient boosting, classes",
    tags=(
        "ensemble",
        "xgboost",
        "lightgbm",
        "classifier",
        "train",
        "fitcensemble",
        "trees",
    ),
    pure=True,
)
def boosting_classifier(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    rounds: Annotated[int, Range(1, 10000)] = 100,
    rate: Annotated[float, Range(0.001, 1)] = 0.1,
    leaves: Annotated[int, Range(2, 10000)] = 31,
    leaf: Annotated[int, Range(1, 100000)] = 20,
    seed: Seed = 0,
) -> Model:
    """Train boosted trees: each next one learns what those before it got wrong.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    rounds : int
        Number of rounds, each of which adds a tree (for each class, if there are more than two).
    rate : float
        Share of what a tree says that is added (dimensionless): less needs more rounds, and is often better.
    leaves : int
        Number of leaves of a tree, at most.
    leaf : int
        Number of cases in a leaf, at least.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

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
        A value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: J. Friedman, Greedy function approximation: a gradient boosting machine, Ann. Stat. 29 (2001) 1189; on
    histograms of the columns, as in LightGBM.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.boosting_classifier(flowers, rounds=20)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.95
    True
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    return classifier(
        HistGradientBoostingClassifier(
            max_iter=rounds,
            learning_rate=rate,
            max_leaf_nodes=leaves,
            min_samples_leaf=leaf,
            early_stopping=False,
            random_state=seed,
        ),
        table,
        target,
        columns,
    )


@node(
    title="Decision tree, numbers",
    tags=(
        "cart",
        "regressor",
        "train",
        "fitrtree",
        "rules",
    ),
    pure=True,
)
def tree_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    depth: Annotated[int, Range(1, 1000)] | None = None,
    leaf: Annotated[int, Range(1, 100000)] = 1,
    seed: Seed = 0,
) -> Model:
    """Train a decision tree: questions about one column each that lead to a number.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    depth : int, optional
        Number of questions one after the other, at most; None asks until all is told.
    leaf : int
        Number of cases in a leaf, at least: more gives a simpler tree.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

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
    Reference: L. Breiman, J. Friedman, R. Olshen, C. Stone, Classification and Regression Trees, 1984.

    Examples
    --------
    >>> patients = source.dataset("diabetes")
    >>> model = learn.tree_regressor(patients, depth=2)
    >>> learn.score_numbers(learn.predict(model, patients)).r_squared > 0.4
    True
    """
    from sklearn.tree import DecisionTreeRegressor

    return regressor(
        DecisionTreeRegressor(max_depth=depth, min_samples_leaf=leaf, random_state=seed), table, target, columns
    )


@node(
    title="Random forest, numbers",
    tags=(
        "bagging",
        "ensemble",
        "regressor",
        "train",
        "treebagger",
        "trees",
    ),
    pure=True,
)
def forest_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    trees: Annotated[int, Range(1, 10000)] = 100,
    depth: Annotated[int, Range(1, 1000)] | None = None,
    leaf: Annotated[int, Range(1, 100000)] = 1,
    seed: Seed = 0,
) -> Model:
    """Train a random forest: many trees, each on cases and columns drawn by chance, that are averaged.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    trees : int
        Number of trees.
    depth : int, optional
        Number of questions one after the other, at most; None asks until all is told.
    leaf : int
        Number of cases in a leaf, at least: more gives a simpler tree.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

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
    Reference: L. Breiman, Random forests, Machine Learning 45 (2001) 5.

    Examples
    --------
    >>> patients = source.dataset("diabetes")
    >>> model = learn.forest_regressor(patients, trees=20)
    >>> learn.score_numbers(learn.predict(model, patients)).r_squared > 0.8
    True
    """
    from sklearn.ensemble import RandomForestRegressor

    forest = RandomForestRegressor(trees, max_depth=depth, min_samples_leaf=leaf, random_state=seed)

    return regressor(forest, table, target, columns)


@node(
    title="Gradient boosting, numbers",
    tags=(
        "ensemble",
        "xgboost",
        "lightgbm",
        "regressor",
        "train",
        "fitrensemble",
        "trees",
    ),
    pure=True,
)
def boosting_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    rounds: Annotated[int, Range(1, 10000)] = 100,
    rate: Annotated[float, Range(0.001, 1)] = 0.1,
    leaves: Annotated[int, Range(2, 10000)] = 31,
    leaf: Annotated[int, Range(1, 100000)] = 20,
    seed: Seed = 0,
) -> Model:
    """Train boosted trees: each next one learns what those before it were off by.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    rounds : int
        Number of rounds, each of which adds a tree (for each class, if there are more than two).
    rate : float
        Share of what a tree says that is added (dimensionless): less needs more rounds, and is often better.
    leaves : int
        Number of leaves of a tree, at most.
    leaf : int
        Number of cases in a leaf, at least.
    seed : int
        Which random numbers (dimensionless): the same seed gives the same model.

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
    Reference: J. Friedman, Greedy function approximation: a gradient boosting machine, Ann. Stat. 29 (2001) 1189; on
    histograms of the columns, as in LightGBM.

    Examples
    --------
    >>> patients = source.dataset("diabetes")
    >>> model = learn.boosting_regressor(patients, rounds=20)
    >>> learn.score_numbers(learn.predict(model, patients)).r_squared > 0.6
    True
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    return regressor(
        HistGradientBoostingRegressor(
            max_iter=rounds,
            learning_rate=rate,
            max_leaf_nodes=leaves,
            min_samples_leaf=leaf,
            early_stopping=False,
            random_state=seed,
        ),
        table,
        target,
        columns,
    )
