"""The edit of the module's imports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flodesk.flow.edit.base import Edit, EditError
from flodesk.flow.model import Flow, Import, Statement


@dataclass(frozen=True, slots=True)
class SetImports:
    """Write all imports of the module, each with its place among the module's statements."""

    imports: tuple[tuple[int, Import], ...]
    title: str = "Change the imports"

    def apply(self, flow: Flow) -> tuple[Flow, Edit]:
        """Put them in the place of the old ones; the other statements keep their order.

        Raises
        ------
        EditError
            A place is beyond the end.
        """
        statements: list[Statement] = [s for s in flow.module.statements if not isinstance(s, Import)]
        for index, statement in sorted(self.imports, key=lambda pair: pair[0]):
            if not 0 <= index <= len(statements):
                raise EditError(f"The module has no place {index} for an import.")
            statements.insert(index, statement)
        new = replace(flow, module=replace(flow.module, statements=tuple(statements)))
        return new, SetImports(imports_of(flow), self.title)


def imports_of(flow: Flow) -> tuple[tuple[int, Import], ...]:
    """Return the module's imports with their places."""
    return tuple((n, s) for n, s in enumerate(flow.module.statements) if isinstance(s, Import))


def plain(statement: Import) -> bool:
    """Say whether an import may be written afresh: it stands on one line and has no comment."""
    return statement.raw is None or ("\n" not in statement.raw and "#" not in statement.raw)


def renumbered(imports: Iterable[tuple[int, Import]]) -> tuple[tuple[int, Import], ...]:
    """Give imports the ids that a reader would give them, so that the file need not keep a list of ids."""
    return tuple(
        (index, statement if statement.id == f"import_{number}" else replace(statement, id=f"import_{number}"))
        for number, (index, statement) in enumerate(imports, 1)
    )
