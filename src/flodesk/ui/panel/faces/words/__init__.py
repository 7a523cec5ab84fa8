"""Words: formatted text, logs, and what state things were in."""
