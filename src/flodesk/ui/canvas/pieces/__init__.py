"""Notes and frames on the canvas."""
