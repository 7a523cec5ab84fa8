"""Models of other programs, in the format that they share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flodesk.nodes._reading import reading
from flodesk.public import Quantity, node

_NUMBERS = {
    "tensor(float)": "float32", "tensor(double)": "float64", "tensor(float16)": "float16", "tensor(int64)": "int64",
    "tensor(int32)": "int32", "tensor(uint8)": "uint8", "tensor(int8)": "int8", "tensor(bool)": "bool",
}  # fmt: skip
"""What ONNX calls the numbers that a model takes, and NumPy."""


@node(
    title="ONNX model",
    tags=("onnx", "onnxruntime", "inference", "deep learning", "pytorch", "tensorflow", "keras", "neural network"),
)
class OnnxModel:
    """Ask a model of PyTorch, TensorFlow or any other program that writes ONNX; it is read when the run begins.

    Parameters
    ----------
    path : Path
        The file (``.onnx``); a relative name counts from the folder of the flow.
    output : str
        Name of the output to give; empty takes the first.

    Raises
    ------
    OSError
        The file is missing or may not be read.
    ValueError
        It is no model that can be read, has several inputs, or no such output.

    Examples
    --------
    >>> learn.OnnxModel("missing.onnx")
    Traceback (most recent call last):
    FileNotFoundError: there is no file missing.onnx: check the name, or choose another file
    """

    def __init__(self, path: Path, output: str = "") -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # else its threads never rest
        with reading(path) as place:
            content = place.read_bytes()
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors have no class in common
            raise ValueError(f"{place} is no ONNX model that can be read: {_first_line(error)}") from error
        inputs, outputs = self._session.get_inputs(), [one.name for one in self._session.get_outputs()]
        if len(inputs) != 1:
            names = ", ".join(one.name for one in inputs)
            raise ValueError(f"{place} has {len(inputs)} inputs ({names}): this node takes models of one")
        if output and output not in outputs:
            raise ValueError(f"{place} has no output {output!r}: it has {', '.join(outputs)}")
        self._input, self._output = inputs[0], output or outputs[0]

    def __call__(self, values: Quantity) -> Any:
        """Give what the model says of an array, a picture or a table.

        Parameters
        ----------
        values : Array, Picture or Table
            What it takes, in its units; where the first of its axes is for several cases, one case may come without.

        Returns
        -------
        any
            What it says: an array, mostly, of which a case that came alone has its part.

        Raises
        ------
        TypeError
            No numbers came, or the model takes something else.
        ValueError
            The array has another shape than the model takes.
        """
        import numpy

        kind = _NUMBERS.get(self._input.type)
        if kind is None:
            raise TypeError(f"the model takes {self._input.type}, which no array has: numbers are needed")
        try:
            array = numpy.asarray(values, dtype=kind)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{type(values).__name__} came, and cannot be read as numbers: {error}") from error
        wanted = self._input.shape
        alone = array.ndim == len(wanted) - 1 and (wanted[0] == 1 or not isinstance(wanted[0], int))
        array = array[None] if alone else array
        known = zip(array.shape, wanted, strict=False)
        if array.ndim != len(wanted) or any(isinstance(size, int) and size != came for came, size in known):
            takes = " × ".join(str(size) if isinstance(size, int) else "any" for size in wanted)
            raise ValueError(f"an array of shape {array.shape} came, and the model takes {takes}")
        found = self._session.run([self._output], {self._input.name: numpy.ascontiguousarray(array)})[0]
        return found[0] if alone and hasattr(found, "shape") and found.shape[:1] == (1,) else found

    def close(self) -> None:
        """Let go of the model: it may hold much memory."""
        del self._session


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].removeprefix("[ONNXRuntimeError] : ")
