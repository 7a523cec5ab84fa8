"""Node types of packages that nobody has adapted, read from their files: nothing of them is imported."""
