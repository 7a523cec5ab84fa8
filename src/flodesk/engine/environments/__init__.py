"""Environments of users' packages: in which Python the flows of a project run, and what is installed there."""

CHOSEN = "environments.json"
"""The file of the data folder with what was chosen for projects (`choices`): where it is not, nothing was."""
