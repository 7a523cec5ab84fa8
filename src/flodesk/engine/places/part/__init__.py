"""The place `rq`: nodes of a run as jobs on the workers of a Redis queue."""
