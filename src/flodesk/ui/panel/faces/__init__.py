"""The indicators of the panel: widgets that show the newest value."""
