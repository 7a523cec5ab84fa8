# /// script
# requires-python = ">=3.11"
# dependencies = ["flodesk[examples]"]
#
# [tool.flodesk]
# version = 1
# tags = ["statistics", "signals"]
#
# [tool.flodesk.canvas.flow]
# spots = [0, 80]
# year = [280, -40]
# number = [280, 160]
# history = [560, -160]
# spectrum = [560, 120]
# lines = [840, -60]
# strongest = [840, 200]
# years = [1120, 200]
# period = [1400, 200]
#
# [tool.flodesk.panel.flow]
# history = [0, 0, 12, 5]
# lines = [0, 5, 8, 6]
# period = [8, 5, 4, 6]
# ///
"""How long is the cycle of the sun? Three centuries of sunspots, measured, and their spectrum."""
import flodesk
from flodesk.nodes import dsp, maths, show, source, table


def flow():
    spots = source.sunspots()
    year = table.column(spots, "year")
    number = table.column(spots, "sunspots")
    history = show.xy(year, number, title="Sunspots on an average day of each year", x_label="Year", y_label="Sunspots")
    spectrum = dsp.spectrum(number, window="boxcar")
    lines = show.xy(spectrum.frequency, spectrum.amplitude, title="Spectrum", x_label="Frequency", x_unit="1/year")
    strongest = dsp.peak(spectrum.frequency, spectrum.amplitude)
    years = maths.divide(1.0, strongest.x)
    period = show.number(years, title="Length of a cycle", unit="years", digits=3)


if __name__ == "__main__":
    flodesk.main(flow)
