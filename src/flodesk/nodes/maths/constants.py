"""Constants of nature."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flodesk.public import node

Name = Literal[
    "speed of light in vacuum",
    "elementary charge",
    "Planck constant",
    "reduced Planck constant",
    "Boltzmann constant",
    "Avogadro constant",
    "molar gas constant",
    "Faraday constant",
    "Newtonian constant of gravitation",
    "standard acceleration of gravity",
    "standard atmosphere",
    "vacuum electric permittivity",
    "vacuum mag. permeability",
    "Stefan-Boltzmann constant",
    "Rydberg constant",
    "fine-structure constant",
    "electron mass",
    "proton mass",
    "neutron mass",
    "atomic mass constant",
    "Bohr radius",
    "Bohr magneton",
    "mag. flux quantum",
    "conductance quantum",
    "Josephson constant",
    "von Klitzing constant",
    "Wien wavelength displacement law constant",
]
"""As CODATA calls them."""


class Constant(NamedTuple):
    """A constant of nature.

    Attributes
    ----------
    value : float
        Its value, in `unit`.
    unit : str
        Its unit, of the SI.
    uncertainty : float
        The standard uncertainty in `unit`; 0 where the value is exact.
    """

    value: float
    unit: str
    uncertainty: float


@node(
    title="Physical constant",
    tags=("constant", "codata", "c", "h", "k", "e", "G", "gravity", "avogadro", "light", "planck", "boltzmann"),
    pure=True,
)
def physical_constant(name: Name = "speed of light in vacuum") -> Constant:
    """Give a constant of nature.

    Parameters
    ----------
    name : str
        Which one, as CODATA calls it.

    Returns
    -------
    value : float
        Its value, in the unit that the second output tells.
    unit : str
        Its unit, of the SI.
    uncertainty : float
        The standard uncertainty in the same unit; 0 where the value is exact.

    Raises
    ------
    ValueError
        There is no constant of this name.

    Notes
    -----
    Source: CODATA recommended values of the fundamental physical constants, as they come with SciPy.

    Examples
    --------
    >>> maths.physical_constant("elementary charge").value
    1.602176634e-19
    """
    import scipy.constants

    if name not in scipy.constants.physical_constants:
        raise ValueError(f"there is no constant {name!r}: choose one of the list")
    value, unit, uncertainty = scipy.constants.physical_constants[name]
    return Constant(float(value), unit, float(uncertainty))
