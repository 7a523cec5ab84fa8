"""Models that tell classes: each is one node, and gives the trained model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes.learn.cases import Model, Seed, classes
from flodesk.nodes.learn.training import check_neighbours, classifier, parts_for, scaled, sizes
from flodesk.public import Range, Table, node


@node(
    title="Logistic regression",
    tags=(
        "classifier",
        "logit",
        "train",
        "maximum entropy",
        "fitclinear",
    ),
    pure=True,
)
def logistic_regression(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    c: Annotated[float, Range(1e-6, 1e6)] = 1.0,
    rounds: Annotated[int, Range(1, 1000000)] = 1000,
    scale: bool = True,
) -> Model:
    """Train a logistic regression: each class by a weighted sum of the columns, with probabilities.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    c : float
        How closely it follows the cases (dimensionless): less holds the weights smaller.
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
        A value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 4.4.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.logistic_regression(flowers)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.95
    True
    """
    from sklearn.linear_model import LogisticRegression

    return classifier(scaled(LogisticRegression(C=c, max_iter=rounds), scale), table, target, columns)


@node(
    title="k nearest neighbours, classes",
    tags=(
        "knn",
        "k-nn",
        "classifier",
        "train",
        "nearest neighbors",
        "fitcknn",
        "lazy",
    ),
    pure=True,
)
def neighbours_classifier(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    neighbours: Annotated[int, Range(1, 1000)] = 5,
    weights: Literal["uniform", "distance"] = "uniform",
    scale: bool = True,
) -> Model:
    """Tell classes by the cases that are nearest: the most frequent class among them.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    neighbours : int
        How many of the nearest cases are asked, at most as many as there are.
    weights : str
        ``"uniform"`` counts them alike, ``"distance"`` the nearer ones more.
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
        More are asked than there are,
        a value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 13.3.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.neighbours_classifier(flowers)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.94
    True
    """
    from sklearn.neighbors import KNeighborsClassifier

    check_neighbours(neighbours, table)

    return classifier(
        scaled(KNeighborsClassifier(neighbours, weights=weights, algorithm="brute"), scale), table, target, columns
    )


@node(
    title="Support vectors, classes",
    tags=(
        "svm",
        "svc",
        "classifier",
        "train",
        "kernel",
        "libsvm",
        "fitcsvm",
        "fitcecoc",
    ),
    pure=True,
)
def svm_classifier(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    c: Annotated[float, Range(1e-6, 1e6)] = 1.0,
    kernel: Literal["rbf", "linear", "poly", "sigmoid"] = "rbf",
    gamma: Annotated[float, Range(1e-12, 1e6)] | None = None,
    probabilities: bool = False,
    scale: bool = True,
) -> Model:
    """Train a support vector machine: the border between classes with the widest margin.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    c : float
        What a case on the wrong side costs (dimensionless): more follows the cases more closely.
    kernel : str
        Form of the border: ``"rbf"`` for any, ``"linear"`` for planes, ``"poly"`` for cubic ones, ``"sigmoid"``.
    gamma : float, optional
        How near cases must be to count as alike, over the square of the unit of the columns (dimensionless when these
        are scaled); None takes 1 over the number of columns times their variance. A linear border has none.
    probabilities : bool
        Also learn how sure it is, which takes up to six times as long.
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
        A class has one case only where probabilities are wanted,
        a value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: C. Cortes, V. Vapnik, Support-vector networks, Machine Learning 20 (1995) 273.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.svm_classifier(flowers)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.95
    True
    """
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.svm import SVC

    machine: Any = SVC(C=c, kernel=kernel, gamma="scale" if gamma is None else gamma)
    if probabilities:
        machine = CalibratedClassifierCV(machine, cv=parts_for(classes(table, target)), ensemble=False)

    return classifier(scaled(machine, scale), table, target, columns)


@node(
    title="Naive Bayes",
    tags=(
        "classifier",
        "train",
        "gaussian",
        "bayesian",
        "fitcnb",
        "fast",
    ),
    pure=True,
)
def naive_bayes(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    smoothing: Annotated[float, Range(0, 1)] = 1e-9,
) -> Model:
    """Tell classes by Bayes' rule, each column by itself: a Gaussian for each class.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    smoothing : float
        What is added to all variances, as a share of the largest (dimensionless), so that none is 0.

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
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 6.6.3.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.naive_bayes(flowers)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.94
    True
    """
    from sklearn.naive_bayes import GaussianNB

    return classifier(GaussianNB(var_smoothing=smoothing), table, target, columns)


@node(
    title="Neural network, classes",
    tags=(
        "mlp",
        "multilayer perceptron",
        "classifier",
        "train",
        "deep learning",
        "patternnet",
        "backpropagation",
    ),
    pure=True,
)
def network_classifier(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    layers: list[int] | None = None,
    activation: Literal["relu", "tanh", "logistic"] = "relu",
    alpha: Annotated[float, Range(0, 1000)] = 0.0001,
    rounds: Annotated[int, Range(1, 1000000)] = 500,
    scale: bool = True,
    seed: Seed = 0,
) -> Model:
    """Train a neural network of layers to tell classes.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the classes: texts, truths or whole numbers.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    layers : list of int, optional
        Number of neurons in each hidden layer; one of 100 if there are none.
    activation : str
        What a neuron makes of the sum of its inputs: ``"relu"`` cuts off what is below 0, ``"tanh"`` and ``"logistic"``
        bend.
    alpha : float
        How much large weights cost (dimensionless): more gives a smoother border.
    rounds : int
        Number of rounds through all cases, at most; the log tells if they were too few.
    scale : bool
        Bring each column to mean 0 and deviation 1 first, so that all count alike.
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
        A layer has no neurons,
        a value is missing, or there are fewer than two classes.

    Notes
    -----
    Reference: C. M. Bishop, Pattern Recognition and Machine Learning, 2006, chapter 5; trained by Adam.

    Examples
    --------
    >>> flowers = source.dataset("iris")
    >>> model = learn.network_classifier(flowers)
    >>> learn.score_classes(learn.predict(model, flowers)).accuracy > 0.95
    True
    """
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(sizes(layers), activation=activation, alpha=alpha, max_iter=rounds, random_state=seed)

    return classifier(scaled(network, scale), table, target, columns)
