"""Environments of users' packages: in which Python the flows of a project run, and what is installed there."""
