"""How right a model is: figures of what it said beside what was so."""

from __future__ import annotations

from typing import Any, NamedTuple

from flodesk.nodes._columns import check
from flodesk.nodes.learn.cases import amounts, answers, named
from flodesk.public import Array, Table, node


class ClassScores(NamedTuple):
    """How right classes are told."""

    accuracy: float
    precision: float
    recall: float
    f1: float
    kappa: float


@node(
    title="Score of classes",
    tags=(
        "accuracy",
        "f1",
        "precision",
        "recall",
        "sensitivity",
        "cohen kappa",
        "evaluate",
        "metrics",
        "test and score",
    ),
    pure=True,
)
def score_classes(table: Table, actual: str = "target", predicted: str = "predicted") -> ClassScores:
    """Tell how right predicted classes are.

    Parameters
    ----------
    table : Table
        A row for each case.
    actual : str
        Name of the column with the classes as they are.
    predicted : str
        Name of the column with those that were predicted.

    Returns
    -------
    accuracy : float
        Share of the cases that are right (dimensionless).
    precision : float
        Share of the cases said to be of a class that are so, mean of all classes (dimensionless).
    recall : float
        Share of the cases of a class that are found, mean of all classes (dimensionless).
    f1 : float
        Harmonic mean of these two of each class, mean of all classes (dimensionless).
    kappa : float
        Cohen's: what is right beyond chance, 0 for a guess and 1 for all (dimensionless).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A class is missing, or there are no rows.

    Notes
    -----
    A share of nothing counts as 0. Reference: J. Cohen, A coefficient of agreement for nominal scales, Educ. Psychol.
    Meas. 20 (1960) 37.

    Examples
    --------
    >>> learn.score_classes(pd.DataFrame({"target": [0, 0, 1, 1], "predicted": [0, 1, 1, 1]})).accuracy
    0.75
    """
    from sklearn import metrics

    was, said = _both(table, actual, predicted)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(was, said, average="macro", zero_division=0.0)
    right = metrics.accuracy_score(was, said)
    # where one class is all there is and all that was said, there is no chance to be beyond: it is right
    kappa = 1.0 if right == 1.0 else metrics.cohen_kappa_score(was, said)
    return ClassScores(float(right), float(precision), float(recall), float(f1), float(kappa))


class NumberScores(NamedTuple):
    """How right numbers are told."""

    r_squared: float
    rmse: float
    mae: float
    bias: float


@node(
    title="Score of numbers",
    tags=("r2", "r squared", "rmse", "mae", "mse", "error", "evaluate", "metrics", "residuals"),
    pure=True,
)
def score_numbers(table: Table, actual: str = "target", predicted: str = "predicted") -> NumberScores:
    """Tell how right predicted numbers are.

    Parameters
    ----------
    table : Table
        A row for each case.
    actual : str
        Name of the column with the numbers as they are.
    predicted : str
        Name of the column with those that were predicted, in the same unit.

    Returns
    -------
    r_squared : float
        Share of their scatter that is explained, up to 1; 0 for who always says the mean (dimensionless).
    rmse : float
        Root of the mean square error, in the unit of the numbers.
    mae : float
        Mean size of the errors, in the unit of the numbers.
    bias : float
        Mean of what was predicted less what was so, in the unit of the numbers.

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        One of them holds no numbers.
    ValueError
        A number is missing, there are fewer than two rows, or the numbers do not scatter.

    Examples
    --------
    >>> learn.score_numbers(pd.DataFrame({"target": [1.0, 3.0], "predicted": [1.0, 4.0]})).mae
    0.5
    """
    import numpy

    was, said = amounts(table, actual), amounts(table, predicted)
    if len(was) < 2 or was.min() == was.max():
        raise ValueError(f"column {actual!r} needs two different numbers or more: else there is nothing to explain")
    away = said - was
    share = 1.0 - float((away**2).sum() / ((was - was.mean()) ** 2).sum())
    return NumberScores(share, float(numpy.sqrt((away**2).mean())), float(abs(away).mean()), float(away.mean()))


