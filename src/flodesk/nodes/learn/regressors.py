"""Models that tell numbers: each is one node, and gives the trained model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flodesk.nodes.learn.cases import Model, Seed
from flodesk.nodes.learn.training import check_neighbours, regressor, scaled, sizes
from flodesk.public import Range, Table, node


@node(
    title="k nearest neighbours, numbers",
    tags=(
        "knn",
        "k-nn",
        "regressor",
        "train",
        "nearest neighbors",
        "interpolation",
    ),
    pure=True,
)
def neighbours_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    neighbours: Annotated[int, Range(1, 1000)] = 5,
    weights: Literal["uniform", "distance"] = "uniform",
    scale: bool = True,
) -> Model:
    """Tell numbers by the cases that are nearest: their mean.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
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
        a value is missing or infinite, or there are no rows.

    Notes
    -----
    Reference: T. Hastie et al., The Elements of Statistical Learning, 2nd ed., 2009, section 13.3.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
    >>> model = learn.neighbours_regressor(points, neighbours=2)
    >>> round(learn.predict_one(model, [4.0]), 3)
    6.0
    """
    from sklearn.neighbors import KNeighborsRegressor

    check_neighbours(neighbours, table)

    return regressor(
        scaled(KNeighborsRegressor(neighbours, weights=weights, algorithm="brute"), scale), table, target, columns
    )


@node(
    title="Support vectors, numbers",
    tags=(
        "svr",
        "svm",
        "regressor",
        "train",
        "kernel",
        "fitrsvm",
        "libsvm",
    ),
    pure=True,
)
def svm_regressor(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    c: Annotated[float, Range(1e-6, 1e9)] = 1.0,
    epsilon: Annotated[float, Range(0)] = 0.1,
    kernel: Literal["rbf", "linear", "poly", "sigmoid"] = "rbf",
    gamma: Annotated[float, Range(1e-12, 1e6)] | None = None,
    scale: bool = True,
) -> Model:
    """Train a support vector machine to tell numbers: a smooth surface that small errors do not bend.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    c : float
        What an error costs (dimensionless): more follows the cases more closely.
    epsilon : float
        Errors up to this cost nothing, in the unit of `target`.
    kernel : str
        Form of the surface: ``"rbf"`` for any, ``"linear"`` for a plane, ``"poly"`` for a cubic one, ``"sigmoid"``.
    gamma : float, optional
        How near cases must be to count as alike, over the square of the unit of the columns (dimensionless when these
        are scaled); None takes 1 over the number of columns times their variance. A linear surface has none.
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
    Reference: A. J. Smola, B. Schölkopf, A tutorial on support vector regression, Stat. Comput. 14 (2004) 199.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
    >>> model = learn.svm_regressor(points, c=100.0, kernel="linear")
    >>> round(learn.predict_one(model, [4.0]), 1)
    8.8
    """
    from sklearn.svm import SVR

    return regressor(
        scaled(SVR(C=c, epsilon=epsilon, kernel=kernel, gamma="scale" if gamma is None else gamma), scale),
        table,
        target,
        columns,
    )


@node(
    title="Gaussian process",
    tags=(
        "regressor",
        "train",
        "kriging",
        "surrogate",
        "uncertainty",
        "fitrgp",
        "bayesian",
    ),
    pure=True,
)
def gaussian_process(
    table: Table,
    target: str = "target",
    columns: list[str] | None = None,
    length: Annotated[float, Range(1e-6, 1e6)] = 1.0,
    smoothness: Literal["smooth", "rough"] = "smooth",
    noise: bool = True,
    scale: bool = True,
    seed: Seed = 0,
) -> Model:
    """Train a Gaussian process: a smooth curve through the cases, with how sure it is at each place.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    length : float
        Where the search begins for the distance over which values are alike, in deviations of the columns when they
        are scaled (then dimensionless), else in the unit of the columns.
    smoothness : str
        ``"smooth"`` for curves without kinks (squared exponential), ``"rough"`` for such with some (Matérn 3/2).
    noise : bool
        The numbers scatter, by how much is found out; without it the curve goes through each of them.
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
        A value is missing or infinite, or there are no rows.

    Notes
    -----
    Reference: C. E. Rasmussen, C. Williams, Gaussian Processes for Machine Learning, 2006, chapters 2 and 5. It takes
    time and memory by the third and second power of the number of cases: up to a few thousand.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0.0, 1.0, 2.0, 3.0], "target": [1.0, 3.0, 5.0, 7.0]})
    >>> model = learn.gaussian_process(points, noise=False)
    >>> round(learn.predict_one(model, [1.5]), 2)
    4.0
    """
    from sklearn.gaussian_process import GaussianProcessRegressor, kernels

    alike: Any = kernels.RBF(length) if smoothness == "smooth" else kernels.Matern(length, nu=1.5)
    kernel = kernels.ConstantKernel(1.0) * alike + (
        kernels.WhiteKernel(0.1) if noise else kernels.WhiteKernel(1e-9, "fixed")
    )
    process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=seed)

    return regressor(scaled(process, scale), table, target, columns)


@node(
    title="Neural network, numbers",
    tags=(
        "mlp",
        "multilayer perceptron",
        "regressor",
        "train",
        "deep learning",
        "fitnet",
        "backpropagation",
    ),
    pure=True,
)
def network_regressor(
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
    """Train a neural network of layers to tell numbers.

    Parameters
    ----------
    table : Table
        A row for each case.
    target : str
        Name of the column with the numbers to tell, in any unit.
    columns : list of str, optional
        Names of the columns to tell it from; all others of numbers if there are none.
    layers : list of int, optional
        Number of neurons in each hidden layer; one of 100 if there are none.
    activation : str
        What a neuron makes of the sum of its inputs: ``"relu"`` cuts off what is below 0, ``"tanh"`` and ``"logistic"``
        bend.
    alpha : float
        How much large weights cost (dimensionless): more gives a smoother surface.
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
        a value is missing or infinite, or there are no rows.

    Notes
    -----
    Reference: C. M. Bishop, Pattern Recognition and Machine Learning, 2006, chapter 5; trained by Adam. What is to be
    told is brought to mean 0 and deviation 1 for it.

    Examples
    --------
    >>> patients = source.dataset("diabetes")
    >>> model = learn.network_regressor(patients, layers=[8])
    >>> learn.score_numbers(learn.predict(model, patients)).r_squared > 0.4
    True
    """
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.neural_network import MLPRegressor
    from sklearn.preprocessing import StandardScaler

    network = MLPRegressor(
        hidden_layer_sizes=sizes(layers), activation=activation, alpha=alpha, max_iter=rounds, random_state=seed
    )

    return regressor(
        TransformedTargetRegressor(scaled(network, scale), transformer=StandardScaler()), table, target, columns
    )
