"""What a hand does on the canvas, as edits: the place where gestures get their meaning.

Each function looks at the flow and its picture, changes nothing, and returns an `Edit`, or raises `Refused` with the
reason in words.
"""

from flodesk.flow.wiring.acting import order_words
from flodesk.flow.wiring.add import add_function, output_for
from flodesk.flow.wiring.asynchronous import async_words
from flodesk.flow.wiring.clipboard import bare_merges, bare_switches, copy, left_out, with_arms
from flodesk.flow.wiring.connect import connect, disconnect
from flodesk.flow.wiring.copied import copy_in
from flodesk.flow.wiring.detached import run_beside, runs_beside
from flodesk.flow.wiring.enclose import add_arm, begin_if, put_into_if, put_into_loop
from flodesk.flow.wiring.feeding import feed_added
from flodesk.flow.wiring.fields import (
    add_view,
    move,
    move_view,
    remove_view,
    rename,
    rename_everywhere,
    set_code,
    set_field,
)
from flodesk.flow.wiring.inline import inline_subflow
from flodesk.flow.wiring.inserting import insert_between, insert_chain
from flodesk.flow.wiring.left_standing import bare_loops, some, words_of_unjoined, words_of_what_stays
from flodesk.flow.wiring.mapping import connect_each, map_over, map_whole, may_map, set_on_item_error
from flodesk.flow.wiring.new_node import add_new_node as add_node
from flodesk.flow.wiring.outputs import move_output, output_names, rename_output
from flodesk.flow.wiring.own_if import IF, if_spec, is_own_if
from flodesk.flow.wiring.own_python import (
    NEW_FUNCTION,
    OWN_PYTHON,
    expression_spec,
    is_own_python,
    set_source,
    source_of,
    values_of,
)
from flodesk.flow.wiring.pasting import Lay, paste
from flodesk.flow.wiring.pieces import new_piece, put_pieces, remove_pieces, set_piece
from flodesk.flow.wiring.pins import set_pin
from flodesk.flow.wiring.places import set_place
from flodesk.flow.wiring.ports import add_input, add_output, move_input, remove_input, remove_output, rename_input
from flodesk.flow.wiring.refused import Refused
from flodesk.flow.wiring.remove import remove
from flodesk.flow.wiring.replacing import Replacement, kept_wires, replace_node, replaceable, why_not_replaced
from flodesk.flow.wiring.routes import lost_routes, put_routes, without_lost_routes
from flodesk.flow.wiring.subflow import make_subflow
from flodesk.flow.wiring.switching import Switched, can_be_switched, switch

__all__ = [
    "bare_loops", "bare_merges", "bare_switches", "order_words", "some", "with_arms", "words_of_what_stays",
    "words_of_unjoined",
    "Lay", "Refused", "Replacement", "Switched", "can_be_switched", "kept_wires", "left_out", "output_for",
    "replace_node", "replaceable", "switch", "why_not_replaced",
    "NEW_FUNCTION", "OWN_PYTHON", "expression_spec", "is_own_python", "set_source", "source_of",
    "IF", "if_spec", "is_own_if", "async_words", "values_of",
    "add_function", "add_node", "connect", "disconnect", "remove", "rename", "rename_everywhere",
    "set_field", "set_code", "copy", "copy_in", "paste",
    "move", "add_view", "move_view", "remove_view", "make_subflow", "inline_subflow",
    "put_into_if", "put_into_loop", "begin_if", "add_arm",
    "add_input", "remove_input", "move_input", "rename_input", "add_output", "remove_output",
    "rename_output", "move_output", "output_names",
    "feed_added", "insert_between", "insert_chain", "run_beside", "runs_beside",
    "connect_each", "map_over", "map_whole", "may_map", "set_on_item_error",
    "set_place", "set_pin",
    "put_routes", "lost_routes", "without_lost_routes", "new_piece", "set_piece", "put_pieces", "remove_pieces",
]  # fmt: skip