class Confusion(NamedTuple):
    """Which classes are taken for which."""

    table: Table
    matrix: Array


@node(tags=("error matrix", "contingency", "heat map", "confusionchart", "mistakes", "evaluate"), pure=True)
def confusion_matrix(
    table: Table, actual: str = "target", predicted: str = "predicted", shares: bool = False
) -> Confusion:
    """Count how often each class was taken for each.

    Parameters
    ----------
    table : Table
        A row for each case.
    actual : str
        Name of the column with the classes as they are.
    predicted : str
        Name of the column with those that were predicted.
    shares : bool
        Give shares of the cases of each class instead of numbers of cases.

    Returns
    -------
    table : Table
        A row for each class as it is, under ``actual``, and a column for each that was predicted.
    matrix : Array
        The same as numbers (of cases, or shares), for a heat map, shape (classes, classes).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A class is missing, there are no rows, or one is called ``actual``.

    Examples
    --------
    >>> told = pd.DataFrame({"target": ["on", "on", "off"], "predicted": ["on", "off", "off"]})
    >>> learn.confusion_matrix(told).table
      actual  off  on
    0    off    1   0
    1     on    1   1
    """
    import numpy
    import pandas
    from sklearn import metrics

    was, said = _both(table, actual, predicted)
    names = _in_order({*was, *said})
    if "actual" in names:
        raise ValueError("a class is called 'actual' as the first column of the result is: rename it first")
    matrix = metrics.confusion_matrix(was, said, labels=names)
    if shares:
        matrix = matrix / numpy.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return Confusion(pandas.DataFrame({"actual": names, **dict(zip(names, matrix.T, strict=True))}), matrix)


@node(title="Scores of each class", tags=("classification report", "precision", "recall", "f1", "support"), pure=True)
def class_report(table: Table, actual: str = "target", predicted: str = "predicted") -> Table:
    """Tell for each class how right it is told.

    Parameters
    ----------
    table : Table
        A row for each case.
    actual : str
        Name of the column with the classes as they are.
    predicted : str
        Name of the column with those that were predicted.

    Returns
    -------
    Table
        A row for each class: ``class``, ``precision`` (share of the cases said to be of it that are so), ``recall``
        (share of its cases that are found), ``f1`` (harmonic mean of both), ``cases`` (number of them).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    ValueError
        A class is missing, or there are no rows.

    Examples
    --------
    >>> told = pd.DataFrame({"target": ["on", "on", "off"], "predicted": ["on", "off", "off"]})
    >>> learn.class_report(told).round(3)
      class  precision  recall     f1  cases
    0   off        0.5     1.0  0.667      1
    1    on        1.0     0.5  0.667      2
    """
    import pandas
    from sklearn import metrics

    was, said = _both(table, actual, predicted)
    names = _in_order({*was, *said})
    precision, recall, f1, cases = metrics.precision_recall_fscore_support(was, said, labels=names, zero_division=0.0)
    return pandas.DataFrame({"class": names, "precision": precision, "recall": recall, "f1": f1, "cases": cases})


class Roc(NamedTuple):
    """What is found at what price, for all thresholds."""

    false_alarms: Array
    found: Array
    thresholds: Array
    auc: float


