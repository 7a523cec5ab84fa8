"""Plots of curves, with their axes, legend and reading line."""
