"""Where an instrument is, and through which VISA library it is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Address:
    """A VISA resource name and the library that opens it.

    Attributes
    ----------
    resource : str
        The VISA resource name (``TCPIP0::10.0.0.5::inst0::INSTR``).
    library : str
        As PyVISA takes it: ``@py``, ``@ivi``, ``@sim``, ``file.yaml@sim``; empty for PyVISA's own choice.
    """

    resource: str
    library: str = ""

    @classmethod
    def parse(cls, text: str, path: Callable[[str], Path]) -> Address:
        """Read ``RESOURCE`` or ``RESOURCE LIBRARY``.

        Parameters
        ----------
        text : str
            As it stands under ``[tool.flodesk.connections]``.
        path : callable
            Gives the place of a file that the library names: the description of simulated instruments.

        Raises
        ------
        ValueError
            There is no resource name, or there are more than two words.
        """
        words = text.split()
        if not words or len(words) > 2 or "::" not in words[0]:
            raise ValueError(
                f"{text!r} is no address of an instrument: write a VISA resource name and, if needed, a library, as in"
                " 'TCPIP0::10.0.0.5::inst0::INSTR @py', or the name of a connection of this flow"
            )
        library = words[1] if len(words) == 2 else ""
        file, at, backend = library.partition("@")
        if file and at:
            place = path(file)
            if not place.is_file():
                raise FileNotFoundError(
                    f"there is no file {place}, which the address {text!r} names: correct the address"
                )
            library = f"{place}@{backend}"
        return cls(words[0], library)

    def __str__(self) -> str:
        return f"{self.resource} {self.library}".rstrip()
