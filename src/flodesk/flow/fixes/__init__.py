"""What can be done about a problem, as data: `fixes_of` makes it, from what the checker says a problem is about.

A fix is made when somebody asks for it, for the flow as it is then: checking itself costs nothing more.
"""

from flodesk.flow.fixes.finding import fixes_of
from flodesk.flow.fixes.fix import Fix, FixKind

__all__ = ["Fix", "FixKind", "fixes_of"]
