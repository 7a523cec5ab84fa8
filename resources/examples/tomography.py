# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[images]"]
#
# [tool.flodesk]
# version = 1
# title = "CT scanner"
# tags = ["images", "simulation"]
#
# [tool.flodesk.canvas.flow]
# angles = [0, 200]
# hiss = [560, 260]
# window = [840, 300]
# phantom = [0, -40]
# body = [280, -40]
# number = [280, 200]
# shadows = [560, 60]
# measured = [840, 60]
# sinogram = [1120, 60]
# back = [1120, 260]
# result = [1400, 200]
# alike = [1400, -40]
# error = [1680, -40]
# rms = [1960, -40]
#
# [tool.flodesk.panel.flow]
# angles = [0, 5, 3, 3]
# hiss = [3, 5, 3, 3]
# window = [6, 5, 3, 3]
# sinogram = [0, 0, 6, 5]
# result = [6, 0, 6, 5]
# rms = [9, 5, 3, 3]
# ///
"""A CT scanner: a slice is looked through from many sides, and reconstructed from nothing but these shadows."""
import numpy as np

import flodesk
from flodesk import Picture
from flodesk.nodes import control, image, maths, show, source


def noisy(sinogram: Picture, percent: float) -> Picture:
    """Add the noise of a detector, in % of its highest value."""
    level = percent / 100.0 * np.max(sinogram)
    return sinogram + level * np.random.default_rng(5).standard_normal(np.shape(sinogram))


def flow():
    angles = control.slider(160.0, minimum=4.0, maximum=360.0, step=1.0, label="Angles")
    hiss = control.slider(0.0, minimum=0.0, maximum=10.0, label="Noise", unit="%")
    window = control.choice("ramp", entries=["ramp", "Shepp-Logan", "Hamming", "Hann", "none"], label="Filter")
    phantom = source.picture("phantom")
    body = image.rescale(phantom, factor=0.4)
    number = maths.whole(angles)
    shadows = image.radon(body, angles=number)
    measured = noisy(shadows, hiss)
    sinogram = show.image(measured, title="What the detector sees, angle by angle")
    back = image.inverse_radon(measured, window=window)
    result = show.image(back, title="Reconstructed", minimum=0.0, maximum=1.0)
    alike = image.compare(back, body)
    error = maths.square_root(alike.mse)
    rms = show.number(error, title="Error (RMS)", digits=4)


if __name__ == "__main__":
    flodesk.main(flow)
