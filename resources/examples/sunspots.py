# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[examples]"]
#
# [tool.flodesk]
# version = 1
#
# [tool.flodesk.canvas.flow]
# spots = [0, 100]
# year = [270, -60]
# number = [270, 160]
# history = [540, -80]
# spectrum = [540, 160]
# strongest = [810, 260]
# lines = [810, 40]
# years = [1080, 260]
# period = [1350, 260]
#
# [tool.flodesk.panel.flow]
# history = [0, 0, 12, 4]
# lines = [0, 4, 8, 4]
# period = [8, 4, 4, 4]
# ///
"""How long is the cycle of the sun? Three centuries of sunspots, measured, and their spectrum."""
import flodesk
from flodesk.nodes import dsp, maths, show, source, table


def flow():
    spots = source.sunspots()
    year = table.column(spots, "year")
    number = table.column(spots, "sunspots")
    history = show.xy(year, number, title="Sunspots", x_label="Year", y_label="Mean number of sunspots")
    spectrum = dsp.spectrum(number, window="boxcar")
    lines = show.xy(spectrum.frequency, spectrum.amplitude, title="Spectrum", x_label="Frequency", x_unit="1/year")
    strongest = dsp.peak(spectrum.frequency, spectrum.amplitude)
    years = maths.divide(1.0, strongest.x)
    period = show.number(years, title="Length of a cycle", unit="years", digits=3)


if __name__ == "__main__":
    flodesk.main(flow)