@node(
    title="ROC curve",
    tags=("auc", "receiver operating characteristic", "threshold", "perfcurve", "rocmetrics"),
    pure=True,
)
def roc_curve(table: Table, score: str, actual: str = "target", positive: str = "1") -> Roc:
    """Draw the share of the cases that is found over the share of false alarms, for all thresholds.

    Parameters
    ----------
    table : Table
        A row for each case.
    score : str
        Name of a column of numbers that are higher the likelier a case is, such as ``p_1`` of *Predict probabilities*.
    actual : str
        Name of the column with the classes as they are.
    positive : str
        The class that is to be found, as text; all others are alike.

    Returns
    -------
    false_alarms : Array
        Share of the other cases whose score reaches the threshold, rising from 0 to 1 (dimensionless), shape (n,).
    found : Array
        Share of the cases to find whose score reaches it (dimensionless), shape (n,).
    thresholds : Array
        The thresholds, in the unit of the scores, falling from infinity, shape (n,).
    auc : float
        Area under the curve, the probability that a case to find has the higher score: 0.5 for a guess, 1 for the
        best (dimensionless).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        The scores are no numbers.
    ValueError
        A value is missing, or there are no cases of the class or no others.

    Notes
    -----
    Reference: T. Fawcett, An introduction to ROC analysis, Pattern Recognit. Lett. 27 (2006) 861.

    Examples
    --------
    >>> told = pd.DataFrame({"p_1": [0.1, 0.4, 0.35, 0.8], "target": [0, 0, 1, 1]})
    >>> learn.roc_curve(told, "p_1").auc
    0.75
    """
    from sklearn import metrics

    was, values = _to_find(table, score, actual, positive)
    alarms, found, thresholds = metrics.roc_curve(was, values)
    return Roc(alarms, found, thresholds, float(metrics.auc(alarms, found)))


class PrecisionRecall(NamedTuple):
    """How much of what is found is right, for all thresholds."""

    recall: Array
    precision: Array
    thresholds: Array
    average: float


@node(title="Precision-recall curve", tags=("average precision", "threshold", "rare", "unbalanced"), pure=True)
def precision_recall(table: Table, score: str, actual: str = "target", positive: str = "1") -> PrecisionRecall:
    """Draw how much of what is found is right, over how much is found: where few cases are to be found among many.

    Parameters
    ----------
    table : Table
        A row for each case.
    score : str
        Name of a column of numbers that are higher the likelier a case is, such as ``p_1`` of *Predict probabilities*.
    actual : str
        Name of the column with the classes as they are.
    positive : str
        The class that is to be found, as text; all others are alike.

    Returns
    -------
    recall : Array
        Share of the cases to find whose score reaches the threshold (dimensionless), falling from 1 to 0, shape (n,).
    precision : Array
        Share of what reaches it that is right (dimensionless), shape (n,); the last is 1.
    thresholds : Array
        The thresholds, in the unit of the scores, rising; the last is infinite, shape (n,).
    average : float
        Mean precision, weighted by the steps of the recall (dimensionless).

    Raises
    ------
    LookupError
        One of the columns does not exist.
    TypeError
        The scores are no numbers.
    ValueError
        A value is missing, or there are no cases of the class or no others.

    Examples
    --------
    >>> told = pd.DataFrame({"p_1": [0.1, 0.4, 0.35, 0.8], "target": [0, 0, 1, 1]})
    >>> round(learn.precision_recall(told, "p_1").average, 3)
    0.833
    """
    import numpy
    from sklearn import metrics

    was, values = _to_find(table, score, actual, positive)
    precision, recall, thresholds = metrics.precision_recall_curve(was, values)
    average = float(metrics.average_precision_score(was, values))
    return PrecisionRecall(recall, precision, numpy.append(thresholds, numpy.inf), average)


def _to_find(table: Any, score: str, actual: str, positive: str) -> tuple[Any, Any]:
    """Return whether each case is to be found, and the scores."""
    import numpy

    was = numpy.array([named(value) == positive for value in answers(table, actual).tolist()])
    if was.all() or not was.any():
        there = ", ".join(_in_order({named(value) for value in table[actual].tolist()})[:10])
        raise ValueError(f"cases of {positive!r} and others are needed: column {actual!r} has {there or 'no rows'}")
    return was, amounts(table, score)


def _both(table: Any, actual: str, predicted: str) -> tuple[list[str], list[str]]:
    """Return the classes of all cases as texts: as they are, and as they were predicted."""
    check(table, actual, predicted)
    if not len(table):
        raise ValueError("the table has no rows: there is nothing to score")
    was, said = ([named(value) for value in answers(table, name).tolist()] for name in (actual, predicted))
    return was, said


def _in_order(names: set[str]) -> list[str]:
    """Return classes in the order of their numbers, if all are such, else by letters."""
    try:
        return sorted(names, key=float)
    except ValueError:
        return sorted(names)
