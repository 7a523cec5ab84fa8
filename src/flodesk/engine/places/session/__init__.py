"""A whole run on a Redis queue: the session that a worker hosts, and the editors that follow it."""
