"""Pictures: changed, cleaned, taken apart into objects, measured and compared; most need the package scikit-image.

A picture is an array of shape (rows, columns), or (rows, columns, 3) in color; its first row is the upper one, x counts
columns to the right and y rows down, both from 0. Points are whole numbers up to 255 (8 bits) or 65535 (16 bits), or
real numbers up to 1; a node gives back the kind that it got, unless it says otherwise. Where one in gray is needed a
picture in color is made gray.
"""

from __future__ import annotations

from flodesk.nodes.image.colors import (
    from_color_space,
    match_histogram,
    merge_channels,
    split_channels,
    to_8_bits,
    to_color,
    to_color_space,
    to_gray,
)
from flodesk.nodes.image.comparing import compare
from flodesk.nodes.image.denoising import denoise_nonlocal, denoise_tv, denoise_wavelet, noise_level
from flodesk.nodes.image.drawing import draw_boxes, draw_points, draw_text, overlay
from flodesk.nodes.image.edges import canny, edges
from flodesk.nodes.image.features import blobs, corners, find_circles, find_lines, match_template
from flodesk.nodes.image.filters import bilateral, convolve, gaussian, median, sharpen, subtract_background
from flodesk.nodes.image.geometry import (
    crop,
    flip,
    pad,
    rescale,
    resize,
    rotate,
)
from flodesk.nodes.image.measuring import contours, histogram, line_profile
from flodesk.nodes.image.morphology import (
    clear_border,
    closing,
    dilate,
    distance_map,
    erode,
    fill_holes,
    opening,
    remove_small,
    skeleton,
)
from flodesk.nodes.image.objects import count_objects, label, regions, select_objects, watershed
from flodesk.nodes.image.registering import RunningAverage, Stack, align, blend, combine, difference, shift_between
from flodesk.nodes.image.thresholds import threshold, threshold_levels, threshold_local
from flodesk.nodes.image.tomography import inverse_radon, radon
from flodesk.nodes.image.tones import apply_mask, brightness_contrast, equalise, gamma, invert, normalise
from flodesk.nodes.image.warping import affine_matrix, matrix_from_points, unwrap_polar, warp

__all__ = [
    "RunningAverage", "Stack", "affine_matrix", "align", "apply_mask", "bilateral", "blend", "blobs",
    "brightness_contrast", "canny", "clear_border", "closing", "combine", "compare", "contours", "convolve",
    "corners", "count_objects", "crop", "denoise_nonlocal", "denoise_tv", "denoise_wavelet", "difference", "dilate",
    "distance_map", "draw_boxes", "draw_points", "draw_text", "edges", "equalise", "erode", "fill_holes",
    "find_circles", "find_lines", "flip", "from_color_space", "gamma", "gaussian", "histogram", "inverse_radon",
    "invert", "label", "line_profile", "match_histogram", "match_template", "matrix_from_points", "median",
    "merge_channels", "noise_level", "normalise", "opening", "overlay", "pad", "radon", "regions", "remove_small",
    "rescale", "resize", "rotate", "select_objects", "sharpen", "shift_between", "skeleton", "split_channels",
    "subtract_background", "threshold", "threshold_levels", "threshold_local", "to_8_bits", "to_color",
    "to_color_space", "to_gray", "unwrap_polar", "warp", "watershed",
]  # fmt: skip

for _name in __all__:  # scripts, saved values and the library know them by this name, wherever they are written
    globals()[_name].__module__ = __name__
