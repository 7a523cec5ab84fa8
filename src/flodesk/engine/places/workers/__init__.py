"""The workers of a Redis queue, and the jobs that wait for them."""
