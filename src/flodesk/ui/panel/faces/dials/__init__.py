"""Numbers on scales: dials, bars, tanks, thermometers, digits of segments, a compass."""
